"""The tensor T[i,j,l] = Σ_k AT[i,k] G[k,j] BT[k,l] in one exact field, held against those of the convolutions.

It is a correlation F(m,r) if T = [l = i + j], a true convolution if T = [l = i + r - 1 - j], both with AT (m×R), G
(R×r) and BT (R×n); and a linear convolution if T = [i = j + l], with AT (n×R), G (R×r) and BT (R×m); each up to one
common scale (Winograd 1980; Blahut, *Fast Algorithms for Signal Processing* (2010), section 5.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

import sympy
from sympy.polys.domains.domain import Domain
from sympy.polys.matrices import DomainMatrix

from wincook.arguments import instance, whole_number
from wincook.errors import AlgorithmError, quoted
from wincook.exact.matrix import Element
from wincook.proof import Kind, Place, ones, shapes
from wincook.tile import Tile
from wincook.transforms import Transforms, in_one_field

Vectors = list[list[Element]]

_NO_SCALE = sympy.Rational(1, 50)  # so near 1, a common value of the sums is none that was meant: bfloat16 is that far


class Aim(NamedTuple):
    """What matrices may be meant to compute."""

    kind: Kind
    tile: Tile

    @property
    def sizes(self) -> Place:
        """How many i, j and l there are."""
        outputs, taps, inputs = shapes(self.tile, self.kind)
        return prod(outputs), prod(taps), prod(inputs)

    @property
    def ones(self) -> tuple[Place, ...]:
        """The places of the sums that should be 1; in more dimensions, those that are along every axis."""
        return ones(self.tile, self.kind)


@dataclass(frozen=True, slots=True)
class Tensor:
    """`nonzero` holds the sums other than zero; `vectors` the columns of AT, rows of G and rows of BT, by product."""

    field: Domain
    vectors: tuple[Vectors, Vectors, Vectors]
    nonzero: dict[Place, Element]

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
    """A tensor against one aim: `missing` is what the wrong sums lack of scale · wanted."""

    aim: Aim
    ones: tuple[Place, ...]
    scale: Element
    missing: dict[Place, Element]


def places_of(sizes: Place) -> Iterator[Place]:
    """All places of tensors of a size, l the fastest."""
    I, J, L = sizes
    return product(range(I), range(J), range(L))


def tensor(axis: Transforms, modulus: int = 0) -> Tensor:
    """All sums, exactly; modulo a prime, if one is given.

    Raises:
        AlgorithmError: no matrices; they hold numbers that are not exact, or modulo a prime, that are not whole; or the
            modulus is no prime.
    """
    axis = _matrices(axis)
    modulus = whole_number("modulus", modulus, 0, None, AlgorithmError)
    if modulus and not sympy.isprime(modulus):
        raise AlgorithmError(f"modulus = {quoted(modulus)} is no prime; give one, or 0")
    AT, G, BT = _over_one_field(axis, modulus)
    field = AT.domain
    G_columns = G.transpose().to_list()
    rows = [[a * g for a, g in zip(row, column, strict=True)] for row in AT.to_list() for column in G_columns]
    sums = (DomainMatrix(rows, (len(rows), axis.multiplications), field).to_dense() * BT).to_list()
    nonzero = {
        (*divmod(row, axis.G.cols), l): value for row, line in enumerate(sums) for l, value in enumerate(line) if value
    }
    return Tensor(field, (AT.transpose().to_list(), G.to_list(), BT.to_list()), nonzero)


def _over_one_field(axis: Transforms, modulus: int) -> list[DomainMatrix]:
    """AT, G and BT over the smallest field, or modulo a prime."""
    matrices = (axis.AT, axis.G, axis.BT)
    if any(matrix.has(sympy.Float) for matrix in matrices):
        raise AlgorithmError("the matrices hold floating-point numbers; exact ones, like 1/2, can be judged")
    if modulus and not all(entry.is_Integer for matrix in matrices for entry in matrix):
        raise AlgorithmError(f"the matrices hold modulo {modulus}, but not all entries are whole numbers")
    return in_one_field(*matrices, modulus=modulus)


def _matrices(axis: object) -> Transforms:
    return instance("matrices", axis, Transforms, "give Transforms(AT, G, BT)", AlgorithmError)


def aims_of_shape(axis: Transforms) -> tuple[Aim, ...]:
    """What the matrices of one axis can be meant to compute, by their shapes.

    Raises:
        AlgorithmError: nothing, or they are no matrices.
    """
    axis = _matrices(axis)
    i, j, l = axis.AT.rows, axis.G.cols, axis.BT.cols
    aims: list[Aim] = []
    if l == i + j - 1:
        aims += [Aim("correlation", Tile((i,), (j,))), Aim("true convolution", Tile((i,), (j,)))]
    if i == j + l - 1:
        aims += [Aim("linear convolution", Tile((l,), (j,)))]
    if not aims:
        raise AlgorithmError(f"AT is for {i} outputs and G for {j} taps, so BT needs {i + j - 1} columns, not {l}")
    return tuple(aims)


def compare(sums: Tensor, aim: Aim, *, scaled: bool = True) -> Comparison:
    """The sums against those of one aim, times what most of them are scaled by; or times 1, if not `scaled`."""
    ones = aim.ones
    zero, scale = sums.field.zero, _common_scale(sums, ones) if scaled else sums.field.one
    lacks = dict.fromkeys(ones, scale)
    lacks |= {place: lacks.get(place, zero) - value for place, value in sums.nonzero.items()}
    return Comparison(aim, ones, scale, {place: value for place, value in sorted(lacks.items()) if value})


def _common_scale(sums: Tensor, ones: tuple[Place, ...]) -> Element:
    """What at least half of the sums that should be 1 are; 1 if that is nothing, or if they are but nearly 1."""
    values = [sums.nonzero.get(place, sums.field.zero) for place in ones]
    most = max(values, key=values.count)
    number = values.count(most)
    off = abs(sums.field.to_sympy(most) - 1)
    nearly = number < len(values) and off.is_number and off <= _NO_SCALE
    return most if most and 2 * number >= len(values) and not nearly else sums.field.one


def least_wrong(axis: Transforms) -> tuple[int, Kind]:
    """How many sums are wrong, for the kind of convolution to which the matrices come nearest.

    Raises:
        AlgorithmError: no matrices, numbers that are not exact, or shapes that fit no convolution.
    """
    sums = tensor(axis)
    nearest = min((compare(sums, aim) for aim in aims_of_shape(axis)), key=lambda against: len(against.missing))
    return len(nearest.missing), nearest.aim.kind
