"""Exact convolution of integers: whole matrices, and how wide the words of each stage must be.

Rows of G and BT times their common denominators are whole; columns of AT make up for it, and AT times its common
denominator D is whole too, so that

    D y = (D AT') [Σ_c (G' g_c) ⊙ (BT' d_c)]

holds in integers, and the division at the end is exact. No sum overflows words as wide as `Range.bits` says, so
that the result is that of direct convolution, bit for bit (Meng and Brothers, *Efficient Winograd Convolution via
Integer Arithmetic*, arXiv 1901.01965). d is (..., C, n per axis), g is (..., C, r per axis), y (..., m per axis).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm, prod
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from wincook.analysis.laws import UNIFORM
from wincook.analysis.ranges import Ranges, ranges_of_programs
from wincook.arguments import whole_number
from wincook.arrays import real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.gauge import rescale
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import AlgorithmError, DataError, FormatError, ShapeError
from wincook.formats import EXACT
from wincook.precision import Precision
from wincook.program.ir import Program
from wincook.program.passes.expand import expand
from wincook.program.schedule import Schedule, exact
from wincook.program.sums import dot_products
from wincook.transforms import Transforms

Array = NDArray[Any]

_BITS = range(2, 33)
_WORDS = (8, 16, 32, 64)


@dataclass(frozen=True, slots=True)
class IntegerAlgorithm:
    """An algorithm in whole numbers, for |d| ≤ 2^(b-1) - 1 with b = `input_bits`, and likewise |g|.

    `axes` hold the whole matrices, which compute `denominator` times y; `ranges` are those of their dot products.
    """

    algorithm: BilinearAlgorithm
    axes: tuple[Transforms, ...]
    denominator: int
    input_bits: int
    filter_bits: int
    ranges: Ranges

    @property
    def words(self) -> dict[str, int]:
        """Bits of the narrowest integer type, of 8, 16, 32 and 64, that holds each stage.

        Raises:
            FormatError: none holds some stage.
        """
        return {one.stage: _word(one.stage, one.bits) for one in self.ranges.stages}

    def convolve(self, d: Array, g: Array) -> Array:
        """The exact correlation, summed over the channels, every stage in the `words` that hold it.

        Raises:
            DataError: data that are no integers, or wider than declared.
            ShapeError: sizes that do not fit the tile, or more channels than declared.
        """
        d, g = _checked(d, self.input_bits, "d"), _checked(g, self.filter_bits, "g")
        tile, word = self.algorithm.tile, {stage: np.dtype(f"int{bits}") for stage, bits in self.words.items()}
        axes, channel = len(self.axes), -tile.dimension - 1
        fits = d.shape[channel + 1 :] == tile.inputs and g.shape[channel + 1 :] == tile.taps
        if not fits or d.shape[channel : channel + 1] != g.shape[channel : channel + 1] or d.ndim == tile.dimension:
            raise ShapeError(f"d {d.shape} and g {g.shape} do not end in (C, {tile.inputs}) and (C, {tile.taps})")
        if d.shape[channel] > self.ranges.channels:
            raise ShapeError(f"d has {d.shape[channel]} channels; the words are for {self.ranges.channels} at most")
        d = d.reshape(*d.shape[: channel + 1], *(axis.BT.cols for axis in self.axes))
        g = g.reshape(*g.shape[: channel + 1], *(axis.G.cols for axis in self.axes))
        V = _transform([axis.BT for axis in self.axes], d.astype(word["BT d"]))
        U = _transform([axis.G for axis in self.axes], g.astype(word["G g"]))
        M = (U.astype(word["M"]) * V.astype(word["M"])).sum(axis=-axes - 1, dtype=word["M"])
        y = _transform([axis.AT for axis in self.axes], M.astype(word["AT M"]))
        return np.asarray(y // self.denominator).reshape(*y.shape[: y.ndim - axes], *tile.outputs)

    def __str__(self) -> str:
        data = f"int{self.input_bits} × int{self.filter_bits}, C = {self.ranges.channels}"
        return f"{self.algorithm.name}, {data}: " + ", ".join(f"{one.stage} {one.bits}" for one in self.ranges.stages)


def integer_algorithm(
    algorithm: Subject, input_bits: int = 8, filter_bits: int = 8, channels: int = 1
) -> IntegerAlgorithm:
    """Whole matrices for an algorithm, with the bits that each stage takes, the sign included.

    Args:
        algorithm: any correlation with rational matrices.
        input_bits: of d, the sign included: 8 means -127..127.
        filter_bits: of g.
        channels: C, over which products are summed.

    Raises:
        AlgorithmError: the matrices are not rational, or compute no correlation.
        FormatError: bits beyond 2 to 32.
        ShapeError: no channels.

    >>> from wincook.construct import algorithm
    >>> print(integer_algorithm(algorithm("F(2x2,3x3)"), channels=64))
    F(2x2,3x3) on {0, ±1, ∞}, int8 × int8, C = 64:
    G g 12, U 12, BT d 10, V 10, U V 21, M 27, AT M 27, y 27
    """
    algorithm, channels = correlation_of(algorithm, "can be made whole"), whole_number("channels", channels)
    input_bits, filter_bits = (
        whole_number(name, bits, _BITS[0], _BITS[-1], FormatError)
        for name, bits in (("input_bits", input_bits), ("filter_bits", filter_bits))
    )
    whole = [_whole(axis, algorithm.name) for axis in algorithm.axes]
    axes = tuple(axis for axis, _ in whole)
    programs = Schedule(
        filter=tuple(_plain(axis.G, "g", "U") for axis in axes),
        input=tuple(_plain(axis.BT, "d", "V") for axis in axes),
        output=tuple(_plain(axis.AT, "M", "y") for axis in axes),
    )
    most_inputs, most_filters = (Fraction(2 ** (bits - 1) - 1) for bits in (input_bits, filter_bits))
    found = ranges_of_programs(
        algorithm, programs, Precision.uniform(EXACT), channels, UNIFORM, most_inputs, most_filters
    )
    denominator = prod(one for _, one in whole)
    return IntegerAlgorithm(algorithm, axes, denominator, input_bits, filter_bits, found)


def _whole(axis: Transforms, name: str) -> tuple[Transforms, int]:
    """Whole matrices without common factors in the rows of G and BT, and the denominator of AT."""
    if not all(entry.is_Rational for matrix in (axis.AT, axis.G, axis.BT) for entry in matrix):
        raise AlgorithmError(f"the matrices of {name} are not rational; no scale makes irrational entries whole")
    scaled = rescale(axis, _scales(axis.G), _scales(axis.BT))
    denominator = lcm(*(int(entry.q) for entry in scaled.AT))
    return replace(scaled, AT=scaled.AT * denominator), denominator


def _scales(matrix: sympy.ImmutableMatrix) -> Sequence[sympy.Expr]:
    """The positive number for each row that makes it whole, and no larger than need be; 1 for a row of zeros."""
    scales = []
    for k in range(matrix.rows):
        denominator = lcm(*(int(entry.q) for entry in matrix.row(k)))
        content = gcd(*(int(entry * denominator) for entry in matrix.row(k)))
        scales.append(sympy.Rational(denominator, content or 1))
    return scales


def _plain(matrix: sympy.ImmutableMatrix, source: str, target: str) -> Program:
    """Dot products alone: shared sums may have fractional constants."""
    return expand(dot_products(exact(matrix)), source, target)


def _transform(matrices: Sequence[sympy.ImmutableMatrix], x: Array) -> Array:
    """Apply one matrix along each of the last axes, in the words of x."""
    for place, matrix in enumerate(matrices, -len(matrices)):
        entries = np.array(matrix.tolist(), dtype=object).astype(x.dtype)
        x = np.moveaxis(np.tensordot(x, entries, axes=(place, 1)), -1, place)
    return x


def _word(stage: str, bits: int) -> int:
    for word in _WORDS:
        if bits <= word:
            return word
    raise FormatError(f"{stage} takes {bits} bits, and integers have {_WORDS[-1]} at most; take fewer bits or channels")


def _checked(values: Array, bits: int, name: str) -> Array:
    array = real_array(name, values, exact=True)
    if not np.issubdtype(array.dtype, np.integer):
        raise DataError(f"{name} holds {array.dtype}; it must hold integers")
    most = 2 ** (bits - 1) - 1
    if array.size and max(-int(array.min()), int(array.max())) > most:
        raise DataError(f"{name} holds integers beyond ±{most}, which {bits} bits were declared for; declare more")
    return array
