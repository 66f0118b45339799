"""Points as people and programs write them."""

from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.errors import NotationError, PointsError
from wincook.factor import Factor
from wincook.points import Points


def values(text: str) -> list[Fraction | None]:
    """The points as Python's fractions, ∞ as None."""
    return [None if p == sympy.oo else Fraction(str(p)) for p in Points.parse(text)]


@pytest.mark.parametrize("pair", ["±1/2", "+-1/2", "+/-1/2", "± 1/2", "±0.5", "+-.5", "1/2, -1/2", "±2/4"])
def test_every_spelling_of_a_pair_is_plus_then_minus(pair: str) -> None:
    assert values(f"0, {pair}, inf") == [0, Fraction(1, 2), Fraction(-1, 2), None]


@pytest.mark.parametrize("infinity", ["∞", "inf", "Inf", "INF", "infinity", "oo", "OO", "+inf"])
def test_every_spelling_of_infinity(infinity: str) -> None:
    assert values(f"{infinity}, 0") == [None, 0]


@pytest.mark.parametrize("minus", ["-3/4", "\N{MINUS SIGN}3/4", "- 3/4", "-0.75", "-.75", "-3 / 4", "-3\t/\t4"])
def test_every_spelling_of_a_negative_point(minus: str) -> None:
    assert values(minus) == [Fraction(-3, 4)]


@pytest.mark.parametrize("text", ["0,1,∞", " 0 , 1 , ∞ ", "{0, 1, ∞}", "[0, 1, ∞]", "(0, 1, ∞)", "0,\n+1,\tinf"])
def test_blanks_and_brackets_do_not_matter(text: str) -> None:
    assert values(text) == [0, 1, None]


@given(st.integers(0, 10**6), st.integers(0, 10**12), st.integers(12, 15))
def test_decimals_are_read_exactly(integer: int, digits: int, width: int) -> None:
    fraction = f"{digits:0{width}d}"
    exact = integer + Fraction(digits, 10 ** len(fraction))
    assert values(f"{integer}.{fraction}") == [exact]
    assert values(f"-{integer}.{fraction}, ∞") == [-exact, None]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("", ""),
        ("   ", ""),
        ("0,,1", ""),
        ("0, 1,", ""),
        ("0, one", "one"),
        ("0; 1", "0; 1"),
        ("0 1", "0 1"),
        ("1e", "1e"),
        ("nan", "nan"),
        ("--1", "--1"),
        ("-+1", "-+1"),
        ("1/-2", "1/-2"),
        ("1._", "1._"),
        ("sqrt 2", "sqrt 2"),
        ("2^2", "2^2"),
        ("1/(a-a)", "1/(a-a)"),
        ("±", "±"),
        ("±1±2", "±1±2"),
        ("∓1", "∓1"),
        ("±-1", "±-1"),
        ("1 + -2", "1 + -2"),
        ("1 -2", "1 -2"),
        ("1/2e", "1/2e"),
        ("0x10", "0x10"),
        ("1e999999999", "1e999999999"),
        ("++inf", "++inf"),
        ("inf^1e1", "inf^1e1"),
        ("cyclotomic(٣)", "cyclotomic(٣)"),
    ],
)
def test_unreadable_points_are_named_with_a_valid_example(text: str, item: str) -> None:
    with pytest.raises(NotationError) as caught:
        Points.parse(text)
    assert repr(item) in str(caught.value)
    assert repr(text) in str(caught.value)
    assert "0, ±1, ±1/2, √2, x^2+1, ∞" in str(caught.value)


@pytest.mark.parametrize("text", ["-inf", "±∞", "+-oo", "\N{MINUS SIGN}∞"])
def test_a_signed_infinity_is_refused(text: str, golden: Golden) -> None:
    with golden.raises(NotationError):
        Points.parse(f"0, {text}")


@pytest.mark.parametrize("text", ["1/0", "0/0", "-1/0", "±3/000"])
def test_division_by_zero_is_refused(text: str, golden: Golden) -> None:
    with golden.raises(NotationError):
        Points.parse(text)


@pytest.mark.parametrize(
    "given",
    [
        (0, 1, -1, 2, -2, "inf"),
        [0, "±1", "±2", float("inf")],
        (sympy.Integer(0), 1, Fraction(-1), np.int64(2), np.float32(-2), sympy.oo),
        np.array([0, 1, -1, 2, -2, np.inf]),
        iter([Decimal(0), 1.0, -1.0, "2", "-2e0", Decimal("inf")]),
        ["0", "1", "-1", "2", "-2", "∞"],
        "0, 1, -1, 2, -2, inf",
    ],
    ids=lambda given: type(given).__name__,
)
def test_points_of_every_exact_kind_are_the_same(given: Any) -> None:
    points = Points.of(given)
    assert points == Points.parse("0, ±1, ±2, ∞")
    assert all(isinstance(item, sympy.Expr) for item in points)


def test_lists_hold_polynomials_roots_and_factors() -> None:
    x, a = sympy.symbols("x a")
    points = Points((sympy.sqrt(3 + 2 * sympy.sqrt(2)), x**2 + 1, 2 * x - a, Factor("x^2-x+1", np.int64(2)), 0.375))  # type: ignore[arg-type]
    assert str(points) == "1+√2, x^2+1, a/2, (x^2-x+1)^2, 3/8"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ((0.1, 0.2), r"the float 0\.1 is not 0\.1 exactly; write it as text '0\.1' or as a Fraction"),
        ([np.float32(0.3)], "as a Fraction"),
        ([0, 1, float("nan")], "nan is not exact"),
        ([0, float("-inf")], "-inf is not exact"),
        ([0, sympy.nan], "nan is not exact"),
        ([0, -sympy.oo], "-oo is not exact"),
        ([0, sympy.zoo], "zoo is not exact"),
        ([0, sympy.Float("0.5")], "is not exact"),
        ([0, sympy.pi], "not made of fractions"),
        ([0, 1j], "1j is not exact; give a fraction, or text"),
        ([True], "True is not exact"),
        ([None], "None is not exact"),
        ([[0, 1]], r"\[0, 1\] is not exact"),
        ([Decimal("nan")], "is not exact"),
        (5, r"points = 5 must be a sequence, such as \(0, 1, -1, 'inf'\)"),
        (None, "must be a sequence"),
        ({0: 1}, "must be a sequence"),
        (b"0, 1", "must be a sequence"),
        (range(10**9), "more than"),
        ([], "no points given"),
        ([0, 0.0], "stands twice"),
    ],
    ids=str,
)
def test_what_is_no_exact_point_is_refused(given: Any, why: str) -> None:
    with pytest.raises(PointsError, match=why):
        Points.of(given)


@settings(max_examples=40)
@given(st.floats())
def test_floats_are_taken_where_their_decimal_is_their_value(value: float) -> None:
    is_exact = isfinite(value) and Fraction(Decimal(repr(value))) == Fraction(value)
    if is_exact or value == float("inf"):
        item: Any = Points((value,)).items[0]
        assert item == sympy.oo if not is_exact else Fraction(int(item.p), int(item.q)) == Fraction(value)
    else:
        with pytest.raises(PointsError):
            Points((value,))


def test_so_many_points_are_read_and_no_more() -> None:
    words = ", ".join(map(str, range(1024)))
    assert len(Points.parse(words)) == len(Points(tuple(range(1024)))) == 1024
    too_many = "1025 points are too many; give at most 1,024"
    with pytest.raises(PointsError, match=too_many):
        Points.parse(f"{words}, inf")
    with pytest.raises(PointsError, match=too_many):
        Points(tuple(range(1025)))
