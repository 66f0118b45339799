"""Which matrix is which: AT, G or BT, and which way round, from names and shapes, or else from what they compute.

With R products, one of m×R or R×m is AT, r×R or R×r is G, and n×R or R×n is BT, n = m + r - 1; names tell the letters,
shapes the way round. Where names say nothing, or a matrix is square, the reading counts whose sums are least wrong. For
a linear convolution C [(A a) ⊙ (B b)], C stands in the place of AT, and A and B in those of BT and G.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations, product
from types import MappingProxyType

import sympy

from wincook.construct.foreign.reading import Reading
from wincook.construct.foreign.table import LARGEST_SIDE, Table
from wincook.errors import AlgorithmError, DataError
from wincook.judge import least_wrong
from wincook.transforms import Transforms

_WORD = re.compile(r"\d+(?:[xX]\d+)*|[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LETTERS = {
    "A": ("a", "at", "otm", "output", "inverse"),
    "G": ("g", "gt", "ktm", "kernel", "filter", "weight", "weights"),
    "B": ("b", "bt", "itm", "input"),
    "C": ("c", "ct"),
}
_LETTER_OF = {word: letter for letter, words in _LETTERS.items() for word in words}
_TURNED = ", turned"
_SET = 3
_MOST_ROOTS = 2
_NAMED_AT_MOST = 6


def letter_of(name: str) -> str:
    """A, G, B or C, if a name says which of the matrices it is; else nothing.

    >>> letter_of("winograd_B"), letter_of("G_4x4_3x3"), letter_of("self.B_T"), letter_of("table")
    ('B', 'G', 'B', '')
    """
    letters = {_LETTER_OF[word] for word in _words(name) if word in _LETTER_OF}
    return letters.pop() if len(letters) == 1 else ""


def readings(tables: Sequence[Table], unread: Mapping[str, str] = MappingProxyType({})) -> list[Reading]:
    """One reading for each set of three matrices, in the order of the file.

    Args:
        tables: the matrices.
        unread: why others could not be read, by name; if one of them may belong to a set, there is no reading.

    Raises:
        DataError: there are not three matrices that belong together, or one of them could not be read.
        AlgorithmError: there are, but no way round makes their shapes fit.
    """
    sets = _sets(tables, by_numbers=True) or _sets(tables, by_numbers=False)
    wanted = [reason for name, reason in unread.items() if letter_of(name) or not sets]
    if wanted:
        raise DataError(wanted[0])
    unnamed = [one for one in tables if not one.flat]
    if not sets:
        sets = [tuple(unnamed if len(unnamed) == _SET else tables)]
    if len(sets[0]) != _SET:
        found = ", ".join(one.shape_text for one in tables[:_NAMED_AT_MOST]) or "none"
        raise DataError(f"it needs three matrices, AT, G and BT (or A, GT, B; or A, B, C); it has {found}")
    return [_best(one) for one in sets]


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name.rsplit(".", maxsplit=1)[-1])]


def _sets(tables: Sequence[Table], *, by_numbers: bool) -> list[tuple[Table, ...]]:
    """Tables whose names say AT, G and BT, in that order: together if their numbers (`G_4x4`) and R agree."""
    named: list[tuple[tuple[str, ...], str, Table]] = []
    for one in tables:
        if letter := letter_of(one.name):
            numbers = tuple(word for word in _words(one.name) if by_numbers and word[0].isdigit())
            named.append((numbers, letter, one))
    without_rank = {numbers for numbers, _, one in named if one.flat}
    groups: dict[tuple[object, ...], dict[str, list[Table]]] = {}
    for numbers, letter, one in named:
        rank = 0 if numbers in without_rank else max(one.matrix.shape)
        known = groups.setdefault((numbers, rank), {}).setdefault(letter, [])
        if all(one.matrix != other.matrix for other in known):
            known.append(one)
    sets: list[tuple[Table, ...]] = []
    for group in groups.values():
        order = "AGB" if "G" in group else "CBA"
        if all(letter in group for letter in order):
            columns = [group[letter] for letter in order]
            longest = max(map(len, columns))
            sets += [tuple(column[min(place, len(column) - 1)] for column in columns) for place in range(longest)]
    return sets


def _ways(first: Table, second: Table, third: Table) -> Iterator[Reading]:
    """All ways of turning three tables into AT, G and BT whose shapes fit."""
    for (i, rank), (other, j) in product(_shapes(first), _shapes(second)):
        if rank != other:
            continue
        for l in dict.fromkeys((i + j - 1, i - j + 1)):
            if l < 1 or rank * l != len(third.matrix) or rank < max(i, j, l):
                continue
            for AT, G, BT in product(_views(first, i, rank), _views(second, rank, j), _views(third, rank, l)):
                axis = Transforms(AT[0], G[0], BT[0])
                names = tuple(
                    (role, f"{one.name}{_TURNED * turned}")
                    for role, one, turned in zip(
                        ("AT", "G", "BT"), (first, second, third), (AT[1], G[1], BT[1]), strict=True
                    )
                )
                parts = (first, second, third)
                taken = dict.fromkeys(decimal for one in parts for decimal in one.taken)
                yield Reading(axis, names, tuple(taken), tuple(doubt for one in parts for doubt in one.doubts))


def _shapes(one: Table) -> list[tuple[int, int]]:
    if not one.flat:
        return list(dict.fromkeys([one.matrix.shape, one.matrix.shape[::-1]]))
    size = len(one.matrix)
    return [(rows, size // rows) for rows in range(1, size + 1) if size % rows == 0]


def _views(one: Table, rows: int, columns: int) -> list[tuple[sympy.ImmutableMatrix, bool]]:
    """The table as a matrix of this shape, as it stands and turned, the likelier first."""
    views = []
    if one.flat or one.matrix.shape == (rows, columns):
        views.append((one.matrix.reshape(rows, columns), False))
    if one.flat or one.matrix.shape == (columns, rows):
        views.append((one.matrix.reshape(columns, rows).T, True))
    return views


def _best(tables: tuple[Table, ...]) -> Reading:
    """The way that the names say, if the shapes fit, else any; of several the least wrong, then the simplest."""
    for one in tables:
        if max(one.matrix.shape) > LARGEST_SIDE and not one.flat:
            raise DataError(f"{one.shape_text} is too large: at most {LARGEST_SIDE} rows and columns are judged")
    ways = list(_ways(*tables)) or [way for order in permutations(tables) for way in _ways(*order)]
    if not ways:
        shapes = ", ".join(one.shape_text for one in tables)
        raise AlgorithmError(f"the shapes of {shapes} do not fit: AT must be m×R, G R×r, BT R×(m+r-1), or turned")
    radicands = {power.base for one in tables for power in one.matrix.atoms(sympy.Pow)}
    if len(radicands) > _MOST_ROOTS:
        raise DataError(f"it mixes the roots of {', '.join(map(str, sorted(radicands)))}; at most two are taken")
    return min(ways, key=_badness) if len(ways) > 1 else ways[0]


def _badness(way: Reading) -> tuple[int, bool, int, int]:
    wrong, kind = least_wrong(way.matrices)
    turned = sum(name.endswith(_TURNED) for _, name in way.taken_for)
    return wrong, kind == "linear convolution", turned, sum(not entry.is_Integer for entry in way.matrices.AT)
