"""The tensor T[i,j,l] = Σ_k AT[i,k] G[k,j] BT[k,l] in one exact field, held against those of the convolutions.

It is a correlation F(m,r) if T = [l = i + j], a true convolution if T = [l = i + r - 1 - j], both with AT (m×R), G
(R×r) and BT (R×n); and a linear convolution if T = [i = j + l], with AT (n×R), G (R×r) and BT (R×m); each up to one
common scale (Winograd 1980; Blahut, *Fast Algorithms for Signal Processing* (2010), section 5.4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.polys.domains.domain import Domain
from sympy.polys.matrices import DomainMatrix

from wincook.errors import AlgorithmError
from wincook.proof import Kind
from wincook.transforms import Transforms, in_one_field

Element = Any  # of a sympy field: its type depends on the ground types installed
Place = tuple[int, int, int]  # i, j, l
Vectors = list[list[Element]]

NEARLY = sympy.Rational(1, 1000)  # how far sums may be off that are called inexact

_READS: dict[Kind, Callable[[int, int, int], int]] = {
    "correlation": lambda i, j, _: i + j,
    "true convolution": lambda i, j, r: i + r - 1 - j,
    "linear convolution": lambda i, j, _: i - j,
}


@dataclass(frozen=True, slots=True)
class Tensor:
    """`found` holds the sums that are not zero; `vectors` the columns of AT, rows of G and rows of BT, by product."""

    field: Domain
    vectors: tuple[Vectors, Vectors, Vectors]
    found: dict[Place, Element]

    @property
    def sizes(self) -> Place:
        """How many i, j and l there are."""
        AT, G, BT = self.vectors
        return len(AT[0]), len(G[0]), len(BT[0])

    def product(self, k: int, place: Place) -> Element:
        """What product k adds to the sum at a place."""
        AT, G, BT = self.vectors
        i, j, l = place
        return AT[k][i] * G[k][j] * BT[k][l]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A tensor against one kind of convolution: `missing` is what the wrong sums lack of scale · wanted."""

    kind: Kind
    ones: tuple[Place, ...]
    scale: Element
    missing: dict[Place, Element]


def tensor(axis: Transforms) -> Tensor:
    """All sums, exactly.

    Raises:
        AlgorithmError: the matrices hold numbers that are not exact.
    """
    AT, G, BT = in_one_field(axis.AT, axis.G, axis.BT)
    field = AT.domain
    if not field.is_Exact:
        raise AlgorithmError("the matrices hold floating-point numbers; exact ones, like 1/2, can be judged")
    G_columns = G.transpose().to_list()
    rows = [[a * g for a, g in zip(row, column, strict=True)] for row in AT.to_list() for column in G_columns]
    sums = (DomainMatrix(rows, (len(rows), axis.multiplications), field).to_dense() * BT).to_list()
    found = {
        (*divmod(row, axis.G.cols), l): value for row, line in enumerate(sums) for l, value in enumerate(line) if value
    }
    return Tensor(field, (AT.transpose().to_list(), G.to_list(), BT.to_list()), found)


def kinds_of_shape(axis: Transforms) -> tuple[Kind, ...]:
    """The kinds that the matrices can be by their shapes.

    Raises:
        AlgorithmError: none.
    """
    i, j, l = axis.AT.rows, axis.G.cols, axis.BT.cols
    kinds: list[Kind] = []
    if l == i + j - 1:
        kinds += ["correlation", "true convolution"]
    if i == j + l - 1:
        kinds += ["linear convolution"]
    if not kinds:
        raise AlgorithmError(f"AT is for {i} outputs and G for {j} taps, so BT needs {i + j - 1} columns, not {l}")
    return tuple(kinds)


def compare(sums: Tensor, kind: Kind) -> Comparison:
    """The sums against those of one kind."""
    I, J, L = sums.sizes
    reads = _READS[kind]
    places = ((i, j, reads(i, j, J)) for i in range(I) for j in range(J))
    ones = tuple(place for place in places if 0 <= place[2] < L)
    zero, scale = sums.field.zero, _common_scale(sums, ones)
    lacks = {place: (scale if place in ones else zero) - value for place, value in sums.found.items()}
    lacks |= {place: scale for place in ones if place not in sums.found}
    return Comparison(kind, ones, scale, {place: value for place, value in sorted(lacks.items()) if value})


def _common_scale(sums: Tensor, ones: tuple[Place, ...]) -> Element:
    """What at least half of the sums that should be 1 are; 1 if that is nothing, or if they are but nearly 1."""
    values = [sums.found.get(place, sums.field.zero) for place in ones]
    most = max(values, key=values.count)
    number = values.count(most)
    nearly = number < len(values) and abs(sums.field.to_sympy(most) - 1) <= NEARLY
    return most if most and 2 * number >= len(values) and not nearly else sums.field.one


def least_wrong(axis: Transforms) -> tuple[int, Kind]:
    """How many sums are wrong, for the kind of convolution to which the matrices come nearest."""
    sums = tensor(axis)
    nearest = min((compare(sums, kind) for kind in kinds_of_shape(axis)), key=lambda one: len(one.missing))
    return len(nearest.missing), nearest.kind
