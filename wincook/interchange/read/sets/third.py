"""The third matrix where a file shows two: it solves the linear equations Σ_k AT[i,k] G[k,j] BT[k,l] = [l = i + j]."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import sympy
from sympy.polys.matrices import DomainMatrix

from wincook.interchange.read.sets.candidates import Candidates, PlacedReading
from wincook.interchange.read.sets.names import distance
from wincook.interchange.read.sets.reading import Reading
from wincook.interchange.read.sets.roles import reading_of
from wincook.interchange.read.tables import Table, Unread
from wincook.proof import Kind, ones
from wincook.tile import Tile
from wincook.transforms import Transforms, in_one_field

_FEWEST = 2  # outputs and taps: with one of either, too much would be right
_LARGEST_RANK = 24
_FEWEST_CONDITIONS = 2  # that two matrices meet by being those of a convolution
_KINDS: tuple[Kind, ...] = ("correlation", "true convolution")
_PLACES = {"A": 0, "G": 1, "B": 2}
_ROLES = ("AT", "G", "BT")


def sets_of_two(candidates: Candidates) -> list[PlacedReading]:
    """Two surely named matrices of one set whose third is nowhere: it is solved for."""
    readings: list[PlacedReading] = []
    left = [
        table
        for table in candidates.tables
        if not candidates.is_taken(table) and candidates.label(table).sure and candidates.label(table).letter in _PLACES
    ]
    for pair in sorted(combinations(left, 2), key=lambda pair: distance(*pair)):
        known = {candidates.label(table).letter: table for table in pair}
        if len(known) < len(pair) or any(map(candidates.is_taken, pair)) or distance(*pair)[0]:
            continue
        (missing,) = _PLACES.keys() - known.keys()
        reading = None if _stands_elsewhere(candidates, missing, pair) else solved(known)
        if reading is not None:
            readings.append(PlacedReading(candidates.take(pair), reading))
    return readings


def _stands_elsewhere(candidates: Candidates, letter: str, pair: tuple[Table, Table]) -> bool:
    """Whether the file has a matrix of a letter that belongs to the first of two, understood or not."""
    unread = [item for item, said in candidates.named_elsewhere() if said.letter == letter]
    tables = [table for table in candidates.of_letter(letter) if table not in pair]
    near: list[Table | Unread] = [*unread, *tables]
    return any(not distance(item, pair[0])[0] for item in near)


def solved(known: dict[str, Table]) -> Reading | None:
    """The set of two matrices and the one that they determine, for a correlation or a true convolution.

    Args:
        known: two of the matrices AT, G and BT, under A, G and B.

    Returns:
        None if no third matrix makes the two a convolution.
    """
    if len(known) != len(_ROLES) - 1 or any(table.flat for table in known.values()):
        return None
    (missing,) = _PLACES.keys() - known.keys()
    for kind in _KINDS:
        for sides in _sides(known):
            axis = _completed(missing, sides, kind)
            if axis is not None:
                names = tuple(
                    (role, known[letter].name if letter in known else "solved for")
                    for role, letter in zip(_ROLES, _PLACES, strict=True)
                )
                reading = reading_of(axis, names, tuple(known.values()))
                role = _ROLES[_PLACES[missing]]
                return reading.with_remark(f"{role} is not in the file: the other two matrices determine it")
    return None


def _sides(known: dict[str, Table]) -> Iterator[dict[str, sympy.ImmutableMatrix]]:
    """The two matrices with a row for each product, turned where that is needed."""
    (a, first), (b, second) = known.items()
    for x, y in product({first.matrix, first.matrix.T}, {second.matrix, second.matrix.T}):
        if x.rows == y.rows <= _LARGEST_RANK and x.rows >= max(x.cols, y.cols):
            yield {a: x, b: y}


def _completed(missing: str, sides: dict[str, sympy.ImmutableMatrix], kind: Kind) -> Transforms | None:
    sizes = {letter: matrix.cols for letter, matrix in sides.items()}
    sizes[missing] = {
        "A": lambda: sizes["B"] - sizes["G"] + 1,
        "G": lambda: sizes["B"] - sizes["A"] + 1,
        "B": lambda: sizes["A"] + sizes["G"] - 1,
    }[missing]()
    rank = next(iter(sides.values())).rows
    if min(sizes["A"], sizes["G"]) < _FEWEST or rank < sizes["A"] + sizes["G"] - 1:
        return None
    (first, u), (second, v) = ((letter, rows.tolist()) for letter, rows in sides.items())
    places = list(product(range(sizes[first]), range(sizes[second])))
    equations = sympy.ImmutableMatrix([[u[k][p] * v[k][q] for k in range(rank)] for p, q in places])
    if len(places) - rank < _FEWEST_CONDITIONS or u == v:
        return None  # too many pairs of matrices of such shapes would have a third

    places_of_ones = set(ones(Tile((sizes["A"],), (sizes["G"],)), kind))

    def wanted(p: int, q: int, s: int) -> int:
        at = {first: p, second: q, missing: s}
        return int((at["A"], at["G"], at["B"]) in places_of_ones)

    rights = sympy.ImmutableMatrix([[wanted(p, q, s) for s in range(sizes[missing])] for p, q in places])
    solution = _solution(equations, rights)
    if solution is None:
        return None
    rows = {**sides, missing: solution}
    return Transforms(rows["A"].T, rows["G"], rows["B"])


def _solution(equations: sympy.ImmutableMatrix, rights: sympy.ImmutableMatrix) -> sympy.ImmutableMatrix | None:
    """The only solution of linear equations; None if there is none, or more than one."""
    left, right = in_one_field(equations, rights)
    reduced, pivots = DomainMatrix.hstack(left, right).rref()
    if pivots != tuple(range(equations.cols)):
        return None
    return sympy.ImmutableMatrix(reduced.to_Matrix()[: equations.cols, equations.cols :])
