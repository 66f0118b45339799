"""The tensor of a convolution, and the proof of a bilinear algorithm: one identity, checked exactly for every entry.

In one dimension AT is m×R, G is R×r, BT is R×n. They compute F(m,r) exactly if (Winograd 1980; Lavin and Gray, arXiv
1509.09308, section 4)

    Σ_k AT[i,k] G[k,j] BT[k,l] = 1 if l = i + j, else 0      for every i < m, j < r, l < n.

For a true convolution the condition is l = i + r - 1 - j, for a linear convolution, i < n and l < m, it is i = j + l.
With a stride s, s·i stands for i in the first two, and s·l for l in the last. A
joint set for several axes has the same identity: then i, j and l run over all places of the tile, the last axis
fastest, and the condition holds along every axis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Literal

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.polys.matrices import DomainMatrix

from wincook.errors import AlgorithmError
from wincook.tile import Tile
from wincook.transforms import Transforms, in_one_field

_NAMED_AT_MOST = 3

Kind = Literal["correlation", "true convolution", "linear convolution"]
Place = tuple[int, int, int]  # i, j, l; in more dimensions each runs over all axes, the last fastest
Shape = tuple[int, ...]

_READS: dict[Kind, Callable[[int, int, int, int], int]] = {  # s·l of a linear convolution, l of the others
    "correlation": lambda i, j, _, s: s * i + j,
    "true convolution": lambda i, j, r, s: s * i + r - 1 - j,
    "linear convolution": lambda i, j, _r, _s: i - j,
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


def shapes(tile: Tile, kind: Kind) -> tuple[Shape, Shape, Shape]:
    """Of what is computed, of the filter and of what is read, along the axes."""
    if kind == "linear convolution":
        return tile.inputs, tile.taps, tile.outputs
    return tile.outputs, tile.taps, tile.inputs


def ones(tile: Tile, kind: Kind) -> tuple[Place, ...]:
    """The places where the tensor of a convolution is 1, in order; everywhere else it is 0.

    >>> ones(Tile.parse("F(2,2)"), "correlation")
    ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2))
    >>> ones(Tile.parse("F(2,2)/3"), "correlation")
    ((0, 0, 0), (0, 1, 1), (1, 0, 3), (1, 1, 4))
    """
    places: list[Place] = [(0, 0, 0)]
    for I, J, L, stride in zip(*shapes(tile, kind), tile.strides, strict=True):
        step = stride if kind == "linear convolution" else 1
        along = [(i, j, *divmod(_READS[kind](i, j, J, stride), step)) for i in range(I) for j in range(J)]
        places = [
            (i * I + p, j * J + q, l * L + read)
            for i, j, l in places
            for p, q, read, rest in along
            if 0 <= read < L and not rest
        ]
    return tuple(sorted(places))


def convolution_tensor(tile: Tile, kind: Kind) -> NDArray[np.int64]:
    """The same with its zeros: shape (outputs, taps, inputs), all axes in one."""
    tensor = np.zeros([prod(shape) for shape in shapes(tile, kind)], dtype=np.int64)
    tensor[tuple(zip(*ones(tile, kind), strict=True))] = 1
    return tensor


def check(tile: Tile, axis: Transforms, kind: Kind, modulus: int, name: str) -> int:
    """Check every sum; returns how many there are."""
    sizes = shapes(tile, kind)
    outputs, taps, inputs = map(prod, sizes)
    rank = axis.multiplications
    expected = {"AT": (outputs, rank), "G": (rank, taps), "BT": (rank, inputs)}
    for letter, shape in expected.items():
        if getattr(axis, letter).shape != shape:
            raise AlgorithmError(f"{letter} of {name} is {getattr(axis, letter).shape}; it must be {shape}")
    if any(matrix.has(sympy.Float) for matrix in (axis.AT, axis.G, axis.BT)):
        raise AlgorithmError(f"the matrices of {name} hold floating-point numbers; a proof needs exact ones, like 1/2")
    AT, G, BT = in_one_field(axis.AT, axis.G, axis.BT, modulus=modulus)
    G_columns = G.transpose().to_list()
    products = [[a * g for a, g in zip(row, column, strict=True)] for row in AT.to_list() for column in G_columns]
    tensor = (DomainMatrix(products, (len(products), rank), AT.domain) * BT).to_list()
    places_of_ones, values = set(ones(tile, kind)), (AT.domain.zero, AT.domain.one)
    wrong = []
    for (i, j), row in zip(product(range(outputs), range(taps)), tensor, strict=True):
        for l, entry in enumerate(row):
            right = int((i, j, l) in places_of_ones)
            if entry != values[right] and entry - values[right]:  # in Q(√2)(a) fractions differ by units
                wrong.append(((i, j, l), AT.domain.to_sympy(entry), right))
    if wrong:
        sums = "; ".join(
            "Σ_k AT[{},k]·G[k,{}]·BT[k,{}]".format(*map(_along_axes, place, sizes)) + f" = {entry}, not {right}"
            for place, entry, right in wrong[:_NAMED_AT_MOST]
        )
        more = f" and {len(wrong) - _NAMED_AT_MOST} more" if len(wrong) > _NAMED_AT_MOST else ""
        raise AlgorithmError(f"not the {kind} {name}: {sums}{more}")
    return len(products) * inputs


def _along_axes(place: int, shape: Shape) -> str:
    """A place among those of all axes, by its place along each."""
    return ",".join(str(index) for index in np.unravel_index(place, shape))
