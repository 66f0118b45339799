"""What direct convolution errs in the same formats, for the same data: what an algorithm is held against."""

from __future__ import annotations

from dataclasses import dataclass

from wincook.analysis.bounds.worst_case import bound_by_stage
from wincook.analysis.prediction.predict import Prediction, prediction_of
from wincook.analysis.problem import Problem


@dataclass(frozen=True, slots=True)
class Direct:
    """The errors of direct convolution in the units of y: predicted for the law, and bounded for a reach."""

    predicted: Prediction
    bound: float

    @classmethod
    def of(cls, problem: Problem, d_max: float, g_max: float) -> Direct:
        """Those in the formats, and for the data, of a problem."""
        return cls(prediction_of(problem.direct), bound_by_stage(problem.direct, d_max, g_max).largest)
