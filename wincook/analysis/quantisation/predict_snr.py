"""The signal-to-noise ratio of a calibrated layer in closed form, from its weights and what its calibration knows.

    SNR = 10 log₁₀ (Σ y² / Σ (y_q - y)²)

over all outputs; y is the exact convolution. Rounding V to integers errs by 1/12 of a squared step where V is not zero,
independently from value to value (see `of_scheme`), but for channels of integers that are kept as they are. What is
clipped is told by the calibration. Both reach y through AT²:

    Σ_p AT² Σ_c q_U² s_U² ((1 - zeros) / 12 + m² clipped)

with m and s_U as in `wincook.quantisation.quantise`. The errors dU of U are known. Of V they meet what varies, as the
mean is corrected, and those of several products meet in y: dU' H dU, with H of `wincook.quantisation.noise.feedback`.

The signal E[y²] takes the means of the channels, and how x at two taps varies together; channels vary independently of
one another. Errors of the weights of direct convolution make what varies of such a signal, too.
"""

from __future__ import annotations

from math import prod

import numpy as np

from wincook.analysis.quantisation.snr import decibels, gains_of
from wincook.arguments import choice, instance, real_number
from wincook.arrays import Array, real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject
from wincook.errors import DataError, ShapeError
from wincook.program.programs import Programs, programs_of
from wincook.quantisation.affine import KINDS
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.factors import Factors, without_rounding
from wincook.quantisation.noise.feedback import crossed_gains
from wincook.quantisation.quantise import Filters, per_term, quantised_filters
from wincook.quantisation.statistics import lags
from wincook.quantisation.subject import ALONE, is_direct, subject_of
from wincook.quantisation.transform import transformed

INPUT_FORMATS = ("float32", *KINDS)
"""What x may be: numbers, or integers by the calibration's scale of x."""

_OF_ROUNDING = 1 / 12  # the variance, in steps


def predict_snr(
    calibration: Calibration,
    algorithm: Subject,
    weights: Array,
    *,
    input_format: str = "float32",
    signal: float | None = None,
) -> float:
    """The decibels of a layer, over images like those of the calibration.

    Args:
        calibration: of the algorithm.
        algorithm: as for `wincook.quantisation.calibrate`.
        weights: (K, C/groups, *kernel).
        input_format: of x: float32, or uint8 or int8 by the calibration's scale.
        signal: the mean of y², where it is known; left out, what the calibration says of it.

    Raises:
        DataError: a calibration of another algorithm, or weights that are zero, not finite or too large for float32.
        ShapeError: weights for other channels, or another kernel.
        NotationError: no calibration, an unknown format of x, or a signal that is not above 0.
    """
    calibration = instance("calibration", calibration, Calibration, "wincook.quantisation.calibrate makes one")
    kind = choice("format of x", input_format, INPUT_FORMATS)
    exact = subject_of(algorithm)
    calibration.check_transform(exact)
    given = checked_weights(weights, calibration)
    channels = given.shape[1]
    groups = [range(first, first + channels) for first in range(0, calibration.channels, channels)]
    filters = list(zip((calibration.of_channels(each) for each in groups), np.split(given, len(groups)), strict=True))
    noise = np.concatenate([_noise(of_group, exact, of_filters, kind) for of_group, of_filters in filters])
    if signal is None:
        signal = float(np.concatenate([_signal(*of_group) for of_group in filters]).mean())
    return decibels(real_number("signal", signal, above=0), float(noise.mean()))


def _noise(calibration: Calibration, algorithm: BilinearAlgorithm, weights: Array, kind: str) -> Array:
    """The mean of (y_q - y)² over the outputs of each filter (K,) of a group, for x of a format."""
    is_of_integers = kind != INPUT_FORMATS[0]
    if is_of_integers and is_direct(algorithm):
        noise = _noise_of_weights(calibration, weights)
    else:
        noise = _noise_of_products(programs_of(algorithm), calibration, weights, kind)
    if is_of_integers:
        of_x = _OF_ROUNDING * calibration.x.scale**2 * (1 - calibration.statistics.zeros_of_x)
        noise += of_x * np.square(weights, dtype=float).sum(axis=(1, 2))
    return noise


def checked_weights(weights: Array, calibration: Calibration) -> Array:
    """Weights in float32, their taps on one axis: (K, C/groups, taps).

    Raises:
        DataError: weights that are zero or not finite.
        ShapeError: weights for other channels, or another kernel.
    """
    given = real_array("weights", weights)
    are_parts = given.ndim > 1 and 0 not in given.shape and calibration.channels % given.shape[1] == 0
    if not are_parts or given.shape[2:] != calibration.kernel or len(given) % (calibration.channels // given.shape[1]):
        raise ShapeError(
            f"weights of shape {given.shape} do not fit a calibration of {calibration.channels} channels and kernel "
            f"{calibration.kernel}"
        )
    with np.errstate(over="ignore"):  # what overflows is told below
        given = given.astype(np.float32).reshape(*given.shape[:2], prod(calibration.kernel))
    if not np.isfinite(given).all() or not given.any():
        raise DataError("weights must be finite, and not all zero")
    return given


def _noise_of_products(programs: Programs, calibration: Calibration, weights: Array, kind: str) -> Array:
    """The mean of (y_q - y)² over the outputs of each filter (K,), but for that of x."""
    statistics, is_alone = calibration.statistics, calibration.products == 1  # of direct convolution
    U = transformed(programs.filter, weights.reshape(len(weights), -1, 1) if is_alone else weights)
    quantised = _checked(quantised_filters(U, calibration, programs.output))
    zeros = statistics.zeros_of_x if is_alone else statistics.zeros
    clipped = per_term(np.square(calibration.multiplier, dtype=float) * calibration.clipped, U)
    rounded = per_term(~without_rounding(Factors.of(calibration, programs.input, np.dtype(kind))), U)
    of_V = np.square(quantised.integers, dtype=float) * (_OF_ROUNDING * (1 - zeros) * rounded + clipped)
    of_V = of_V.sum(axis=1) * np.square(quantised.scales, dtype=float)
    if is_alone:
        return np.asarray(of_V[:, 0] + _varying(calibration, quantised.errors.reshape(weights.shape)))
    errors = quantised.errors * np.sqrt(np.maximum(statistics.variances, 0)).T
    of_U = ((errors @ (crossed_gains(programs.output) * statistics.correlations)) * errors).sum(axis=(1, 2))
    return np.asarray(of_V @ gains_of(programs.output) + np.maximum(of_U, 0))


def _noise_of_weights(calibration: Calibration, weights: Array) -> Array:
    """The mean of (y_q - y)² of direct convolution for each filter (K,), of integers x, which it takes as they are."""
    plain = np.ones((1, calibration.channels), np.float32)
    outputs = programs_of(ALONE).output
    U = weights.reshape(len(weights), -1, 1)
    quantised = _checked(quantised_filters(U, calibration, outputs, plain, takes_x=True))
    return _varying(calibration, quantised.errors.reshape(weights.shape))


def _checked(quantised: Filters) -> Filters:
    """Filters whose scales are numbers.

    Raises:
        DataError: they are not.
    """
    if not np.isfinite(quantised.scales).all():
        raise DataError("weights are so large that float32 does not hold U or its scales; scale them")
    return quantised


def _signal(calibration: Calibration, weights: Array) -> Array:
    """E[y²] of each filter (K,)."""
    means = weights.sum(axis=2, dtype=float) @ calibration.statistics.means
    return np.asarray(_varying(calibration, weights) + np.square(means))


def _varying(calibration: Calibration, weights: Array) -> Array:
    """The variance of y of each filter (K,), or of what is lacking in it."""
    statistics = calibration.statistics
    together = statistics.products - np.square(statistics.means)[:, None]
    covariances = together[:, lags(calibration.kernel)]  # (C, taps, taps)
    varying = np.einsum("kci,cij,kcj->k", weights, covariances, weights, optimize=True)
    return np.asarray(np.maximum(varying, 0))
