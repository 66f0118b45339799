"""One report on one algorithm: condition numbers, bound, prediction, measurement, each in its own field."""

from __future__ import annotations

from dataclasses import dataclass

from wincook.analysis.bound import error_bound, rounded_up
from wincook.analysis.condition import Conditions, conditions
from wincook.analysis.laws import Law
from wincook.analysis.measure import Measurement, measure
from wincook.analysis.predict import Prediction, predict
from wincook.bilinear import BilinearAlgorithm
from wincook.errors import AlgorithmError
from wincook.formats import Format
from wincook.precision import Precision


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """What theory says and what a sample showed, never in one column.

    Absolute errors are in the units of y. `bound` holds for every |d|, |g| ≤ 1; `predicted` and `measured` are for
    the data law named, the measurement with so many samples from that seed.
    """

    algorithm: BilinearAlgorithm
    precision: Precision
    channels: int
    law: Law
    samples: int
    seed: int
    condition: Conditions
    bound: float
    predicted: Prediction
    measured: Measurement

    def __str__(self) -> str:
        return (
            f"{self.algorithm.name} in {self.precision}, C = {self.channels}, {self.law.name} data: "
            f"RMS error {self.predicted.rms:.2g} predicted, {self.measured.rms:.2g} measured "
            f"({self.samples} tiles, seed {self.seed}), bound {rounded_up(self.bound)}"
        )


def analyse(
    algorithm: BilinearAlgorithm,
    format: Precision | Format | str = "float32",  # noqa: A002 (the word that users type)
    channels: int = 1,
    law: Law | str = "uniform",
    samples: int = 1000,
    seed: int = 0,
) -> ErrorReport:
    """How wrong an algorithm is.

    Args:
        algorithm: any proven algorithm.
        format: of all stages, such as float16; or a policy with one for each, such as `float16-accumulate-float32` or
            `float32, U=float16, V=float16` (see `Precision`).
        channels: C, over which products are summed in order.
        law: uniform, normal or relu; how data are drawn.
        samples: tiles to measure.
        seed: of the random numbers; the same seed gives the same report.

    Raises:
        FormatError: unknown format, or one that cannot hold a constant.
        NotationError: unknown law.
        ShapeError: no samples or no channels.
        AlgorithmError: the algorithm is no correlation of real numbers, or has symbols without values.

    >>> from wincook.construct import algorithm
    >>> report = analyse(algorithm("F(2x2,3x3)"), format="float32", channels=16, seed=1)
    >>> 0.9 < report.predicted.rms / report.measured.rms < 1.1
    True
    >>> report.measured.max < report.bound
    True
    """
    if algorithm.kind != "correlation" or algorithm.modulus:
        raise AlgorithmError(f"only correlations of real numbers have rounding errors to analyse, not {algorithm.name}")
    precision, chosen = Precision.of(format), Law.of(law)
    return ErrorReport(
        algorithm=algorithm,
        precision=precision,
        channels=channels,
        law=chosen,
        samples=samples,
        seed=seed,
        measured=measure(algorithm, precision, channels, chosen, samples, seed),
        condition=conditions(algorithm),
        bound=error_bound(algorithm, precision, channels),
        predicted=predict(algorithm, precision, channels, chosen),
    )
