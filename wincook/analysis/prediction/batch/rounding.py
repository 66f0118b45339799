"""Functions compiled by numba, and what one rounding and one constant cost, compiled.

Errors are in units of c·u², c = 1/(8 ln 2) (see `rounding_constant`, whose tables are an argument here).
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import frexp, log2, sqrt
from typing import Any, NamedTuple

import numba
import numpy as np

from wincook.analysis.prediction import twins
from wincook.analysis.prediction.rounding_constant import FINEST, GENERAL, OCTAVES, product_factor, tables
from wincook.arrays import Array
from wincook.errors import OutputError
from wincook.formats import FLOAT64
from wincook.kept_code import UntrustedFolderError
from wincook.machine_code import DiskCache, kept

_ONE, _THREE, _FIVE = 0.5, 0.75, 0.625  # the significands of 1, 3 and 5, as frexp has them
_THREE_BITS = 2.0**50 + 1  # for `cut`
_BLUR = 2.0**-48  # what float64 itself loses of a constant, relative to it
_NEAR = 2.0**-14  # summands of variances further apart have the plain c
ADDITIONS, PRODUCTS = 0, 1  # places of the counts


class Rounding(NamedTuple):
    """One format, and what its roundings cost: of sums by `rounding_constant.tables`, of products by kind of constant.

    `twins` are the tables of `twins`, for a + b and b - a. `split` is 2^(53-p) + 1, for `cut`. `zeros` is how often a
    number that is transformed is exactly 0. `counts` are the additions and products of the transform at hand, so far.
    """

    split: float
    tables: Array
    twins: Array
    products: Array
    zeros: float
    counts: Array


class _Cache(DiskCache):
    def load_overload(self, signature: Any, context: Any) -> Any:
        try:
            return super().load_overload(signature, context)
        except UntrustedFolderError as error:
            raise OutputError(str(error)) from error


def compiled(function: Any) -> Any:
    """Compile at the first call, without the GIL; keep the code on disk if there is a place for it."""
    dispatcher = numba.njit(nogil=True, error_model="numpy")(function)
    return (
        dispatcher if dispatcher is function else kept(dispatcher, _Cache)
    )  # the function itself: NUMBA_DISABLE_JIT is set


@compiled
def cut(constant: float, split: float) -> float:
    """The constant rounded to p bits, by split = 2^(53-p) + 1 (Veltkamp 1968)."""
    shifted = split * constant
    return shifted - (shifted - constant)


@compiled
def slipped(constant: float, split: float) -> float:
    """What the format of a split makes of a constant, less the constant."""
    off = cut(constant, split) - constant
    return 0.0 if abs(off) <= _BLUR * abs(constant) else off


@compiled
def kind(constant: float, split: float) -> int:
    """The place of a constant's table, when the format of a split holds it."""
    held = cut(constant, split)
    if cut(held, _THREE_BITS) != held:
        return GENERAL
    significand = frexp(abs(held))[0]
    if significand == _ONE:
        return 0
    return 1 if significand == _THREE else 2 if significand == _FIVE else GENERAL


@compiled
def product_error(constant: float, rounding: Rounding) -> float:
    """The rounding error of a product with a constant, over its second moment."""
    return float(rounding.products[kind(constant, rounding.split)])


@compiled
def sum_factor(tables: Array, table: int, first: float, second: float, total: float) -> float:
    """`rounding_constant.sum_factor` of one sum."""
    if table == GENERAL or not _NEAR * second < first < second / _NEAR:
        return 1.0
    return float(interpolated(tables[table], first, second, total))


@compiled
def twin_covariance(rounding: Rounding, table: int, first: float, second: float, total: float, error: float) -> float:
    """The covariance of the errors of second + first and second - first, each of variance `error` (see `twins`)."""
    if not _NEAR * second < first < second / _NEAR:  # that far apart, they are the same but for signs
        return error if first < second else -error
    covariance = interpolated(rounding.twins[table], first, second, total) * (first + second)
    return float(min(max(covariance, -error), error))


@compiled
def interpolated(table: Array, first: float, second: float, total: float) -> float:
    """Of a table the entry by the ratio of the summands and their correlation, as `rounding_constant.interpolated`.

    The ratio is that of near summands: it lies within the table.
    """
    across, along = table.shape[0] - 1, table.shape[1] - 1
    x = across * (0.5 + 0.5 * log2(second / first) / (2 * OCTAVES))
    y = along * (0.5 + min(max(0.25 * (total - first - second) / sqrt(first * second), -0.5), 0.5))
    i, j = int(x), min(int(y), along - 1)
    x, y = x - i, y - j
    low = (1 - y) * table[i, j] + y * table[i, j + 1]
    high = (1 - y) * table[i + 1, j] + y * table[i + 1, j + 1]
    return float((1 - x) * low + x * high)


@lru_cache(maxsize=16)
def rounding_of(bits: int, zeros: float = 0.0) -> Rounding:
    """The roundings of a float format of so many bits, to numbers of which so many are exactly 0."""
    products = np.array([product_factor(Fraction(odd)) for odd in range(1, FINEST + 1, 2)] + [1.0])
    return Rounding(
        2.0 ** (FLOAT64.precision - bits) + 1, tables(), twins.tables(), products, zeros, np.zeros(2, np.int64)
    )
