"""Statistics of errors, gathered tile by tile in a fixed amount of memory.

Tiles are independent, the outputs of one tile are not. So a mean over outputs is the ratio R = Σ a_t / Σ b_t of sums
over tiles, whose variance is T/(T-1) · Σ (a_t - R b_t)² / (Σ b_t)² (Cochran, *Sampling Techniques*, 3rd ed.,
section 6.4), and its interval is R ± t standard errors. The p-quantile lies between the order statistics
p·T ± z·sqrt(T p (1 - p)) of T independent values (David and Nagaraja, *Order Statistics*, 3rd ed., section 7.1):
outputs of a tile count as one value, so the interval is rather too wide. A maximum has no such interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, prod, sqrt
from statistics import NormalDist, fmean, stdev

import numpy as np

from wincook.arrays import Array
from wincook.formats import FLOAT64, Format

CONFIDENCE = 0.95
PROBABILITIES = (0.5, 0.9, 0.99, 0.999)
RESOLUTION = 2.0**-7  # of quantiles, relative: half the width of a bin

_BINS = 64  # per octave
_SHIFT = FLOAT64.precision - 1 - (_BINS.bit_length() - 1)
_FEWEST = 8  # tiles for an interval of a mean
_NORMAL = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_COUNT, _ABSOLUTE, _SIGNED, _SQUARE, _SIZE = range(5)


@dataclass(frozen=True, slots=True)
class Interval:
    """Holds the true value in 95 of 100 samples; infinite ends where the sample is too small to say."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quantile:
    """A share `probability` of the outputs has an error of at most `value`, give or take `RESOLUTION`."""

    probability: float
    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class UlpHistogram:
    """Errors in units of the last place of the exact result: `counts[i]` of them lie in [2^(first+i), 2^(first+i+1)).

    `zero` counts outputs without error.
    """

    zero: int
    first: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of computed - exact over all finite outputs, in the units of y; infinite if there are none.

    `bias` is the mean error, with its sign. `relative_rms` is over the RMS of the exact results. `position_rms` holds
    one RMS per place in the tile, in C order. `ulps` is missing where results are exact numbers.
    """

    mean: float
    mean_interval: Interval
    rms: float
    rms_interval: Interval
    max: float
    bias: float
    bias_interval: Interval
    relative_rms: float
    relative_rms_interval: Interval
    quantiles: tuple[Quantile, ...]
    ulps: UlpHistogram | None
    position_rms: tuple[float, ...]


def mean_of(values: Sequence[float]) -> tuple[float, Interval]:
    """The mean of independent values that are not negative, and its interval; an infinite one of too few values.

    >>> mean, interval = mean_of([1.0, 2.0, 3.0] * 3)
    >>> mean, interval.low < 2 < interval.high
    (2.0, True)
    """
    mean, number = fmean(values), len(values)
    half = _student(number - 1) * stdev(values) / sqrt(number) if number >= _FEWEST else inf
    return mean, _around(mean, half, least=0.0)


class Tally:
    """Adds up errors."""

    def __init__(self, outputs: tuple[int, ...], fmt: Format) -> None:
        self.tiles = 0
        self._format = fmt
        self._sums, self._products = np.zeros(5), np.zeros((5, 5))
        self._largest = 0.0
        self._bins = np.zeros((FLOAT64.emax + 2 - FLOAT64.emin) * _BINS, np.int64)
        self._ulps: dict[int, int] = {}
        self._position_squares = np.zeros(prod(outputs))
        self._position_counts = np.zeros(prod(outputs), np.int64)

    def add(self, errors: Array, results: Array) -> None:
        """Take errors and exact results of tiles, both float64 (tiles, m_1, ...); what is not finite is left out."""
        # One layout in memory, whatever engine they come from: sums are then the same to the last bit.
        errors, results = (np.asfortranarray(values.reshape(len(values), -1)) for values in (errors, results))
        finite = np.isfinite(errors)
        if not finite.all():
            errors, results = np.where(finite, errors, 0.0), np.where(finite, results, 0.0)
        absolute, squares = np.abs(errors), np.square(errors)
        columns = [finite, absolute, errors, squares, np.square(results)]
        per_tile = np.stack([np.sum(column, axis=1, dtype=np.float64) for column in columns])
        self._sums += per_tile.sum(axis=1)
        self._products += per_tile @ per_tile.T
        self._position_squares += squares.sum(axis=0)
        self._position_counts += np.count_nonzero(finite, axis=0)
        self._largest = max(self._largest, float(absolute.max()))
        self.tiles += len(errors)
        if finite.all():
            self._sort(absolute.ravel("K"), results.ravel("K"))
        else:
            self._sort(absolute[finite], results[finite])

    def _sort(self, absolute: Array, results: Array) -> None:
        """Into bins that part each octave of float64 evenly: its exponent and first bits are the bin's number."""
        if not absolute.size:
            return
        _count(self._bins, absolute.view(np.int64) >> _SHIFT)
        if self._format.is_exact:
            return
        octaves = _octave(absolute)
        last_places = np.clip(_octave(results), self._format.emin, self._format.emax) - (self._format.precision - 1)
        ulps = np.where(absolute > 0, octaves - last_places, _NONE)
        for place, number in zip(*np.unique(ulps, return_counts=True), strict=True):
            self._ulps[int(place)] = self._ulps.get(int(place), 0) + int(number)

    @property
    def counted(self) -> int:
        """How many outputs were finite."""
        return int(self._sums[_COUNT])

    def statistics(self) -> Statistics:
        """Of all that was added."""
        mean, mean_error = self._ratio(_ABSOLUTE, _COUNT)
        square, square_error = self._ratio(_SQUARE, _COUNT)
        bias, bias_error = self._ratio(_SIGNED, _COUNT)
        relative, relative_error = self._ratio(_SQUARE, _SIZE)
        with np.errstate(divide="ignore", invalid="ignore"):
            positions = np.where(self._position_counts, self._position_squares / self._position_counts, inf)
        return Statistics(
            mean=mean,
            mean_interval=_around(mean, mean_error, least=0.0),
            rms=sqrt(square),
            rms_interval=_around_root(square, square_error),
            max=self._largest if self.counted else inf,
            bias=bias,
            bias_interval=_around(bias, bias_error),
            relative_rms=sqrt(relative),
            relative_rms_interval=_around_root(relative, relative_error),
            quantiles=tuple(self._quantile(probability) for probability in PROBABILITIES),
            ulps=None if self._format.is_exact else self._ulp_histogram(),
            position_rms=tuple(np.sqrt(positions).tolist()),
        )

    def _ratio(self, over: int, under: int) -> tuple[float, float]:
        """Σ over / Σ under, and the half-width of its interval."""
        a, b = float(self._sums[over]), float(self._sums[under])
        if not self.counted:
            return inf, inf
        if not b:  # all results are zero
            return (inf if a else 0.0), (inf if a else 0.0)
        ratio, P = a / b, self._products
        if self.tiles < _FEWEST:
            return ratio, inf
        scatter = max(0.0, float(P[over, over] - 2 * ratio * P[over, under] + ratio**2 * P[under, under]))
        return ratio, _student(self.tiles - 1) * sqrt(scatter * self.tiles / (self.tiles - 1)) / b

    def _quantile(self, probability: float) -> Quantile:
        spread = _NORMAL * sqrt(probability * (1 - probability) / self.tiles)
        low, high = probability - spread, probability + spread
        interval = Interval(self._at(low) if low > 0 else 0.0, self._at(high) if high < 1 else inf)
        return Quantile(probability, self._at(probability), interval)

    def _at(self, share: float) -> float:
        """The middle of the bin up to which there is such a share of the outputs."""
        if not self.counted:
            return inf
        place = int(np.searchsorted(np.cumsum(self._bins), share * self.counted))
        low, high = (np.array([place, place + 1], np.int64) << _SHIFT).view(np.float64)
        return float((low + high) / 2) if place else 0.0

    def _ulp_histogram(self) -> UlpHistogram:
        places = sorted(set(self._ulps) - {_NONE})
        zero = self._ulps.get(_NONE, 0)
        if not places:
            return UlpHistogram(zero, 0, ())
        first = places[0]
        return UlpHistogram(zero, first, tuple(self._ulps.get(k, 0) for k in range(first, places[-1] + 1)))


_NONE = -(1 << 20)  # the octave of no error


def _octave(values: Array) -> Array:
    """⌊log2|x|⌋ of normal numbers, by their exponent; below them, one less than the least."""
    octaves: Array = ((values.view(np.int64) >> (FLOAT64.precision - 1)) & (2 * FLOAT64.emax + 1)) - FLOAT64.emax
    return octaves


def _count(bins: Array, places: Array) -> None:
    least = int(places.min())
    found = np.bincount(places - least)
    bins[least : least + len(found)] += found


def _student(freedom: int) -> float:
    """Student's t from the normal quantile (Abramowitz and Stegun, 26.7.5); right to 1 % from seven degrees on."""
    z = _NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def _around(value: float, half: float, least: float = -inf) -> Interval:
    return Interval(max(least, value - half), value + half) if value < inf else Interval(least, inf)


def _around_root(square: float, half: float) -> Interval:
    """Of a root: symmetric in its logarithm, where squares of errors scatter less askew."""
    if not square or square == inf:
        return Interval(0.0, square)
    ratio = exp(min(half / square / 2, 700.0)) if half < inf else inf
    return Interval(sqrt(square) / ratio, sqrt(square) * ratio)
