"""What a search minimises: objectives by name, each for many sets at once, and for one algorithm by the full model.

A search screens batches of sets in float64; the best are then made exactly and judged by the full model, and only that
figure is told of a winner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wincook.analysis.prediction.batch.batch import predict_batch
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.analysis.prediction.predict import prediction_of
from wincook.analysis.problem import Problem
from wincook.arrays import Array

if TYPE_CHECKING:
    from wincook.search.search import Search

Batch = tuple[PointSets, ...]
"""Many sets of points for each axis of `Search.axes`, as many for one axis as for another."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A figure of which less is better.

    `says` tells what it is, in a line. `screen` gives it for each set of a batch, float64 of shape (sets,), infinite
    where two points coincide; `judge` for one algorithm, exactly or by the full model. `unit` is dB where the figure
    is a ratio of noise to signal in decibels, negative.
    """

    says: str
    screen: Callable[[Search, Batch], Array]
    judge: Callable[[Problem], float]
    unit: str = ""


def _rms(search: Search, batch: Batch) -> Array:
    return predict_batch(search.tile, batch, search.precision, search.channels, search.law)


OBJECTIVES: dict[str, Objective] = {
    "rms": Objective("predicted RMS error, relative to y", _rms, lambda problem: prediction_of(problem).relative_rms),
}
