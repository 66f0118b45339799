from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy

import wincook as wc
from wincook.analysis.condition import condition, conditions


def floats(matrix: sympy.ImmutableMatrix) -> np.ndarray:
    return np.array(matrix.tolist(), dtype=float)


@pytest.mark.parametrize("tile", ["F(2,3)", "F(4,3)", "F(6,3)", "F(3,5)", "F(1,4)", "F(4,1)"])
@pytest.mark.parametrize("name", ["AT", "G", "BT"])
def test_numbers_agree_with_numpy(tile: str, name: str) -> None:
    matrix = getattr(wc.algorithm(tile).axes[0], name)
    found, A = condition(matrix), floats(matrix)
    inverse = np.linalg.pinv(A)
    assert found.kappa_1 == pytest.approx(np.linalg.norm(A, 1) * np.linalg.norm(inverse, 1), rel=1e-9)
    assert found.kappa_2 == pytest.approx(np.linalg.cond(A), rel=1e-9)
    assert found.kappa_inf == pytest.approx(np.linalg.norm(A, np.inf) * np.linalg.norm(inverse, np.inf), rel=1e-9)


def test_two_dimensions_are_the_kronecker_product() -> None:
    algorithm = wc.algorithm("F(2x4,3x2)")
    found = conditions(algorithm)
    for name in ("AT", "G", "BT"):
        first, second = (floats(getattr(axis, name)) for axis in algorithm.axes)
        whole = sympy.ImmutableMatrix(
            sympy.kronecker_product(*(sympy.Matrix(getattr(axis, name)) for axis in algorithm.axes))
        )
        assert getattr(found, name).kappa_2 == pytest.approx(np.linalg.cond(np.kron(first, second)), rel=1e-9)
        assert getattr(found, name).kappa_1 == pytest.approx(condition(whole).kappa_1, rel=1e-9)
        assert getattr(found, name).kappa_inf == pytest.approx(condition(whole).kappa_inf, rel=1e-9)


def test_ill_conditioned_matrices_do_not_lose_their_digits() -> None:
    """The Hilbert matrix, symmetric and positive: κ₂ is the ratio of its eigenvalues, here with sixty digits."""
    hilbert = sympy.ImmutableMatrix(12, 12, lambda i, j: sympy.Rational(1, i + j + 1))
    with mpmath.workdps(60):
        eigenvalues = mpmath.eigsy(mpmath.hilbert(12), eigvals_only=True)
        expected = float(max(eigenvalues) / min(eigenvalues))
    assert condition(hilbert).kappa_2 == pytest.approx(expected, rel=1e-12)
    assert np.linalg.cond(floats(hilbert)) != pytest.approx(expected, rel=1e-3)
