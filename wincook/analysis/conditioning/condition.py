"""Norms and condition numbers of exact matrices, and of the transforms of an algorithm.

κ_p(A) = ‖A‖_p ‖A⁺‖_p for p = 1, 2, ∞ and Frobenius's norm, with the pseudo-inverse A⁺ in exact arithmetic (Higham,
*Accuracy and Stability of Numerical Algorithms*, 2nd ed., sections 6.2 and 20.1). The norms for 1 and ∞ are exact until
the last conversion, Frobenius's up to its square root. ‖A‖₂ is the largest singular value of the entries in float64,
which is a well-conditioned number, and ‖A⁺‖₂ is another. So all numbers are good to 12 digits, however large κ is.
Where entries are irrational, fractions that agree to 400 bits stand for them.

The norm of a Kronecker product is the product of the norms, and its pseudo-inverse that of the pseudo-inverses: a
number in n dimensions is the product over the axes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy.polys.domains import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import AlgorithmError
from wincook.program.programs import exact

_BITS = 400
_DIGITS = 30  # of square roots and quotients, before they become float64


@dataclass(frozen=True, slots=True)
class Condition:
    """κ and ‖·‖ for 1 (column sums), 2 (spectral), ∞ (row sums) and F (Frobenius): of one matrix, or of a product."""

    kappa_1: float
    kappa_2: float
    kappa_inf: float
    kappa_f: float
    norm_1: float
    norm_2: float
    norm_inf: float
    norm_f: float


@dataclass(frozen=True, slots=True)
class Conditions:
    """The norms and condition numbers of the three transforms, over all axes."""

    AT: Condition
    G: Condition
    BT: Condition

    @property
    def product(self) -> Condition:
        """κ(AT) κ(G) κ(BT), and ‖AT‖ ‖G‖ ‖BT‖ likewise."""
        return product([self.AT, self.G, self.BT])


def conditions(algorithm: Subject) -> Conditions:
    """The condition numbers of an algorithm in all its dimensions.

    >>> from wincook.construct import algorithm
    >>> f43 = conditions(algorithm("F(4,3)", "0, ±1, ±2, ∞"))
    >>> round(f43.BT.kappa_2, 2), f43.BT.norm_inf
    (20.07, 10.0)

    Raises:
        AlgorithmError: matrices of residues or symbols, or not of full rank.
    """
    algorithm = algorithm_of(algorithm)
    if algorithm.modulus:
        raise AlgorithmError(f"{algorithm.name} holds modulo {algorithm.modulus}, where matrices have no norms")
    return Conditions(
        AT=product(condition(axis.AT) for axis in algorithm.axes),
        G=product(condition(axis.G) for axis in algorithm.axes),
        BT=product(condition(axis.BT) for axis in algorithm.axes),
    )


def product(factors: Iterable[Condition]) -> Condition:
    """Number by number: what the Kronecker product of the matrices has."""
    numbers = zip(*map(astuple, factors), strict=True)
    return Condition(*(prod(column) for column in numbers))


@lru_cache(maxsize=256)
def condition(matrix: sympy.ImmutableMatrix) -> Condition:
    """The norms and condition numbers of a matrix of full rank.

    Raises:
        AlgorithmError: it is not of full rank, or an entry is no real number.
    """
    A = _rational(matrix)
    norms = _norms(A)
    kappas = [a * b for a, b in zip(norms, _norms(_pseudo_inverse(A)), strict=True)]
    return Condition(*[*kappas, *norms])


def _norms(A: DomainMatrix) -> tuple[float, float, float, float]:
    """‖A‖ for 1, 2, ∞ and F."""
    rows = A.to_list()
    return (
        max(_float(sum(map(abs, column))) for column in zip(*rows, strict=True)),
        float(np.linalg.svd([[_float(entry) for entry in row] for row in rows], compute_uv=False)[0]),
        max(_float(sum(map(abs, row))) for row in rows),
        _float(sum(entry**2 for row in rows for entry in row), mpmath.sqrt),
    )


def _rational(matrix: sympy.ImmutableMatrix) -> DomainMatrix:
    rows = [
        [entry if isinstance(entry, Fraction) else entry.enclosure(_BITS)[0] for entry in row] for row in exact(matrix)
    ]
    return DomainMatrix([[QQ(entry.numerator, entry.denominator) for entry in row] for row in rows], matrix.shape, QQ)


def _pseudo_inverse(A: DomainMatrix) -> DomainMatrix:
    """A⁺ = (Aᵀ A)⁻¹ Aᵀ of a tall matrix, and the transposed of that for a wide one."""
    rows, columns = A.shape
    try:
        if rows == columns:
            return A.inv()
        if rows > columns:
            turned = A.transpose()
            return (turned * A).inv() * turned
    except DMNonInvertibleMatrixError:
        raise AlgorithmError(f"a {rows}×{columns} matrix is not of full rank, and has no condition number") from None
    return _pseudo_inverse(A.transpose()).transpose()


def _float(value: Any, function: Callable[[Any], Any] = lambda number: number) -> float:
    """A fraction, or a function of it, in float64; its parts may be far beyond the range of float64."""
    with mpmath.workdps(_DIGITS):
        return float(function(mpmath.mpf(int(value.numerator)) / int(value.denominator)))
