"""The proof of a bilinear algorithm: one identity, checked exactly for every entry of its tensor.

In one dimension AT is m×R, G is R×r, BT is R×n. They compute F(m,r) exactly if (Winograd 1980; Lavin and Gray, arXiv
1509.09308, section 4)

    Σ_k AT[i,k] G[k,j] BT[k,l] = 1 if l = i + j, else 0      for every i < m, j < r, l < n.

For a true convolution the condition is l = i + r - 1 - j, for a linear convolution, i < n and l < m, it is i = j + l. A
joint set for several axes has the same identity: then i, j and l run over all places of the tile, the last axis
fastest, and the condition holds along every axis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Literal

import sympy
from sympy.polys.matrices import DomainMatrix

from wincook.errors import AlgorithmError
from wincook.tile import Tile
from wincook.transforms import Transforms, in_one_field

_NAMED_AT_MOST = 3

Kind = Literal["correlation", "true convolution", "linear convolution"]
Sizes = tuple[int, ...]

_CONDITIONS: dict[Kind, Callable[[int, int, int, int], bool]] = {
    "correlation": lambda i, j, l, _: l == i + j,
    "true convolution": lambda i, j, l, r: l == i + r - 1 - j,
    "linear convolution": lambda i, j, l, _: i == j + l,
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What `verify` has shown: so many identities hold exactly, each a sum of R products, for all values of symbols."""

    tile: Tile
    multiplications: int
    identities: int
    symbols: tuple[str, ...] = ()

    def __str__(self) -> str:
        proven = f"{self.tile} with {self.multiplications} multiplications: {self.identities} identities hold exactly"
        return f"{proven}; symbols: {', '.join(self.symbols)}" if self.symbols else proven


def check(tile: Tile, axis: Transforms, kind: Kind, modulus: int, name: str) -> int:
    """Check every sum; returns how many there are."""
    linear = kind == "linear convolution"
    outputs, inputs = (tile.inputs, tile.outputs) if linear else (tile.outputs, tile.inputs)
    rank = axis.multiplications
    expected = {"AT": (prod(outputs), rank), "G": (rank, prod(tile.taps)), "BT": (rank, prod(inputs))}
    for letter, shape in expected.items():
        if getattr(axis, letter).shape != shape:
            raise AlgorithmError(f"{letter} of {name} is {getattr(axis, letter).shape}; it must be {shape}")
    if any(matrix.has(sympy.Float) for matrix in (axis.AT, axis.G, axis.BT)):
        raise AlgorithmError(f"the matrices of {name} hold floating-point numbers; a proof needs exact ones, like 1/2")
    AT, G, BT = in_one_field(axis.AT, axis.G, axis.BT, modulus=modulus)
    G_columns = G.transpose().to_list()
    products = [[a * g for a, g in zip(row, column, strict=True)] for row in AT.to_list() for column in G_columns]
    tensor = (DomainMatrix(products, (len(products), rank), AT.domain) * BT).to_list()
    wanted, conditions = _CONDITIONS[kind], (AT.domain.zero, AT.domain.one)
    wrong = []
    places = product(_places(outputs), _places(tile.taps))
    for (i, j), row in zip(places, tensor, strict=True):
        for l, found in zip(_places(inputs), row, strict=True):
            holds = all(wanted(*place) for place in zip(i, j, l, tile.taps, strict=True))
            if found != conditions[holds] and found - conditions[holds]:  # in Q(√2)(a) fractions differ by units
                names = (",".join(map(str, place)) for place in (i, j, l))
                wrong.append((tuple(names), AT.domain.to_sympy(found), int(holds)))
    if wrong:
        sums = "; ".join(
            f"Σ_k AT[{i},k]·G[k,{j}]·BT[k,{l}] = {found}, not {right}"
            for (i, j, l), found, right in wrong[:_NAMED_AT_MOST]
        )
        more = f" and {len(wrong) - _NAMED_AT_MOST} more" if len(wrong) > _NAMED_AT_MOST else ""
        raise AlgorithmError(f"not the {kind} {name}: {sums}{more}")
    return len(products) * prod(inputs)


def _places(sizes: Sizes) -> list[Sizes]:
    return list(product(*(range(size) for size in sizes)))
