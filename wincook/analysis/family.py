"""A tile on points with symbols, such as 0, ±a, ±1/a, ∞: an algorithm for each value of the symbols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy

from wincook.construct.make.factor_part import check_degree
from wincook.construct.make.points_per_axis import Given, sets_per_axis
from wincook.errors import PointsError, quoted
from wincook.exact.conversion import exact
from wincook.points import Points
from wincook.points.points import names_of_sets
from wincook.tile import Tile


@dataclass(frozen=True, slots=True)
class Family:
    """A tile, and one set of points for each axis, as many as it needs; nothing is constructed.

    >>> family = Family.of("F(4,3)", "0, ±a, ±1/a, ∞")
    >>> family.name, family.symbols, family.at({"a": "1/2"}).name
    ('F(4,3) on {0, ±a, ±1/a, ∞}', ('a',), 'F(4,3) on {0, ±1/2, ±2, ∞}')
    """

    tile: Tile
    points: tuple[Points, ...]

    @classmethod
    def of(cls, tile: Tile | str, points: Given) -> Family:
        """A tile on its points, given for all axes alike or one set per axis, as `wincook.algorithm` takes them.

        Raises:
            NotationError: a tile or a point that cannot be read.
            PointsError: more or fewer points than an axis needs, points that coincide, or not one set for each axis.
        """
        tile = Tile.of(tile)
        sets = sets_per_axis(tile, points)
        for axis, chosen in zip(tile.axes, sets, strict=True):
            check_degree(axis, chosen)
        return cls(tile, sets)

    @property
    def name(self) -> str:
        """Tile and points."""
        return f"{self.tile} on {{{self.point_names}}}"

    @property
    def point_names(self) -> str:
        """The points in text: once where all axes share them, else one set per axis, parted by `;`."""
        return names_of_sets(self.points)

    @property
    def symbols(self) -> tuple[str, ...]:
        """Those of the points, by name."""
        numbers = (number for points in self.points for number in points.numbers)
        return tuple(sorted({str(symbol) for number in numbers for symbol in number.free_symbols}))

    def at(self, values: Mapping[str, Any]) -> Family:
        """The points with exact values in place of symbols, as numbers or in text.

        Raises:
            PointsError: a symbol that is not there, a value that is not exact, or one at which there is no set of
                points: two coincide, one becomes infinite, or a factor is reducible.
        """
        self.check_symbols(values, every=False)
        numbers = {sympy.Symbol(name): exact(value) for name, value in values.items()}
        return replace(self, points=tuple(points.at(numbers) for points in self.points))

    def check_symbols(self, names: Iterable[str], *, every: bool = True) -> None:
        """See that names are those of symbols; of every one, if it must be.

        Raises:
            PointsError: they are not.
        """
        given = tuple(names)
        for name in given:
            if name not in self.symbols:
                known = ", ".join(self.symbols) or "none; write points with letters, such as 0, ±a, ±1/a, ∞"
                raise PointsError(f"{self.name} has no symbol {quoted(name)}; it has {known}")
        for symbol in self.symbols if every else ():
            if symbol not in given:
                raise PointsError(
                    f"{symbol} of {self.name} has no value; sweep it too, or give it one (--at {symbol}=1/2)"
                )

    def __str__(self) -> str:
        return self.name
