"""Which way round matrices stand: with R products one of m×R or R×m is AT, r×R or R×r is G, n×R or R×n is BT.

n = m + r - 1. Shapes tell the way round; where a matrix is square or flat, the reading counts whose sums are least
wrong. For a linear convolution C [(A a) ⊙ (B b)], C stands in the place of AT, and A and B in those of BT and G.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations, product
from typing import NamedTuple

import sympy

from wincook.errors import AlgorithmError, DataError
from wincook.interchange.read.sets.names import is_transposed, title
from wincook.interchange.read.sets.reading import Reading
from wincook.interchange.read.tables import LARGEST_SIDE, Table
from wincook.judge import least_wrong
from wincook.transforms import Transforms

Triple = tuple[Table, Table, Table]

_TURNED = ", turned"
_MOST_ROOTS = 2
_MOST_WAYS = 64


class Way(NamedTuple):
    """One way to take three tables: how many of all sums are wrong then, and what the reading is.

    `against_name` counts square matrices that are turned although their names say how they stand: AT, BT.
    """

    wrong: int
    sums: int
    against_name: int
    linear: bool
    turned: int
    reading: Reading

    @property
    def is_near(self) -> bool:
        """Whether the matrices come near to being a set, with more than one output and tap: no chance does that."""
        smallest = min(self.reading.matrices.AT.rows, self.reading.matrices.G.cols, self.reading.matrices.BT.cols)
        return 2 * self.wrong <= self.sums and smallest > 1

    @property
    def badness(self) -> tuple[bool, int, int, bool, bool, int, int]:
        """The less the better: right, then as the names say, then a correlation, then as it stands."""
        matrices = self.reading.matrices
        other = not self.wrong and least_wrong(matrices)[1] != "correlation"
        fractions = sum(not entry.is_Integer for entry in matrices.AT)
        return self.wrong > 0, self.against_name, self.wrong, self.linear, other, self.turned, fractions


def fits(tables: Triple) -> bool:
    """Whether three tables, in this order, can be AT, G and BT by their shapes."""
    return any(_axes(*tables))


def best(tables: Triple, *, ordered: bool) -> Way | None:
    """The way with the fewest wrong sums; a correlation, then what is not turned, where several are alike.

    Args:
        tables: three matrices.
        ordered: whether names say that these are AT, G and BT in this order; then another order counts only if it is
            right and this one is not.

    Raises:
        DataError: matrices that are too large, or of too many roots, to be judged.
    """
    for table in tables:
        if max(table.matrix.shape) > LARGEST_SIDE and not table.flat:
            raise DataError(f"{table.shape_text} is too large: at most {LARGEST_SIDE} rows and columns are judged")
    radicands = {power.base for table in tables for power in table.matrix.atoms(sympy.Pow)}
    if len(radicands) > _MOST_ROOTS:
        raise DataError(f"it mixes the roots of {', '.join(map(str, sorted(radicands)))}; at most two are taken")
    first = _least_wrong(tables)
    if ordered and first is not None and not first.wrong:
        return first
    orders: Iterable[Triple] = list(permutations(tables))[1:]  # type: ignore[assignment]  # of three
    others = [way for order in orders if (way := _least_wrong(order)) is not None]
    if ordered and first is not None:
        others = [way for way in others if not way.wrong]
        return min(others, key=lambda way: way.badness) if others else first
    ways = [way for way in (first, *others) if way is not None]
    return min(ways, key=lambda way: way.badness) if ways else None


def shapes_text(tables: Triple) -> AlgorithmError:
    """The error that says that the shapes of three matrices do not fit."""
    shapes = ", ".join(table.shape_text for table in tables)
    return AlgorithmError(f"the shapes of {shapes} do not fit: AT must be m×R, G R×r, BT R×(m+r-1), or turned")


def reading_of(axis: Transforms, names: tuple[tuple[str, str], ...], tables: tuple[Table, ...]) -> Reading:
    """A reading, with what was made of its tables."""
    taken = dict.fromkeys(decimal for table in tables for decimal in table.taken)
    return Reading(
        axis,
        names,
        tuple(taken),
        tuple(doubt for table in tables for doubt in table.doubts),
        tuple(dict.fromkeys(remark for table in tables for remark in table.remarks)),
    )


def _least_wrong(tables: Triple) -> Way | None:
    ways = [_way(tables, *parts) for parts, _ in zip(_axes(*tables), range(_MOST_WAYS), strict=False)]
    return min(ways, key=lambda way: way.badness) if ways else None


def _way(tables: Triple, axis: Transforms, turned: tuple[bool, ...]) -> Way:
    wrong, kind = least_wrong(axis)
    roles = zip(("AT", "G", "BT"), tables, turned, strict=True)
    names = tuple((role, f"{title(table)}{_TURNED * is_turned}") for role, table, is_turned in roles)
    sums = axis.AT.rows * axis.G.cols * axis.BT.cols
    against_name = sum(
        is_turned and is_transposed(table.name) and not table.flat
        for table, is_turned in zip(tables, turned, strict=True)
    )
    linear = kind == "linear convolution"
    return Way(wrong, sums, against_name, linear, sum(turned), reading_of(axis, names, tables))


def _axes(first: Table, second: Table, third: Table) -> Iterator[tuple[Transforms, tuple[bool, ...]]]:
    """All ways of turning three tables into AT, G and BT whose shapes fit."""
    flat = first.flat or second.flat or third.flat
    for (i, rank), (other, j) in product(_shapes(first), _shapes(second)):
        if rank != other or i == j == 1:
            continue
        for l in dict.fromkeys((i + j - 1, i - j + 1)):
            if l < 1 or rank * l != len(third.matrix) or rank < max(i, j, l) or (flat and min(i, j, l) == 1):
                continue
            for parts in product(_views(first, i, rank), _views(second, rank, j), _views(third, rank, l)):
                AT, G, BT = (matrix for matrix, _ in parts)
                yield Transforms(AT, G, BT), tuple(is_turned for _, is_turned in parts)


def _shapes(table: Table) -> list[tuple[int, int]]:
    if not table.flat:
        return list(dict.fromkeys([table.matrix.shape, table.matrix.shape[::-1]]))
    size = len(table.matrix)
    return [(rows, size // rows) for rows in range(1, size + 1) if size % rows == 0]


def _views(table: Table, rows: int, columns: int) -> list[tuple[sympy.ImmutableMatrix, bool]]:
    """The table as a matrix of this shape, as it stands and turned, the likelier first."""
    views = []
    if table.flat or table.matrix.shape == (rows, columns):
        views.append((table.matrix.reshape(rows, columns), False))
    if table.flat or table.matrix.shape == (columns, rows):
        views.append((table.matrix.reshape(columns, rows).T, True))
    return views
