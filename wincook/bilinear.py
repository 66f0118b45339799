"""Bilinear algorithms: what is computed, by which exact matrices, made from which points.

In more dimensions than one there is one set of matrices per axis, nested: the tensor of the whole is the product of the
tensors of the axes, so it is right if every axis is. Or one joint set serves all axes, which may take fewer products.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any, get_args

import sympy

from wincook.arguments import choice, instance, items, whole_number
from wincook.ceiling import check_work
from wincook.errors import AlgorithmError, PointsError, quoted
from wincook.exact.conversion import exact
from wincook.log import timed
from wincook.points import Points
from wincook.points.points import names_of_sets
from wincook.proof import Kind, Proof, check
from wincook.shown import Shown, brief
from wincook.tile import Tile
from wincook.transforms import Transforms

_MOST_BITS = 10_000  # of a modulus: Python writes no longer numbers
_MOST_AXES = 4
_BYTES = 400  # of an exact number among many

__all__ = ["BilinearAlgorithm", "Kind", "Proof", "Transforms"]


@dataclass(frozen=True, slots=True)
class BilinearAlgorithm(Shown):
    """A `tile` computed by one `Transforms` per axis, nested, or by one joint set for all axes.

    `points` are those that each axis was made from; none where matrices came from elsewhere. `kind` says what is
    computed, and `modulus` is the prime modulo which the matrices hold, 0 for the rationals and fields above them.

    Raises:
        AlgorithmError: parts that are of another kind, or not one for each axis.
    """

    tile: Tile
    points: tuple[Points, ...]
    axes: tuple[Transforms, ...]
    kind: Kind = "correlation"
    modulus: int = 0

    __repr__ = brief

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "tile", instance("tile", self.tile, Tile, "make it with Tile.parse('F(4,3)')", AlgorithmError)
        )
        for name, kind in (("points", Points), ("axes", Transforms)):
            values = items(name, getattr(self, name), f"a tuple of {kind.__name__}", AlgorithmError)
            hint = "one for each axis of the tile"
            object.__setattr__(self, name, tuple(instance(name, value, kind, hint, AlgorithmError) for value in values))
        object.__setattr__(self, "kind", choice("kind", self.kind, get_args(Kind), AlgorithmError))
        object.__setattr__(self, "modulus", whole_number("modulus", self.modulus, 0, None, AlgorithmError))
        if self.modulus.bit_length() > _MOST_BITS:
            raise AlgorithmError(f"modulus has {self.modulus.bit_length()} bits; give one of at most {_MOST_BITS}")
        if len(self.axes) not in {1, self.tile.dimension}:
            raise AlgorithmError(
                f"{self.tile} has {self.tile.dimension} axes, but {len(self.axes)} sets of matrices; "
                "give one for each, or one joint set"
            )
        if len(self.points) not in {0, self.tile.dimension}:
            raise AlgorithmError(f"{self.tile} has {self.tile.dimension} axes, but {len(self.points)} sets of points")

    @property
    def joint(self) -> bool:
        """Whether one set serves several axes."""
        return len(self.axes) < self.tile.dimension

    @property
    def multiplications(self) -> int:
        """Multiplications of one tile: the product of R over the sets."""
        return prod(axis.multiplications for axis in self.axes)

    @property
    def least_multiplications(self) -> int:
        """What a nested algorithm needs at least: see `Tile.least_multiplications`."""
        return self.tile.least_multiplications

    @property
    def point_names(self) -> str:
        """The points in text: once where all axes share them, else one set per axis, parted by `;`."""
        return names_of_sets(self.points)

    @property
    def name(self) -> str:
        """Tile and points; matrices that were not made from points go by their tile alone."""
        words = [f"{self.tile} on {{{self.point_names}}}" if self.points else str(self.tile)]
        if self.joint:
            words.append("joint")
        if self.modulus:
            words.append(f"modulo {self.modulus}")
        if self.kind != "correlation":
            words.append(self.kind)
        return ", ".join(words)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols in the matrices, by name: `at` gives them values."""
        return tuple(sorted({str(symbol) for axis in self.axes for symbol in axis.free_symbols}))

    @property
    def speedup(self) -> float:
        """Multiplications of the direct method over those of this algorithm."""
        return self.tile.direct_multiplications / self.multiplications

    def at(self, **values: Any) -> BilinearAlgorithm:
        """The algorithm with values in place of symbols: exact ones, as numbers or in text (`a="√2/2"`).

        Raises:
            PointsError: a symbol that is not there, a value that is not exact, or one at which points meet.
        """
        strange = sorted(values.keys() - set(self.symbols))
        if strange:
            raise PointsError(f"{self.name} has no symbol {strange[0]}; it has {', '.join(self.symbols) or 'none'}")
        inexact = next((value for value in values.values() if isinstance(value, float)), None)
        if inexact is not None:
            raise PointsError(f"{quoted(inexact)} is not exact; give a fraction, or text such as 1/2, 0.3 or √2/2")
        numbers = {sympy.Symbol(name): exact(value) for name, value in values.items()}
        sets = tuple(points.at(numbers) for points in self.points)
        return replace(self, points=sets, axes=tuple(axis.at(numbers) for axis in self.axes))

    def nested(self, dimension: int) -> BilinearAlgorithm:
        """A one-dimensional algorithm on every axis of a tile of more: F(4,3) becomes F(4x4,3x3).

        Raises:
            ShapeError: a dimension below 1 or above 4.
            AlgorithmError: the algorithm has several axes already, and not so many.
        """
        dimension = whole_number("dimension", dimension, most=_MOST_AXES)
        if dimension == self.tile.dimension:
            return self
        if self.tile.dimension > 1:
            raise AlgorithmError(
                f"{self.name} has {self.tile.dimension} axes; only one of a single axis can be nested to {dimension}"
            )
        tile = Tile(self.tile.outputs * dimension, self.tile.taps * dimension, self.tile.strides * dimension)
        return replace(self, tile=tile, points=self.points * dimension, axes=self.axes * dimension)

    def transpose(self) -> BilinearAlgorithm:
        """The adjoint in d: of a correlation the linear convolution of m and r numbers, and back.

        It is also what training needs: applied to the gradient of y it gives the gradient of d (Nussbaumer, *Fast
        Fourier Transform and Convolution Algorithms* (1982), section 3.2.3: the matrix exchange algorithm).

        Raises:
            AlgorithmError: for a true convolution; flip it first.
        """
        kinds: dict[Kind, Kind] = {"correlation": "linear convolution", "linear convolution": "correlation"}
        if self.kind not in kinds:
            raise AlgorithmError(f"{self.name} cannot be transposed; take its flip(), which is a correlation")
        return replace(self, axes=tuple(axis.transpose() for axis in self.axes), kind=kinds[self.kind])

    def weight_gradient(self) -> BilinearAlgorithm:
        """The adjoint in g, F(r,m): d and the gradient of y give the gradient of the filter, with the same points.

        Raises:
            AlgorithmError: for anything but a correlation of unit stride: with stride, the taps of the adjoint lie
                apart.
        """
        if self.kind != "correlation":
            raise AlgorithmError(f"{self.name} is no correlation; only a correlation has a weight gradient")
        if self.tile.strided:
            raise AlgorithmError(f"{self.name} has strides; only a correlation of unit stride has a weight gradient")
        tile = Tile(self.tile.taps, self.tile.outputs)
        return replace(self, tile=tile, axes=tuple(axis.exchange() for axis in self.axes))

    def flip(self) -> BilinearAlgorithm:
        """The same for a filter that is read backwards: true convolution for correlation, and back.

        Raises:
            AlgorithmError: for a linear convolution.
        """
        kinds: dict[Kind, Kind] = {"correlation": "true convolution", "true convolution": "correlation"}
        if self.kind not in kinds:
            raise AlgorithmError(f"{self.name} has no flip; a correlation or a true convolution has")
        return replace(self, axes=tuple(axis.flip() for axis in self.axes), kind=kinds[self.kind])

    @timed("prove")
    def verify(self) -> Proof:
        """Prove the algorithm, exactly and in full.

        Raises:
            AlgorithmError: names the first entries that are wrong, with the value they have.
            LimitError: the proof would take too long.
        """
        tiles = (self.tile,) if self.joint else self.tile.axes
        weight = max((points.weight for points in self.points), default=1)
        sums = [prod(tile.outputs) * prod(tile.taps) for tile in tiles]
        works = [
            n * axis.multiplications * prod(tile.inputs) for n, axis, tile in zip(sums, self.axes, tiles, strict=True)
        ]
        memory = max(
            n * (axis.multiplications + prod(tile.inputs)) for n, axis, tile in zip(sums, self.axes, tiles, strict=True)
        )
        check_work(f"the proof of {self.tile}", weight * sum(works), _BYTES * memory)
        identities = 0
        for number, (tile, axis) in enumerate(zip(tiles, self.axes, strict=True)):
            name = f"axis {number} of {self.tile}" if len(self.axes) > 1 else str(self.tile)
            identities += check(tile, axis, self.kind, self.modulus, name)
        return Proof(self.tile, self.multiplications, identities, self.symbols)

    def __str__(self) -> str:
        return f"{self.name}, {self.multiplications} multiplications"

    def _repr_latex_(self) -> str:
        """The matrices of each different axis, for notebooks."""
        lines = [
            rf"A^T = {sympy.latex(axis.AT)},\quad G = {sympy.latex(axis.G)},\quad B^T = {sympy.latex(axis.BT)}"
            for axis in dict.fromkeys(self.axes)
        ]
        return r"$\displaystyle " + r" \\ ".join(lines) + "$"
