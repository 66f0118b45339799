"""One report on one algorithm: condition numbers, bound, prediction, measurement, each in its own field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from wincook.analysis.bounds.worst_case import bound_by_stage
from wincook.analysis.conditioning.condition import Conditions, conditions
from wincook.analysis.data.distributions import Law
from wincook.analysis.data.reach import Reach
from wincook.analysis.direct import Direct
from wincook.analysis.dynamic_range.ranges import Ranges, ranges_of
from wincook.analysis.dynamic_range.remedies import remedies
from wincook.analysis.dynamic_range.unscaled import check_scaled
from wincook.analysis.measurement.measure import Engine, Measurement, Progress, measurement_of
from wincook.analysis.prediction.predict import Prediction, prediction_of
from wincook.analysis.problem import OfProblem, Problem
from wincook.arguments import whole_number
from wincook.construct.subject import Subject
from wincook.exact.rounded_up import rounded_up
from wincook.formats import Format
from wincook.precision import Precision
from wincook.shown import Drawn, brief
from wincook.stages import PerStage


@dataclass(frozen=True, slots=True)
class ErrorReport(OfProblem, Drawn):
    """What theory says and what a sample showed, never in one column.

    Absolute errors are in the units of y. `bound` holds for all data within the `reach`, wherever nothing overflows,
    and so do `ranges`; `predicted` and `measured` are for the data law named, the measurement with tiles drawn from
    that seed. `direct` is what direct convolution errs in the same formats, for the same data. `samples` is how many
    were asked for; if the measurement was stopped, `measured.samples` is less.
    """

    problem: Problem
    samples: int
    seed: int
    condition: Conditions
    ranges: Ranges
    reach: Reach
    bound: float
    predicted: Prediction
    measured: Measurement
    direct: Direct

    __repr__ = brief

    @property
    def error_ratio(self) -> float:
        """The predicted RMS error over that of direct convolution; infinite where direct convolution is exact."""
        direct = self.direct.predicted.rms
        return self.predicted.rms / direct if direct else float("inf") if self.predicted.rms else 1.0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the numbers should know, in one sentence each."""
        return (*self.precision.warnings, *self.predicted.caveats, *self._about_the_stages(), *self._about_the_sample())

    def _about_the_stages(self) -> Iterator[str]:
        """For data within the reach; and how likely a tile of the law overflows, by the ranges' bound on it."""
        found = remedies(self.ranges)
        for fault, stage in zip(found.faults, self.ranges.faults, strict=True):
            chance = f", in a tile of {self.law.name} data with probability {stage.overflow:.1g} at most"
            yield f"{fault}, for {self.reach}{chance if stage.overflows else ''}."
        yield from (f"Remedy: {remedy}." for remedy in found.remedies)

    def _about_the_sample(self) -> Iterator[str]:
        measured = self.measured
        if measured.samples < self.samples:
            yield f"Stopped after {measured.samples} of {self.samples} tiles."
        if measured.overflows == measured.outputs:
            yield (
                f"All {measured.outputs} outputs overflowed, so that there is nothing to hold the prediction against; "
                f"by the stage where it began: {_counted(measured.overflowed)}."
            )
        elif measured.overflows:
            share = measured.overflows / measured.outputs
            yield (
                f"{measured.overflows} of {measured.outputs} outputs ({share:.2g}) overflowed, and are in no other "
                f"figure; by the stage where it began: {_counted(measured.overflowed)}."
            )
        if any(measured.saturated.values()):
            saturated = _counted(measured.saturated)
            yield f"Tiles of {measured.samples} that reached the end of a format's range: {saturated}."

    def __str__(self) -> str:
        return (
            f"{self.problem}: RMS error {self.predicted.rms:.2g} predicted, {self.measured.rms:.2g} measured "
            f"({self.measured.samples} tiles, seed {self.seed}), bound {rounded_up(self.bound)} for {self.reach}"
        )


def _counted(counts: PerStage[int]) -> str:
    """The stages that counted something."""
    return ", ".join(f"{stage} {count}" for stage, count in counts.items() if count)


def analyse(
    algorithm: Subject,
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    samples: int = 1000,
    seed: int = 0,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> ErrorReport:
    """How wrong an algorithm is.

    Args:
        algorithm: any proven algorithm, or its tile, or both tile and points.
        format: of all stages, such as float16; or a policy with one for each, such as `float16-accumulate-float32` or
            `float32, U=float16, V=float16` (see `Precision`).
        channels: C, over which products are summed in order.
        law: uniform, normal or relu; how data are drawn. `wincook.analysis.data.arrays.law_of` makes one of own arrays.
        samples: tiles to measure.
        seed: of the random numbers; the same seed gives the same report.
        engine: what computes the tiles, operation for operation as the interpreter does; the interpreter if left out.
        progress: called now and then with the number of tiles done; if it says no, they are the sample.

    Raises:
        FormatError: unknown format, or one that cannot hold a constant; integers for data or matrices that are none
            (quantised with scales: `analyse_quantisation`).
        NotationError: unknown law.
        ShapeError: no samples, no channels, or too many; a seed below 0; arrays that do not fit the tile.
        DataError: data that a format cannot hold.
        AlgorithmError: the algorithm is no correlation of real numbers, or has symbols without values.

    >>> report = analyse("F(2x2,3x3)", format="float32", channels=16, seed=1)
    >>> 0.9 < report.predicted.rms / report.measured.rms < 1.1
    True
    >>> report.measured.max < report.bound
    True
    >>> print(f"{report.error_ratio:.2f}")
    0.74
    """
    problem = Problem.of(algorithm, format, channels, law, purpose="have rounding errors to analyse")
    samples, seed = whole_number("samples", samples), whole_number("seed", seed, 0, None)
    check_scaled(problem)
    measured = measurement_of(problem, samples, seed, engine=engine, progress=progress)
    reach = Reach.of(problem, samples, (measured.largest_input, measured.largest_filter))
    return ErrorReport(
        problem=problem,
        samples=samples,
        seed=seed,
        condition=conditions(problem.algorithm),
        ranges=ranges_of(problem, Fraction(reach.d_max), Fraction(reach.g_max)),
        reach=reach,
        bound=bound_by_stage(problem, reach.d_max, reach.g_max).largest,
        predicted=prediction_of(problem),
        measured=measured,
        direct=Direct.of(problem, reach.d_max, reach.g_max),
    )
