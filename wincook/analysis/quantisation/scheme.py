"""Quantisation in the Winograd domain: U and V become small integers, times scales.

    q = clip(round(v / s), ±(2^(b-1) - 1)),    M_k = s_U s_V Σ_c q_U q_V, summed exactly in int32

U is (K, C, R per axis) and V is (tiles, C, R per axis). Scales may differ by tap, which is the place in the transformed
tile, and those of U by filter too. They cannot differ by input channel: no common factor could be taken out of the sum
over c. One scale for each tap makes up for the unequal sizes of the rows of G and BT (Andri, Bussolino, Cipolletta,
Cavigelli and Wang, *Going Further With Winograd Convolutions: Tap-Wise Quantization for Efficient Inference on 4x4
Tile*, arXiv 2209.12982); Chikin and Kryzhanovskiy, *Channel Balancing for Accurate Quantization of Winograd
Convolutions*, CVPR 2022, instead rescale channels of d and g before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from wincook.arguments import choice, flag, real_number, whole_number
from wincook.arrays import Array
from wincook.errors import DataError, FormatError
from wincook.quantisation.noise.steps import power_of_two_above

Clipping = Literal["max", "percentile", "mse"]

_BITS = range(2, 9)
_STEPS = 40  # clipping points that are tried for the least mean squared error

# Which of the axes (filter or tile, channel, tap) of U and V share a scale.
FILTER_SCALES = {"tensor": (0, 1, 2), "tap": (0, 1), "filter": (1, 2), "filter and tap": (1,)}
INPUT_SCALES = {"tensor": (0, 1, 2), "tap": (0, 1)}


@dataclass(frozen=True, slots=True, eq=False)
class Scales:
    """Steps of quantisation, and the largest magnitudes met in their calibration; both broadcast against the values."""

    steps: Array
    largest: Array


@dataclass(frozen=True, slots=True)
class Scheme:
    """How U and V are quantised: what a study of schemes varies. The default is close to that of kernels.

    Scales reach from zero to the largest magnitude of what they serve (`max`), to the percentile below which so many
    per cent of the magnitudes are (`percentile`), or to where the mean squared error is least (`mse`). If powers of two
    are asked for, the others are rounded up, so that no more is clipped.

    >>> print(Scheme(), "-", Scheme(bits=6, filter_scales="tap", clipping="mse", powers_of_two=True))
    int8, U by filter and tap, V by tap, max - int6, U by tap, V by tap, mse, powers of two

    Raises:
        FormatError: bits beyond 2 to 8, a percentile outside of (0, 100], or scales by channel.
        NotationError: an unknown kind of scales or clipping, or a `powers_of_two` that is neither true nor false.
    """

    bits: int = 8
    filter_scales: str = "filter and tap"
    input_scales: str = "tap"
    clipping: Clipping = "max"
    percentile: float = 99.9
    powers_of_two: bool = False

    def __post_init__(self) -> None:
        bits = whole_number("bits of U and V", self.bits, _BITS[0], _BITS[-1], FormatError)
        object.__setattr__(self, "bits", bits)
        percentile = real_number("percentile", self.percentile, above=0, most=100, error=FormatError)
        object.__setattr__(self, "percentile", percentile)
        object.__setattr__(self, "clipping", choice("clipping", self.clipping, get_args(Clipping)))
        object.__setattr__(self, "powers_of_two", flag("powers_of_two", self.powers_of_two))
        for letter, kind, known_kinds in (
            ("U", self.filter_scales, FILTER_SCALES),
            ("V", self.input_scales, INPUT_SCALES),
        ):
            if isinstance(kind, str) and "channel" in kind:
                raise FormatError(
                    f"scales of {letter} by input channel: the products are summed over the channels before they are "
                    f"scaled back, so that no factor can be taken out; scale {letter} by {', '.join(known_kinds)}"
                    ", or calibrate: a calibration moves what channels differ by into U"
                )
            choice(f"scales of {letter}", kind, known_kinds)

    @property
    def most(self) -> int:
        """The largest integer."""
        return int(2 ** (self.bits - 1) - 1)

    def scales_of_filters(self, U: Array) -> Scales:
        """Scales for U of shape (K, C, taps)."""
        return scales_of(U, FILTER_SCALES[self.filter_scales], self)

    def scales_of_inputs(self, V: Array) -> Scales:
        """Scales for V of shape (tiles, C, taps)."""
        return scales_of(V, INPUT_SCALES[self.input_scales], self)

    def check_channels(self, channels: int) -> None:
        """Let so many channels pass as int32 can sum.

        Raises:
            FormatError: more channels.
        """
        if channels * self.most**2 > np.iinfo(np.int32).max:
            fit = np.iinfo(np.int32).max // self.most**2
            raise FormatError(f"{channels} products of {self.bits} bits overflow int32; {fit} at most fit")

    def __str__(self) -> str:
        clipping = f"percentile {self.percentile:g}" if self.clipping == "percentile" else self.clipping
        words = [f"int{self.bits}", f"U by {self.filter_scales}", f"V by {self.input_scales}", clipping]
        return ", ".join(words + ["powers of two"] * self.powers_of_two)


def scales_of(values: Array, shared: tuple[int, ...], scheme: Scheme) -> Scales:
    """The scale of each group of values, which are those that differ along the shared axes alone.

    A group of zeros has scale 1, with which it is exact.

    Raises:
        DataError: values that are not finite, or a percentile that is zero though values are not.
    """
    magnitudes = np.abs(values)
    if not np.isfinite(magnitudes).all():
        raise DataError("data to calibrate with must be finite; these hold NaN or infinities")
    largest = magnitudes.max(axis=shared, keepdims=True)
    if scheme.clipping == "mse":
        steps = _least_squares(values, np.where(largest, largest, scheme.most), shared, scheme)
    else:
        percentile = 100.0 if scheme.clipping == "max" else scheme.percentile
        reached = np.percentile(magnitudes, percentile, axis=shared, keepdims=True)
        if np.any((reached == 0) & (largest > 0)):
            raise DataError(
                f"percentile {percentile:g} of the magnitudes is zero where data are not; take a higher one"
            )
        steps = np.where(largest, reached, scheme.most) / scheme.most
    return Scales(power_of_two_above(steps) if scheme.powers_of_two else np.asarray(steps), largest)


def quantise(values: Array, steps: Array, scheme: Scheme) -> Array:
    """The nearest integers, ties to even, in float64.

    >>> quantise(np.array([0.3, 1.25, -99.0]), np.array(0.5), Scheme(bits=4))
    array([ 1.,  2., -7.])
    """
    return np.asarray(np.clip(np.rint(values / steps), -scheme.most, scheme.most))


def _least_squares(values: Array, largest: Array, shared: tuple[int, ...], scheme: Scheme) -> Array:
    """Of clipping points evenly below the largest magnitude the one with the least error, for each group."""
    best, least = largest, np.full(largest.shape, np.inf)
    for step in range(1, _STEPS + 1):
        steps = largest * (step / _STEPS / scheme.most)
        if scheme.powers_of_two:
            steps = power_of_two_above(steps)
        errors = np.square(quantise(values, steps, scheme) * steps - values).sum(axis=shared, keepdims=True)
        best, least = np.where(errors <= least, steps, best), np.minimum(errors, least)
    return best
