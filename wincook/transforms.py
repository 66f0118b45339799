"""The three matrices of a bilinear algorithm, y = AT [(G g) ⊙ (BT d)], as one exact value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy
from sympy.polys.constructor import construct_domain
from sympy.polys.domains import GF
from sympy.polys.matrices import DomainMatrix

from wincook.errors import AlgorithmError
from wincook.tile import Tile

Factors = tuple[sympy.ImmutableMatrix, ...]


@dataclass(frozen=True, slots=True)
class Transforms:
    """The exact matrices of one set, over one field: `AT` (m×R), `G` (R×r), `BT` (R×n).

    A matrix may be a product of sparse ones, which is then how it is applied: `AT_factors`, `G_factors` and
    `BT_factors` hold them from left to right; none means the matrix itself.
    """

    AT: sympy.ImmutableMatrix
    G: sympy.ImmutableMatrix
    BT: sympy.ImmutableMatrix
    AT_factors: Factors = ()
    G_factors: Factors = ()
    BT_factors: Factors = ()

    def __post_init__(self) -> None:
        if not self.AT.cols == self.G.rows == self.BT.rows:
            raise AlgorithmError(
                f"AT has {self.AT.cols} columns, G {self.G.rows} rows and BT {self.BT.rows} rows; "
                "all three must be the number of multiplications"
            )
        for letter in ("AT", "G", "BT"):
            factors = getattr(self, f"{letter}_factors")
            if factors and not _is_product(getattr(self, letter), factors):
                raise AlgorithmError(f"the factors of {letter} do not multiply to {letter}")

    @property
    def tile(self) -> Tile:
        """The one-dimensional F(m,r) whose shape the matrices have."""
        return Tile((self.AT.rows,), (self.G.cols,))

    @property
    def multiplications(self) -> int:
        """R."""
        return int(self.AT.cols)

    def transpose(self) -> Transforms:
        """AT and BT change places: the adjoint in d."""
        return Transforms(
            self.BT.T, self.G, self.AT.T, _transposed(self.BT_factors), self.G_factors, _transposed(self.AT_factors)
        )

    def exchange(self) -> Transforms:
        """AT and G change places: the adjoint in g."""
        return Transforms(
            self.G.T, self.AT.T, self.BT, _transposed(self.G_factors), _transposed(self.AT_factors), self.BT_factors
        )

    def flip(self) -> Transforms:
        """The same for a filter that is read backwards."""
        *left, right = self.G_factors or (self.G,)
        factors = (*left, right[:, ::-1]) if left else ()
        return replace(self, G=self.G[:, ::-1], G_factors=factors)


def in_one_field(*matrices: sympy.ImmutableMatrix, modulus: int = 0) -> list[DomainMatrix]:
    """The matrices over the smallest sympy field that holds all their entries; over GF(p) for a modulus p."""
    if modulus:
        return [matrix.to_DM().convert_to(GF(modulus)).to_dense() for matrix in matrices]
    if all(entry.is_Rational for matrix in matrices for entry in matrix):
        return [matrix.to_DM().convert_to(sympy.QQ).to_dense() for matrix in matrices]
    entries = [entry for matrix in matrices for entry in matrix]
    field, elements = construct_domain(entries, field=True, extension=True)
    numbers = iter(elements)
    return [
        DomainMatrix([[next(numbers) for _ in range(matrix.cols)] for _ in range(matrix.rows)], matrix.shape, field)
        for matrix in matrices
    ]


def _is_product(matrix: sympy.ImmutableMatrix, factors: Factors) -> bool:
    whole, first, *rest = in_one_field(matrix, *factors)
    for factor in rest:
        first *= factor
    return bool(first == whole)


def _transposed(factors: Factors) -> Factors:
    return tuple(factor.T for factor in reversed(factors))
