from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, sqrt

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.conditioning.condition import condition, conditions
from wincook.construct.residue.modular import modular
from wincook.errors import AlgorithmError

ORDERS = {"1": 1, "2": 2, "inf": np.inf, "f": "fro"}

entries = st.fractions(min_value=-4, max_value=4, max_denominator=6)


def floats(matrix: sympy.ImmutableMatrix) -> np.ndarray:
    return np.array(matrix.tolist(), dtype=float)


def agrees(matrix: sympy.ImmutableMatrix, rel: float = 1e-9) -> None:
    """Every number is numpy's."""
    computed, A = condition(matrix), floats(matrix)
    inverse = np.linalg.pinv(A)
    for name, order in ORDERS.items():
        norm = np.linalg.norm(A, order)  # type: ignore[call-overload]
        assert getattr(computed, f"norm_{name}") == near(norm, rel=1e-13)
        expected = norm * np.linalg.norm(inverse, order)  # type: ignore[call-overload]
        assert getattr(computed, f"kappa_{name}") == near(expected, rel=rel)


@pytest.mark.parametrize("tile", ["F(2,3)", "F(6,3)", "F(3,5)", "F(1,4)", "F(4,1)"])
@pytest.mark.parametrize("name", ["AT", "G", "BT"])
def test_numbers_agree_with_numpy(tile: str, name: str) -> None:
    agrees(getattr(wc.algorithm(tile).axes[0], name))


def test_irrational_and_joint_matrices_too() -> None:
    agrees(wc.algorithm("F(4,3)", "0, ±√2, ±√2/2, ∞").axes[0].BT)
    agrees(wc.algorithm("F(2x2,3x3)", "0, x^2+1, ∞", joint=True).axes[0].AT)


@pytest.mark.slow
@settings(max_examples=16)
@given(st.lists(st.lists(entries, min_size=3, max_size=3), min_size=2, max_size=5))
def test_any_matrix_of_full_rank(rows: list[list[Rational]]) -> None:
    matrix = sympy.ImmutableMatrix([[Rational(c.numerator, c.denominator) for c in row] for row in rows])
    singular = np.linalg.svd(floats(matrix), compute_uv=False)
    if matrix.rank() < min(matrix.shape):
        with pytest.raises(AlgorithmError, match="not of full rank"):
            condition(matrix)
    elif singular[-1] > 1e-3 * singular[0]:
        agrees(matrix, rel=1e-8)


def test_by_hand() -> None:
    """A = [[1, 2], [0, 2]] has the inverse [[1, -1], [0, 1/2]]; AᵀA has the trace 9 and the determinant 4."""
    computed = condition(sympy.ImmutableMatrix([[1, 2], [0, 2]]))
    assert (computed.norm_1, computed.norm_inf, computed.norm_f) == (4.0, 3.0, 3.0)
    assert (computed.kappa_1, computed.kappa_inf) == (4 * 1.5, 3 * 2.0)
    assert computed.kappa_f == near(3 * 1.5, rel=1e-15)
    assert computed.kappa_2 == near(float((9 + sqrt(65)) / 4), rel=1e-14)


def test_two_dimensions_are_the_kronecker_product() -> None:
    algorithm = wc.algorithm("F(2x4,3x2)")
    computed = conditions(algorithm)
    for name in ("AT", "G", "BT"):
        nested = sympy.kronecker_product(*(sympy.Matrix(getattr(axis, name)) for axis in algorithm.axes))
        expected = condition(sympy.ImmutableMatrix(nested))
        for number in (*(f"kappa_{order}" for order in ORDERS), *(f"norm_{order}" for order in ORDERS)):
            assert getattr(getattr(computed, name), number) == near(getattr(expected, number), rel=1e-12)
    assert computed.product.kappa_f == near(computed.AT.kappa_f * computed.G.kappa_f * computed.BT.kappa_f, rel=1e-14)


def test_ill_conditioned_matrices_do_not_lose_their_digits() -> None:
    """The Hilbert matrix, symmetric and positive: κ₂ is the ratio of its eigenvalues, here with sixty digits."""
    hilbert = sympy.ImmutableMatrix(20, 20, lambda i, j: Rational(1, i + j + 1))
    with mpmath.workdps(60):
        eigenvalues = mpmath.eigsy(mpmath.hilbert(20), eigvals_only=True)
        expected = float(max(eigenvalues) / min(eigenvalues))
    assert condition(hilbert).kappa_2 == near(expected, rel=1e-12)
    assert np.linalg.cond(floats(hilbert)) != near(expected, rel=1e-3)


def test_entries_far_beyond_float64_do_not_overflow_on_the_way() -> None:
    """diag(10^200, 10^-100): its squares, and κ = 10^300 squared, are no floats."""
    computed = condition(sympy.ImmutableMatrix(sympy.diag(sympy.Integer(10) ** 200, Rational(1, 10**100))))
    assert computed.kappa_2 == near(1e300, rel=1e-12)
    assert computed.norm_f == near(1e200, rel=1e-12)


def test_residues_and_symbols_have_no_norms(golden: Golden) -> None:
    with golden.raises(AlgorithmError, match="17"):
        conditions(modular("F(4,3)", 17))
    with golden.raises(AlgorithmError):
        conditions(wc.algorithm("F(4,3)", "0, ±a, ±1/a, ∞"))
