from __future__ import annotations

import re
from typing import Any

import pytest
import sympy

from tests.golden import Golden
from wincook.errors import NotationError, PointsError
from wincook.exact.notation import X
from wincook.factor import INFINITY, Factor, cyclotomic_factors, parse_factor
from wincook.points import Points


@pytest.mark.parametrize(
    ("text", "polynomial"),
    [
        ("x^2+1", X**2 + 1),
        ("-x^2 + x - 1", X**2 - X + 1),
        ("2x^2+1", X**2 + sympy.Rational(1, 2)),
        ("x^4-x^2+1", X**4 - X**2 + 1),
        ("1/2*x^3-1", X**3 - 2),
        ("x-3/4", X - sympy.Rational(3, 4)),
        ("1+x^2+x^2", X**2 + sympy.Rational(1, 2)),
    ],
)
def test_polynomials_are_read_exactly_and_made_monic(text: str, polynomial: sympy.Expr) -> None:
    (item,) = parse_factor(text)
    assert sympy.expand((item.base if isinstance(item, Factor) else X - item) - polynomial) == 0


@pytest.mark.parametrize(
    ("text", "printed", "degree"),
    [
        ("0, ±1, x^2+1, inf", "0, ±1, x^2+1, ∞", 6),
        ("x²±x+1", "x^2+x+1, x^2-x+1", 4),
        ("(x-1)^2, -1, 0, ∞^3", "(x-1)^2, -1, 0, ∞^3", 7),
        ("(x^2+1)^2, oo", "(x^2+1)^2, ∞", 5),
        ("x-5, x, x+1/2", "5, 0, -1/2", 3),
        ("cyclotomic(6)", "±1, x^2+x+1, x^2-x+1", 6),
        ("inf^1, (x)^1", "∞, 0", 2),
        ("2x^2+1", "x^2+1/2", 2),
    ],
)
def test_factors_round_trip(text: str, printed: str, degree: int) -> None:
    points = Points.parse(text)
    assert str(points) == printed
    assert Points.parse(printed) == points
    assert points.degree == degree


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x^2-1, 0", "x-1, x+1"),
        ("x^4+4", "reducible"),
        ("x^2+1, x^2+1", "stands twice"),
        ("(x-1)^2, 1", "(x-1)^2 and 1"),
        ("∞^2, ∞", "∞^2 and ∞"),
        ("x^2+1, (x^2+1)^3", "root in common"),
        ("x^2+1, 2x^2+2", "stands twice"),
        ("(x^2+1)^0", "power 0"),
    ],
)
def test_factors_that_are_not_coprime_or_irreducible_are_named(text: str, named: str) -> None:
    with pytest.raises(PointsError) as caught:
        Points.parse(text)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "x^2+",
        "x^^2",
        "x/0",
        "1/0x",
        "1/x",
        "(x+1)^2/x",
        "x^99",
        "x**2",
        "__import__('os')x",
        "cyclotomic(0)",
        "cyclotomic(65)",
        "1^2",
        "(x^2+1",
        "x^2+1)^2",
        "∞^x",
        "x2",
        "(1)^2",
    ],
)
def test_nonsense_is_refused_and_quoted(text: str) -> None:
    with pytest.raises(NotationError) as caught:
        Points.parse(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 6, 8, 12, 15])
def test_cyclotomic_factors_multiply_to_what_they_should(order: int) -> None:
    assert sympy.expand(sympy.prod(cyclotomic_factors(order)) - (X**order - 1)) == 0


def test_a_factor_knows_its_degree_and_coefficients(golden: Golden) -> None:
    assert Factor(INFINITY, 3).degree == 3
    assert Factor(X**2 + 1, 2).coefficients == [1, 0, 2, 0, 1]
    with golden.raises(PointsError):
        Factor(sympy.Integer(3))


@pytest.mark.parametrize(
    ("base", "power", "why"),
    [
        ("x^2+1", 1.5, "the power of a factor = 1.5"),
        ("x^2+1", True, "the power of a factor = True"),
        (3.5, 1, "3.5 is no exact polynomial"),
        (None, 1, "None is no exact polynomial"),
        (sympy.sin(sympy.Symbol("x")), 1, "is no exact polynomial"),
        (0.5 * sympy.Symbol("x") + 1, 1, "is no exact polynomial"),
        ("x-1", 10**9, "has degree 1000000000"),
    ],
    ids=str,
)
def test_what_is_no_factor_is_refused(base: Any, power: Any, why: str, golden: Golden) -> None:
    with golden.raises(PointsError, match=re.escape(why)):
        Factor(base, power)
