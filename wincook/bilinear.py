"""Bilinear algorithms: exact matrices AT, G, BT, and the proof that they compute a convolution.

One axis computes y = AT [(G g) ⊙ (BT d)] with AT (m×R), G (R×r), BT (R×n) and R multiplications. It is the
convolution F(m,r) exactly if (Winograd 1980; Lavin and Gray, arXiv 1509.09308, section 4)

    Σ_k AT[i,k] G[k,j] BT[k,l] = 1 if l = i + j, else 0      for every i < m, j < r, l < n.

In more dimensions the axes nest: the tensor of the whole algorithm is the product of the tensors of its axes,
so it is right if every axis is, and this identity is all there is to check.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import sympy
from sympy.polys.matrices import DomainMatrix

from wincook.errors import AlgorithmError
from wincook.points import Points
from wincook.tile import Tile

_NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Transforms:
    """The exact matrices of one axis: `AT` (m×R), `G` (R×r), `BT` (R×n), over one domain."""

    AT: sympy.ImmutableMatrix
    G: sympy.ImmutableMatrix
    BT: sympy.ImmutableMatrix

    def __post_init__(self) -> None:
        if not self.AT.cols == self.G.rows == self.BT.rows:
            raise AlgorithmError(
                f"AT has {self.AT.cols} columns, G {self.G.rows} rows and BT {self.BT.rows} rows; "
                "all three must be the number of multiplications"
            )

    @property
    def tile(self) -> Tile:
        """The F(m,r) whose shape the matrices have."""
        return Tile((self.AT.rows,), (self.G.cols,))

    @property
    def multiplications(self) -> int:
        """R."""
        return int(self.AT.cols)


@dataclass(frozen=True, slots=True)
class Proof:
    """What `verify` has shown: so many identities hold exactly, each a sum of R products."""

    tile: Tile
    multiplications: int
    identities: int

    def __str__(self) -> str:
        return f"{self.tile} with {self.multiplications} multiplications: {self.identities} identities hold exactly"


@dataclass(frozen=True, slots=True)
class BilinearAlgorithm:
    """F(m,r) with one `Transforms` per axis, nested, and the points each axis was made from."""

    tile: Tile
    points: tuple[Points, ...]
    axes: tuple[Transforms, ...]

    @property
    def multiplications(self) -> int:
        """Multiplications of one tile: the product of R over the axes."""
        return prod(axis.multiplications for axis in self.axes)

    @property
    def least_multiplications(self) -> int:
        """What a nested algorithm needs at least: the product of m + r - 1 over the axes (Winograd 1980)."""
        return prod(self.tile.inputs)

    @property
    def point_names(self) -> str:
        """The points in text: once where all axes share them, else one set per axis, parted by `;`."""
        names = [str(points) for points in self.points]
        return names[0] if len(set(names)) == 1 else "; ".join(names)

    @property
    def name(self) -> str:
        """Tile and points; matrices that were not made from points go by their tile alone."""
        return f"{self.tile} on {{{self.point_names}}}" if self.points else str(self.tile)

    @property
    def speedup(self) -> float:
        """Multiplications of the direct method over those of this algorithm."""
        return self.tile.direct_multiplications / self.multiplications

    def verify(self) -> Proof:
        """Prove the algorithm, exactly and in full.

        Raises:
            AlgorithmError: names the first entries that are wrong, with the value they have.
        """
        if len(self.axes) != self.tile.dimension:
            raise AlgorithmError(f"{self.tile} has {self.tile.dimension} axes, but {len(self.axes)} sets of matrices")
        identities = 0
        for number, (tile, axis) in enumerate(zip(self.tile.axes, self.axes, strict=True)):
            _check_axis(tile, axis, f"axis {number} of {self.tile}" if len(self.axes) > 1 else str(self.tile))
            identities += tile.outputs[0] * tile.taps[0] * tile.inputs[0]
        return Proof(self.tile, self.multiplications, identities)

    def __str__(self) -> str:
        return f"{self.name}, {self.multiplications} multiplications"

    def _repr_latex_(self) -> str:
        """The matrices of each different axis, for notebooks."""
        lines = [
            rf"A^T = {sympy.latex(axis.AT)},\quad G = {sympy.latex(axis.G)},\quad B^T = {sympy.latex(axis.BT)}"
            for axis in dict.fromkeys(self.axes)
        ]
        return r"$\displaystyle " + r" \\ ".join(lines) + "$"


def _check_axis(tile: Tile, axis: Transforms, name: str) -> None:
    (m,), (r,), (n,) = tile.outputs, tile.taps, tile.inputs
    rank = axis.multiplications
    expected = {"AT": (m, rank), "G": (rank, r), "BT": (rank, n)}
    for letter, shape in expected.items():
        if getattr(axis, letter).shape != shape:
            raise AlgorithmError(f"{letter} of {name} is {getattr(axis, letter).shape}; it must be {shape}")
    AT, G, BT = DomainMatrix.unify(axis.AT.to_DM(), axis.G.to_DM(), axis.BT.to_DM(), fmt="dense")
    if not AT.domain.is_Exact:
        raise AlgorithmError(f"the matrices of {name} hold floating-point numbers; a proof needs exact ones, like 1/2")
    products = [
        [a * g for a, g in zip(AT_row, G_column, strict=True)]
        for AT_row in AT.to_list()
        for G_column in G.transpose().to_list()
    ]
    tensor = (DomainMatrix(products, (m * r, rank), AT.domain) * BT).to_list()
    wrong = [
        f"Σ_k AT[{i},k]·G[k,{j}]·BT[k,{l}] = {AT.domain.to_sympy(tensor[i * r + j][l])}, not {int(l == i + j)}"
        for i in range(m)
        for j in range(r)
        for l in range(n)
        if tensor[i * r + j][l] != AT.domain(int(l == i + j))
    ]
    if wrong:
        more = f" and {len(wrong) - _NAMED_AT_MOST} more" if len(wrong) > _NAMED_AT_MOST else ""
        raise AlgorithmError(f"not the convolution {name}: {'; '.join(wrong[:_NAMED_AT_MOST])}{more}")
