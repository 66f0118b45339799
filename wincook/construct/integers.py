"""Integer matrices and one divisor: D · y = AT' [(G' g) ⊙ (BT' d)], exactly.

Let c_k be the product of the contents (see `denominators`) of column k of AT and of rows k of G and BT. No scaling
changes it, and matrices of integers have integer contents; so D · c_k must be an integer for every k. The least such D,
the least common multiple of their denominators, is enough: with primitive rows and columns, the integers D · c_k are
left over as multipliers in one of the three matrices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import lcm, prod

import sympy

from wincook.arguments import choice, whole_number
from wincook.bilinear import BilinearAlgorithm, Proof
from wincook.construct.denominators import LETTERS, Letter, denominators_in
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import AlgorithmError
from wincook.transforms import Transforms

Range = tuple[int, int]

_MOST_BITS = 1024


@dataclass(frozen=True, slots=True)
class Bits:
    """Bits of the signed integers (two's complement) that hold every value of a stage, and no fewer would.

    `product` is for the sum over the channels, `output` for D · y before the division. Sums on the way to D · y may
    wrap around, which does no harm in integers of that width.
    """

    filter: int
    input: int
    product: int
    output: int


@dataclass(frozen=True, slots=True)
class IntegerForm:
    """An algorithm in integers: for each axis, matrices AT', G', BT' and the divisor D of what they compute.

    `algorithm` is the rational one that they stand for: its AT is AT' / D, as a product of 1/D and AT'.
    """

    algorithm: BilinearAlgorithm
    axes: tuple[Transforms, ...]
    divisors: tuple[int, ...]

    @property
    def divisor(self) -> int:
        """What the whole result is divided by: the product over the axes."""
        return prod(self.divisors)

    def verify(self) -> Proof:
        """Prove that all entries are integers, and that D · y is what they compute.

        Raises:
            AlgorithmError: names what is wrong.
        """
        for axis, letter in product(self.axes, LETTERS):
            for entry in getattr(axis, letter):
                if not entry.is_Integer:
                    raise AlgorithmError(f"{letter} of the integer form of {self.algorithm.name} holds {entry}")
        divided = tuple(_divided(axis, divisor) for axis, divisor in zip(self.axes, self.divisors, strict=True))
        if divided != self.algorithm.axes:
            raise AlgorithmError(f"the integer form of {self.algorithm.name} stands for another algorithm")
        return self.algorithm.verify()

    def bits(self, filters: int = 8, inputs: int = 8, channels: int = 1) -> Bits:
        """The bits that each stage needs for filters and inputs of so many bits, signed, and so many channels.

        Raises:
            ShapeError: fewer than one bit or channel, or more than 1024 bits.

        >>> from wincook.construct import algorithm
        >>> integers(algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞")).bits(channels=64)
        Bits(filter=14, input=15, product=32, output=34)
        """
        filters, inputs = (
            whole_number(name, bits, most=_MOST_BITS) for name, bits in (("filters", filters), ("inputs", inputs))
        )
        channels = whole_number("channels", channels)
        g, d = _signed(filters), _signed(inputs)
        U = [_transformed(signs, g) for signs in product(*(_signs(axis.G) for axis in self.axes))]
        V = [_transformed(signs, d) for signs in product(*(_signs(axis.BT) for axis in self.axes))]
        M = [_times(u, v) for u, v in zip(U, V, strict=True)]
        tile = self.algorithm.tile
        overlap = tile.outputs if self.algorithm.kind == "linear convolution" else tile.taps
        terms = self.divisor * channels * prod(min(a, b) for a, b in zip(overlap, tile.taps, strict=True))
        low, high = _times(g, d)
        return Bits(
            filter=_width(U),
            input=_width(V),
            product=_width([(channels * a, channels * b) for a, b in M]),
            output=_width([(terms * low, terms * high)]),
        )


def integers(algorithm: Subject, multipliers: Letter = "AT") -> IntegerForm:
    """The integer form with the least divisor that any scaling allows.

    Args:
        algorithm: one of rational numbers; if its matrices are products, those are multiplied out.
        multipliers: the matrix that takes the factors D · c_k. In AT, the default, transformed filters and inputs stay
            as small as integers can be; in G they cost nothing at run time.

    Raises:
        AlgorithmError: an entry is not rational, or stands for a residue.
        NotationError: there is no such matrix.

    >>> from wincook.construct import algorithm
    >>> f43 = integers(algorithm("F(4,3)", "0, ±1, ±2, ∞"))
    >>> print(f43.divisor, f43.axes[0].AT.row(0), f43.axes[0].G.row(3))
    24 Matrix([[6, 4, 4, 1, 1, 0]]) Matrix([[1, 2, 4]])
    """
    algorithm, multipliers = algorithm_of(algorithm), choice("matrix", multipliers, LETTERS)
    plain = replace(algorithm, axes=tuple(Transforms(axis.AT, axis.G, axis.BT) for axis in algorithm.axes))
    gathered = [(axis, getattr(axis, multipliers)) for axis in denominators_in(plain, multipliers).axes]
    divisors = tuple(lcm(*(int(entry.q) for entry in matrix)) for _, matrix in gathered)
    axes = tuple(
        replace(axis, **{multipliers: matrix * divisor})
        for (axis, matrix), divisor in zip(gathered, divisors, strict=True)
    )
    divided = tuple(_divided(axis, divisor) for axis, divisor in zip(axes, divisors, strict=True))
    return IntegerForm(replace(algorithm, axes=divided), axes, divisors)


def _divided(axis: Transforms, divisor: int) -> Transforms:
    """The same with AT divided, as its last step."""
    if divisor == 1:
        return axis
    last = sympy.ImmutableMatrix(sympy.eye(axis.AT.rows) / divisor)
    return replace(axis, AT=axis.AT / divisor, AT_factors=(last, axis.AT))


def _signed(bits: int) -> Range:
    return -(1 << (bits - 1)), (1 << (bits - 1)) - 1


def _width(ranges: list[Range]) -> int:
    """The bits that hold all ends; x and ~x, one of which is negative, need equally many."""
    return 1 + max(max(end, ~end).bit_length() for ends in ranges for end in ends)


def _signs(matrix: sympy.ImmutableMatrix) -> list[Range]:
    """The sums of the negative and of the positive entries of each row."""
    rows = ([int(entry) for entry in matrix.row(k)] for k in range(matrix.rows))
    return [(sum(x for x in row if x < 0), sum(x for x in row if x > 0)) for row in rows]


def _transformed(signs: tuple[Range, ...], data: Range) -> Range:
    """The least and the largest value of one row, the Kronecker product of one per axis."""
    negative, positive = 0, 1
    for minus, plus in signs:
        negative, positive = negative * plus + positive * minus, negative * minus + positive * plus
    low, high = data
    return negative * high + positive * low, negative * low + positive * high


def _times(one: Range, other: Range) -> Range:
    ends = [a * b for a, b in product(one, other)]
    return min(ends), max(ends)
