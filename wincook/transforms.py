"""The three matrices of a bilinear algorithm, y = AT [(G g) ⊙ (BT d)], as one exact value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, reduce
from numbers import Rational
from operator import add, mul
from typing import Any, Literal

import sympy
from sympy.polys.domains import GF
from sympy.polys.matrices import DomainMatrix

from wincook.arguments import instance, items, whole_number
from wincook.errors import AlgorithmError, PointsError, quoted
from wincook.exact.field import common_field, simplest
from wincook.exact.notation import read, text
from wincook.factor import expressions
from wincook.shown import Shown, brief
from wincook.tile import Tile

Factors = tuple[sympy.ImmutableMatrix, ...]
Matrices = tuple[sympy.ImmutableMatrix, sympy.ImmutableMatrix, sympy.ImmutableMatrix]  # AT, G, BT
Letter = Literal["AT", "G", "BT"]
LETTERS: tuple[Letter, ...] = ("AT", "G", "BT")

_MATRIX = "[[1, 0], [0, 1]]"


@dataclass(frozen=True, slots=True)
class Transforms(Shown):
    """The exact matrices of one set, over one field: `AT` (m×R), `G` (R×r), `BT` (R×n).

    A matrix may be a product of sparse ones, which is then how it is applied: `AT_factors`, `G_factors` and
    `BT_factors` hold them from left to right; none means the matrix itself. All may be given as lists of rows, of
    integers, fractions or text such as `√2/2`.

    Raises:
        AlgorithmError: no matrices, entries that are not exact, or shapes that do not fit one another.
        NotationError: text that is no number.
    """

    AT: sympy.ImmutableMatrix
    G: sympy.ImmutableMatrix
    BT: sympy.ImmutableMatrix
    AT_factors: Factors = ()
    G_factors: Factors = ()
    BT_factors: Factors = ()

    __repr__ = brief

    def __post_init__(self) -> None:
        for letter in LETTERS:
            object.__setattr__(self, letter, exact_matrix(letter, getattr(self, letter)))
            factors = _factors(letter, getattr(self, f"{letter}_factors"))
            object.__setattr__(self, f"{letter}_factors", factors)
        if not self.AT.cols == self.G.rows == self.BT.rows:
            raise AlgorithmError(
                f"AT has {self.AT.cols} columns, G {self.G.rows} rows and BT {self.BT.rows} rows; "
                "all three must be the number of multiplications"
            )
        if not self.AT.cols:
            raise AlgorithmError("AT has no columns, and G and BT no rows; an algorithm takes one product or more")
        for letter in LETTERS:
            factors = getattr(self, f"{letter}_factors")
            if factors and not _is_product(getattr(self, letter), factors):
                raise AlgorithmError(f"the factors of {letter} do not multiply to {letter}")

    @classmethod
    def of_factors(cls, AT_factors: Factors, G_factors: Factors, BT_factors: Factors) -> Transforms:
        """The transforms that products of matrices are, one factor or more for each.

        Raises:
            AlgorithmError: no factors, or such as cannot be multiplied, or products that do not fit one another.
        """
        all_factors = tuple(map(_factors, LETTERS, (AT_factors, G_factors, BT_factors)))
        kept = (factors if len(factors) > 1 else () for factors in all_factors)
        return cls(*(_product(factors) for factors in all_factors), *kept)

    @property
    def tile(self) -> Tile:
        """The one-dimensional F(m,r) whose shape the matrices have, or F(m,r)/s if BT reads so many more inputs."""
        m, r = self.AT.rows, self.G.cols
        stride, rest = divmod(self.BT.cols - r, m - 1) if m > 1 else (1, 0)
        return Tile((m,), (r,), (stride if stride > 1 and not rest else 1,))

    @property
    def multiplications(self) -> int:
        """R."""
        return int(self.AT.cols)

    @property
    def free_symbols(self) -> set[sympy.Symbol]:
        """The symbols in the matrices."""
        return {symbol for matrix in (self.AT, self.G, self.BT) for symbol in matrix.free_symbols}

    def at(self, values: Mapping[sympy.Symbol, sympy.Expr]) -> Transforms:
        """The matrices with values in place of symbols.

        Raises:
            PointsError: there an entry has a pole, since two points meet; or no values for symbols are given.
        """
        values = expressions(values)

        def substituted(matrix: sympy.ImmutableMatrix) -> sympy.ImmutableMatrix:
            entries = matrix.xreplace(values)
            if entries.has(sympy.zoo, sympy.nan, sympy.oo):
                names = ", ".join(f"{symbol} = {text(value)}" for symbol, value in values.items())
                raise PointsError(f"two points meet at {names}; the algorithm has a pole there")
            return entries.applyfunc(simplest)

        return Transforms(
            *(substituted(matrix) for matrix in (self.AT, self.G, self.BT)),
            *(tuple(map(substituted, factors)) for factors in (self.AT_factors, self.G_factors, self.BT_factors)),
        )

    def __str__(self) -> str:
        matrices = ((letter, getattr(self, letter)) for letter in LETTERS)
        shapes = (f"{letter} {matrix.rows}×{matrix.cols}" for letter, matrix in matrices)
        return f"{self.tile}, {', '.join(shapes)}"

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


def exact_matrix(name: str, given: Any) -> sympy.ImmutableMatrix:
    """A matrix of exact numbers; sympy's are taken as they are.

    Raises:
        AlgorithmError: no matrix, or an entry that is not exact.
        NotationError: an entry in text that is no number.

    >>> from fractions import Fraction
    >>> exact_matrix("G", [[1, "1/2"], [0, Fraction(1, 3)]])
    Matrix([
    [1, 1/2],
    [0, 1/3]])
    """
    if isinstance(given, sympy.MatrixBase):
        return sympy.ImmutableMatrix(given)
    rows = [
        items(f"a row of {name}", row, "[1, 0]", AlgorithmError) for row in items(name, given, _MATRIX, AlgorithmError)
    ]
    if not rows or not rows[0] or len(set(map(len, rows))) > 1:
        raise AlgorithmError(
            f"{name} has rows of {', '.join(str(len(row)) for row in rows) or 'no'} numbers; give a matrix"
        )
    return sympy.ImmutableMatrix([[_exact(name, entry) for entry in row] for row in rows])


def _exact(name: str, entry: Any) -> sympy.Expr:
    if isinstance(entry, str):
        return simplest(read(entry))
    if isinstance(entry, Rational) and not isinstance(entry, bool):
        return sympy.Rational(int(entry.numerator), int(entry.denominator))
    if isinstance(entry, sympy.Expr) and not entry.has(sympy.Float):
        return entry
    raise AlgorithmError(f"{quoted(entry)} in {name} is not exact; give a fraction, or text such as 1/2, 0.3 or √2/2")


def in_one_field(*matrices: sympy.ImmutableMatrix, modulus: int = 0) -> list[DomainMatrix]:
    """The matrices over the smallest sympy field that holds all their entries; over GF(p) for a modulus p.

    Raises:
        AlgorithmError: no matrices; or a modulus, and entries that are no integers.
        PointsError: entries that no field holds.
    """
    modulus = whole_number("modulus", modulus, 0, None, AlgorithmError)
    hint = "wincook.transforms.exact_matrix makes one"
    matrices = tuple(instance("matrix", matrix, sympy.ImmutableMatrix, hint, AlgorithmError) for matrix in matrices)
    if modulus:
        if strange := next((entry for matrix in matrices for entry in matrix if not entry.is_Integer), None):
            raise AlgorithmError(
                f"{text(strange)} is no residue modulo {quoted(modulus)}; matrices modulo a prime hold integers"
            )
        return [matrix.to_DM().convert_to(GF(modulus)).to_dense() for matrix in matrices]
    if all(entry.is_Rational for matrix in matrices for entry in matrix):
        return [matrix.to_DM().convert_to(sympy.QQ).to_dense() for matrix in matrices]
    field = common_field(entry for matrix in matrices for entry in matrix)

    @cache
    def element(entry: sympy.Expr) -> Any:
        """What entries have in common, such as roots, is looked up in the field once."""
        if entry.is_Add or entry.is_Mul:
            return reduce(add if entry.is_Add else mul, map(element, entry.args))
        if entry.is_Pow and entry.exp.is_Integer:
            return element(entry.base) ** int(entry.exp)
        return field.from_sympy(entry)

    return [
        DomainMatrix([[element(entry) for entry in row] for row in matrix.tolist()], matrix.shape, field)
        for matrix in matrices
    ]


def _factors(letter: Letter, factors: object) -> Factors:
    listed = items(f"factors of {letter}", factors, "()", AlgorithmError)
    return tuple(exact_matrix(f"a factor of {letter}", factor) for factor in listed)


def _product(factors: Factors) -> sympy.ImmutableMatrix:
    if not factors:
        raise AlgorithmError("a product of no matrices is none; give one factor or more")
    first, *rest = in_one_field(*factors)
    for factor in rest:
        if first.shape[1] != factor.shape[0]:
            shapes = " and ".join(str(matrix.shape) for matrix in factors)
            raise AlgorithmError(f"factors of {shapes} cannot be multiplied; columns of each must be rows of the next")
        first *= factor
    return sympy.ImmutableMatrix(first.to_Matrix())


def _is_product(matrix: sympy.ImmutableMatrix, factors: Factors) -> bool:
    one_matrix, product = in_one_field(matrix, _product(factors))
    return bool(product == one_matrix)


def _transposed(factors: Factors) -> Factors:
    return tuple(factor.T for factor in reversed(factors))
