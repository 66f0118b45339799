"""Exact convolution of integers: whole matrices, and how wide the words of each stage must be.

The integer form of an algorithm (`construct.integers`) computes

    D y = AT' [Σ_c (G' g_c) ⊙ (BT' d_c)]

in integers, and the division at the end is exact. No value overflows words as wide as its range says, so that the
result is that of direct convolution, bit for bit (Meng and Brothers, *Efficient Winograd Convolution via Integer
Arithmetic*, arXiv 1901.01965). d is (..., C, n per axis), g is (..., C, r per axis), y (..., m per axis).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy

from wincook.arguments import whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.rescale.integers import integers
from wincook.construct.rescale.widths import WholeRanges
from wincook.construct.residue.integer_range import Span
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import FormatError, ShapeError
from wincook.transforms import Transforms

_BITS = range(2, 33)
_WORDS = (8, 16, 32, 64)


@dataclass(frozen=True, slots=True)
class IntegerAlgorithm:
    """An algorithm in whole numbers, for signed integers d of `input_bits`, two's complement, and likewise g.

    `axes` hold the whole matrices, which compute `denominator` times y; `ranges` are those of their dot products.
    """

    algorithm: BilinearAlgorithm
    axes: tuple[Transforms, ...]
    denominator: int
    input_bits: int
    filter_bits: int
    ranges: WholeRanges

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
        d, g = (
            Span(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1).checked(array, name)
            for array, bits, name in ((d, self.input_bits, "d"), (g, self.filter_bits, "g"))
        )
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
        data += ", sums may wrap around" * self.ranges.wrap
        return f"{self.algorithm.name}, {data}: " + ", ".join(f"{one.stage} {one.bits}" for one in self.ranges.stages)


def integer_algorithm(
    algorithm: Subject,
    input_bits: int = 8,
    filter_bits: int = 8,
    channels: int = 1,
    *,
    wrap: bool = False,
) -> IntegerAlgorithm:
    """Whole matrices for an algorithm, with the bits that each stage takes, the sign included.

    Args:
        algorithm: any correlation with rational matrices; if these are products, they are multiplied out.
        input_bits: of d, the sign included: 8 means -128..127.
        filter_bits: of g.
        channels: C, over which products are summed.
        wrap: whether sums on the way may wrap around, so that only what a stage gives has to fit.

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
    form = integers(algorithm)
    ranges = form.ranges(filter_bits, input_bits, channels, wrap=wrap)
    return IntegerAlgorithm(algorithm, form.axes, form.divisor, input_bits, filter_bits, ranges)


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
