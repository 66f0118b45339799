"""Condition numbers of the transforms.

κ_p(A) = ‖A‖_p ‖A⁺‖_p with the pseudo-inverse A⁺, exact until the last conversion; κ₂ is the ratio of the extreme
singular values. For p = 1, 2, ∞ the norm of a Kronecker product is the product of the norms, so a number in n
dimensions is the product over the axes. People ask for them; they predict real errors badly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy.polys.domains import QQ
from sympy.polys.matrices import DomainMatrix

from wincook.bilinear import BilinearAlgorithm
from wincook.program.schedule import exact

_BITS = 200
_FLOAT64_IS_ENOUGH = 1e8  # κ∞ below which the singular values are good to seven digits in float64


@dataclass(frozen=True, slots=True)
class Condition:
    """κ₁, κ₂ and κ∞ of one matrix, or of the Kronecker product of one per axis."""

    kappa_1: float
    kappa_2: float
    kappa_inf: float


@dataclass(frozen=True, slots=True)
class Conditions:
    """The condition numbers of the three transforms, over all axes."""

    AT: Condition
    G: Condition
    BT: Condition


def conditions(algorithm: BilinearAlgorithm) -> Conditions:
    """The condition numbers of an algorithm in all its dimensions.

    >>> from wincook.construct import algorithm
    >>> round(conditions(algorithm("F(4,3)", "0, ±1, ±2, ∞")).BT.kappa_2, 2)
    20.07
    """
    return Conditions(
        AT=_product([condition(axis.AT) for axis in algorithm.axes]),
        G=_product([condition(axis.G) for axis in algorithm.axes]),
        BT=_product([condition(axis.BT) for axis in algorithm.axes]),
    )


def condition(matrix: sympy.ImmutableMatrix) -> Condition:
    """The condition numbers of a matrix of full rank."""
    # Where entries are irrational, fractions that agree to 200 bits stand for them.
    rows = [
        [entry if isinstance(entry, Fraction) else entry.enclosure(_BITS)[0] for entry in row] for row in exact(matrix)
    ]
    A = DomainMatrix([[QQ(entry.numerator, entry.denominator) for entry in row] for row in rows], matrix.shape, QQ)
    tall = A if matrix.rows >= matrix.cols else A.transpose()
    inverse = (tall.transpose() * tall).inv() * tall.transpose()
    if matrix.rows < matrix.cols:
        inverse = inverse.transpose()
    kappa_1 = _one_norm(A) * _one_norm(inverse)
    kappa_inf = _one_norm(A.transpose()) * _one_norm(inverse.transpose())
    return Condition(float(kappa_1), _kappa_2(A, float(kappa_inf)), float(kappa_inf))


def _one_norm(A: DomainMatrix) -> Any:
    """The largest column sum of magnitudes, exact."""
    return max(sum(abs(entry) for entry in column) for column in A.transpose().to_list())


def _kappa_2(A: DomainMatrix, kappa_inf: float) -> float:
    rows = [[A.domain.to_sympy(entry) for entry in row] for row in A.to_list()]
    if kappa_inf < _FLOAT64_IS_ENOUGH:
        singular = np.linalg.svd(np.array(rows, dtype=float), compute_uv=False)
        return float(singular[0] / singular[-1])
    with mpmath.workdps(20 + int(mpmath.log10(kappa_inf))):
        exact = mpmath.matrix([[mpmath.mpf(entry.p) / entry.q for entry in row] for row in rows])
        values = mpmath.svd_r(exact, compute_uv=False)
        return float(max(values) / min(values))


def _product(per_axis: list[Condition]) -> Condition:
    return Condition(
        prod(one.kappa_1 for one in per_axis),
        prod(one.kappa_2 for one in per_axis),
        prod(one.kappa_inf for one in per_axis),
    )
