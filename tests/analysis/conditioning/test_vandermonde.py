"""Vandermonde matrices, against numpy's and the polynomials that they evaluate."""

import numpy as np
import pytest
import sympy

from tests.golden import Golden
from wincook.analysis.conditioning.vandermonde import vandermonde
from wincook.errors import PointsError
from wincook.points import Points


@pytest.mark.parametrize("text", ["0, 1, -1, 2, -2, ∞", "1/2, 3, -5/4", "∞, 7"])
def test_finite_rows_are_those_of_numpy(text: str) -> None:
    points = Points.parse(text)
    values = [float(sympy.sympify(point)) for point in points.finite]
    square = np.array(vandermonde(points, infinity=False).tolist(), float)
    np.testing.assert_allclose(square, np.vander(values, increasing=True), rtol=1e-15)


def test_rows_evaluate_a_polynomial_and_infinity_takes_its_last_coefficient() -> None:
    points = Points.parse("0, √2, -1/3, ∞")
    x = sympy.Symbol("x")
    coefficients = sympy.Matrix([5, -2, 3, 7])
    polynomial = sum(c * x**i for i, c in enumerate(coefficients))
    values = vandermonde(points) * coefficients
    for value, point in zip(values, points.items, strict=True):
        expected = 7 if point == sympy.oo else polynomial.subs(x, point)
        assert sympy.expand(value - expected) == 0


@pytest.mark.parametrize("text", ["0, x^2+1, ∞", "0, 1±i, ∞", "∞"])
def test_what_has_no_real_row_is_refused(
    text: str,
    golden: Golden,
) -> None:
    with golden.raises(PointsError):
        vandermonde(Points.parse(text), infinity=text != "∞")
