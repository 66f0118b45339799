"""The signal-to-noise ratio of products in a format, for data of a law: what a plan can know before there are weights.

Products of floats are predicted as such. Those of integers need scales, which a calibration finds on images that are
drawn: few, and always the same ones. The number of channels hardly matters: signal and noise grow together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import log10

from wincook.analysis.data.distributions import Law
from wincook.analysis.prediction.predict import predict
from wincook.analysis.quantisation.calibrated import CalibrationReport, analyse_calibration
from wincook.analysis.quantisation.drawn import DrawnLayer
from wincook.analysis.quantisation.predict_snr import predict_snr
from wincook.arguments import choice, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject
from wincook.errors import FormatError
from wincook.quantisation.calibrate import calibrate
from wincook.quantisation.integers import INTEGERS
from wincook.quantisation.subject import subject_of
from wincook.shown import Shown, brief

FLOATS = {"float32": "float32", "bfloat16": "bfloat16-dot"}
"""Formats of products that need no scales, and the policies that they are."""

_MOST_CHANNELS = 32  # that are drawn where nothing is measured
_SEED = 0


def snr_of_law(algorithm: Subject, format: str = "float32", channels: int = 1, law: Law | str = "uniform") -> float:
    """The decibels that products in a format leave, predicted.

    Args:
        algorithm: as for `wincook.quantisation.calibrate`.
        format: of products: float32, bfloat16, int8 or int16.
        channels: C, over which products are summed.
        law: of the data; relu has normal inputs after a ReLU, and He weights.

    Raises:
        FormatError: an unknown format.
        NotationError: an unknown law.
        ShapeError: no channels.
        AlgorithmError: the algorithm is no correlation of real numbers.

    >>> [round(snr_of_law("F(2x2,3x3)", name, 64, "relu")) for name in ("bfloat16", "int8", "int16")]
    [49, 36, 61]
    """
    choice("format of products", format, (*FLOATS, *INTEGERS), FormatError)
    return _snr_of_law(subject_of(algorithm), format, whole_number("channels", channels), Law.of(law))


@lru_cache(maxsize=1024)
def _snr_of_law(algorithm: BilinearAlgorithm, format: str, channels: int, law: Law) -> float:
    if format in FLOATS:
        return -20 * log10(predict(algorithm, FLOATS[format], channels, law).relative_rms)
    return _of_integers(algorithm, format, min(channels, _MOST_CHANNELS), law)


@lru_cache(maxsize=256)
def _of_integers(algorithm: BilinearAlgorithm, format: str, channels: int, law: Law) -> float:
    """By a calibration on images that are drawn."""
    drawn = DrawnLayer.of(algorithm, channels, law, _SEED)
    return predict_snr(calibrate(drawn.layer, algorithm, drawn.images, format=format), algorithm, drawn.weights)


def analyse_law(
    algorithm: BilinearAlgorithm, format: str, channels: int, law: Law, *, seed: int = 0
) -> CalibrationReport:
    """A layer of integers that is drawn, calibrated on some images and measured on one more."""
    drawn = DrawnLayer.of(algorithm, channels, law, seed)
    calibration = calibrate(drawn.layer, algorithm, drawn.images, format=format)
    return analyse_calibration(calibration, algorithm, layer=drawn.layer, images=drawn.held_out, weights=drawn.weights)


@dataclass(frozen=True, slots=True)
class ScalesReport(Shown):
    """A layer of a law that is drawn: what it loses by the scales that kernels have, and by simpler ones.

    `by_tap` is predicted with one scale for each product of V and no zero points, `powers_of_two` with scales that are
    shifts; decibels.
    """

    calibrated: CalibrationReport
    law: Law
    seed: int
    by_tap: float
    powers_of_two: float

    __repr__ = brief


def compare_scales(
    algorithm: BilinearAlgorithm, format: str, channels: int, law: Law, *, seed: int = 0
) -> ScalesReport:
    """The scales of a format of integers beside simpler ones, on the same layer that is drawn."""
    drawn = DrawnLayer.of(algorithm, channels, law, seed)
    simpler = [
        calibrate(drawn.layer, algorithm, drawn.images, format=format, input_scales="tap"),
        calibrate(drawn.layer, algorithm, drawn.images, format=format, powers_of_two=True),
    ]
    return ScalesReport(
        analyse_law(algorithm, format, channels, law, seed=seed),
        law,
        seed,
        *(predict_snr(calibration, algorithm, drawn.weights) for calibration in simpler),
    )
