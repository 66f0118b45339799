"""Integer matrices and one divisor: D · y = AT' [(G' g) ⊙ (BT' d)], exactly.

Let c_k be the product of the contents (see `denominators`) of column k of AT and of rows k of G and BT. No scaling
changes it, and matrices of integers have integer contents; so D · c_k must be an integer for every k. The least such D,
the least common multiple of their denominators, is enough: with primitive rows and columns, the integers D · c_k are
left over as multipliers in one of the three matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import lcm, prod

import numpy as np
import sympy

from wincook.arguments import choice, instance, items, whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm, Proof
from wincook.construct.rescale.denominators import denominators_in
from wincook.construct.rescale.widths import Widths, widths_of
from wincook.construct.residue.integer_range import Span
from wincook.construct.residue.integer_tiles import integer_tiles
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import AlgorithmError
from wincook.shown import brief
from wincook.transforms import LETTERS, Letter, Transforms


@dataclass(frozen=True, slots=True)
class IntegerForm:
    """An algorithm in integers: for each axis, matrices AT', G', BT' and the divisor D of what they compute.

    `algorithm` is the rational one that they stand for: its AT is AT' / D, as a product of 1/D and AT'.

    Raises:
        AlgorithmError: no algorithm, or not one set of matrices and one divisor for each of its sets.
    """

    algorithm: BilinearAlgorithm
    axes: tuple[Transforms, ...]
    divisors: tuple[int, ...]

    __repr__ = brief

    def __post_init__(self) -> None:
        hint = "make the form with wincook.construct.integers(algorithm)"
        instance("algorithm", self.algorithm, BilinearAlgorithm, hint, AlgorithmError)
        axes = items("axes", self.axes, "one set for each axis", AlgorithmError)
        divisors = items("divisors", self.divisors, "(24,)", AlgorithmError)
        axes = tuple(instance("axes", axis, Transforms, hint, AlgorithmError) for axis in axes)
        divisors = tuple(whole_number("a divisor", number, None, None, AlgorithmError) for number in divisors)
        object.__setattr__(self, "axes", axes)
        object.__setattr__(self, "divisors", divisors)
        if not len(self.axes) == len(self.divisors) == len(self.algorithm.axes):
            raise AlgorithmError(
                f"{self.algorithm.name} has {len(self.algorithm.axes)} sets of matrices, not {len(self.axes)} with "
                f"{len(self.divisors)} divisors; {hint}"
            )

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

    def widths(self, filter_bits: int = 8, input_bits: int = 8, channels: int = 1, *, wrap: bool = False) -> Widths:
        """How wide the words of each stage must be, for signed g and d of so many bits, two's complement.

        Args:
            filter_bits: of g, the sign included: 8 means -128..127.
            input_bits: of d.
            channels: C, over which products are summed.
            wrap: whether sums may wrap around on the way to what a stage gives. Integers of fixed width are residues,
                so that this does no harm where it is defined: in numpy and in unsigned types of C, not in signed ones.

        Raises:
            ShapeError: fewer than one bit or channel, or more than 1024 bits.
            NotationError: a `wrap` that is neither true nor false.

        >>> from wincook.construct import algorithm
        >>> form = integers(algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞"))
        >>> print(form.widths(channels=64))
        filter 14, U 14, input 15, V 15, product 26, accumulate 32, output 36
        >>> form.widths(channels=64, wrap=True).bits.output
        34
        """
        tile = self.algorithm.tile
        overlap = tile.outputs if self.algorithm.kind == "linear convolution" else tile.taps
        along = [min(a, b) for a, b in zip(overlap, tile.taps, strict=True)]
        counts = [prod(along)] if self.algorithm.joint else along
        terms = [divisor * count for divisor, count in zip(self.divisors, counts, strict=True)]
        return widths_of(self.axes, terms, filter_bits, input_bits, channels, wrap=wrap)

    def convolve(self, d: Array, g: Array, filter_bits: int = 8, input_bits: int = 8, *, wrap: bool = False) -> Array:
        """The exact convolution of integers, summed over the channels, every stage in the words that hold it.

        Args:
            d: (..., C, inputs per axis), or (inputs per axis) where g has no channels either; of a numpy type.
            g: (..., C, r per axis), or (r per axis). Leading axes of d and g broadcast.
            filter_bits: of g, the sign included.
            input_bits: of d.
            wrap: as for `widths`.

        Returns:
            y of shape (..., outputs per axis), in the words of the output transform.

        Raises:
            DataError: data that are no integers, or wider than declared.
            ShapeError: sizes that do not fit the tile or one another, or fewer bits than one.
            FormatError: a stage that no integer type holds.
        """
        tile, axes = self.algorithm.tile, len(self.axes)
        inputs, outputs = tile.inputs, tile.outputs
        if self.algorithm.kind == "linear convolution":
            inputs, outputs = outputs, inputs
        self.widths(filter_bits, input_bits, wrap=wrap)  # checks both numbers of bits
        d, g = integer_tiles(d, g, (Span.signed(input_bits), Span.signed(filter_bits)), (inputs, tile.taps))
        channels = max(1, d.shape[-tile.dimension - 1])
        words = self.widths(filter_bits, input_bits, channels, wrap=wrap).words
        types = words.map(lambda bits: np.dtype(f"int{bits}"))
        d = d.reshape(*d.shape[: -tile.dimension], *(axis.BT.cols for axis in self.axes))
        g = g.reshape(*g.shape[: -tile.dimension], *(axis.G.cols for axis in self.axes))
        V = _transform([axis.BT for axis in self.axes], d.astype(types.input))
        U = _transform([axis.G for axis in self.axes], g.astype(types.filter))
        M = (U.astype(types.accumulate) * V.astype(types.accumulate)).sum(axis=-axes - 1, dtype=types.accumulate)
        y = _transform([axis.AT for axis in self.axes], M.astype(types.output))
        return np.asarray(y // self.divisor).reshape(*y.shape[: y.ndim - axes], *outputs)

    def __str__(self) -> str:
        return f"{self.algorithm.name} in integers, divided by {self.divisor}"


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


def _transform(matrices: Sequence[sympy.ImmutableMatrix], x: Array) -> Array:
    """Apply one matrix along each of the last axes, in the words of x, in which entries may wrap around as sums may."""
    for place, matrix in enumerate(matrices, -len(matrices)):
        entries = np.array(matrix.tolist(), dtype=np.int64).astype(x.dtype)
        x = np.moveaxis(np.tensordot(x, entries, axes=(place, 1)), -1, place)
    return x
