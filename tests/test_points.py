"""Point sets: reading, printing, refusing, defaults."""

import re
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wincook.errors import NotationError, PointsError
from wincook.factor import INFINITY, Factor
from wincook.points import Points

rationals = st.builds(sympy.Rational, st.integers(-12, 12), st.integers(1, 12))


def values(text: str) -> list[Fraction | None]:
    """The points as Python's fractions, ∞ as None."""
    return [None if p == sympy.oo else Fraction(str(p)) for p in Points.parse(text)]


@given(st.lists(rationals, unique=True, max_size=12), st.none() | st.integers(0, 12))
def test_parse_reads_back_what_print_writes(finite: list[sympy.Rational], place: int | None) -> None:
    items = list(finite)
    if place is not None or not items:
        items.insert(place or 0, INFINITY)
    points = Points(tuple(items))
    assert Points.parse(str(points)) == points
    assert len(points) == len(items)
    assert list(points) == items
    assert points.has_infinity == (INFINITY in items)
    assert points.finite == tuple(finite)


# In each line, items that have roots in common: a set takes at most one of a line.
OF_ALL_KINDS = [
    ["0", "(x)^3", "0.0"],
    ["-3/4", "(x+3/4)^2", "-0.75"],
    ["∞", "∞^4", "inf^2"],
    ["√2", "(x-√2)^2", "x^2-2", "2/√2"],
    ["1+√2", "√(3+2√2)"],
    ["-√√2/3"],
    ["±i/2", "x^2+1/4", "(x^2+1/4)^3"],
    ["2-i", "(x-2+i)^2"],
    ["x^2-√2x+1", "x^4+1"],
    ["x^2±x+1", "cyclotomic(3), x^2-x+1"],
    ["x^2+3i", "3x^2+9i"],
    ["±a", "(x-a)^2"],
    ["1/(a+1)", "2/(2a+2)"],
    ["(a-b)/(a+b)", "(x-(a-b)/(a+b))^2"],
    ["A*B", "I*B"],
    ["x^2+a/b*x+b²", "(x^2+a/b*x+b^2)^2"],
]


@settings(max_examples=50)
@given(st.permutations(OF_ALL_KINDS), st.integers(1, 3), st.data())
def test_points_of_all_kinds_read_back(lines: list[list[str]], number: int, data: st.DataObject) -> None:
    chosen = [data.draw(st.sampled_from(line)) for line in lines[:number]]
    assume(sum("√" in words for words in chosen) < 2)  # Q(√2, √√2, i, a, b) is slow
    points = Points.parse(", ".join(chosen))
    assert Points.parse(str(points)) == points
    assert str(Points.parse(str(points))) == str(points)
    assert points.degree == sum(item.degree if isinstance(item, Factor) else 1 for item in points)


@given(st.lists(rationals, unique=True, min_size=1, max_size=6))
def test_pairs_in_a_row_print_as_one(magnitudes: list[sympy.Rational]) -> None:
    positive = list(dict.fromkeys(abs(p) for p in magnitudes if p != 0))
    points = Points((*(item for p in positive for item in (p, -p)), INFINITY))
    assert str(points) == ", ".join([*(f"±{p}" for p in positive), "∞"])
    assert Points.parse(str(points)) == points


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
def test_decimals_are_read_exactly(whole: int, digits: int, width: int) -> None:
    fraction = f"{digits:0{width}d}"
    exact = whole + Fraction(digits, 10 ** len(fraction))
    assert values(f"{whole}.{fraction}") == [exact]
    assert values(f"-{whole}.{fraction}, ∞") == [-exact, None]


def test_a_decimal_prints_as_a_fraction() -> None:
    assert str(Points.parse("0.3")) == "3/10"


@pytest.mark.parametrize("text", ["1, 1", "1, 2/2", "0.5, 1/2", "±1, 1", "0, ±0", "+-0", "0, -0", "1, 2, 3, 2"])
def test_a_point_that_stands_twice_is_refused(text: str) -> None:
    with pytest.raises(PointsError, match="stands twice"):
        Points.parse(text)


def test_the_point_that_stands_twice_is_named() -> None:
    with pytest.raises(PointsError, match=r"point -3/4 stands twice in 0, ±3/4, -3/4"):
        Points.parse("0, ±3/4, -0.75")


@pytest.mark.parametrize("text", ["∞, ∞", "inf, 0, oo"])
def test_infinity_twice_is_refused(text: str) -> None:
    with pytest.raises(PointsError, match="point ∞ stands twice"):
        Points.parse(text)


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
def test_a_signed_infinity_is_refused(text: str) -> None:
    with pytest.raises(NotationError, match="∞ has no sign"):
        Points.parse(f"0, {text}")


@pytest.mark.parametrize("text", ["1/0", "0/0", "-1/0", "±3/000"])
def test_division_by_zero_is_refused(text: str) -> None:
    with pytest.raises(NotationError, match="divides by zero; write ∞"):
        Points.parse(text)


def test_no_points_at_all_are_refused() -> None:
    with pytest.raises(PointsError, match="no points given"):
        Points(())


@pytest.mark.parametrize("number", range(1, 61))
def test_default_gives_so_many_distinct_points_with_infinity(number: int) -> None:
    points = Points.default(number)
    assert len(points) == len(set(points)) == number
    assert points.has_infinity


def test_default_points_for_f23_are_winograds() -> None:
    assert str(Points.default(4)) == "0, ±1, ∞"


@pytest.mark.parametrize("number", [0, -1])
def test_default_refuses_fewer_than_one_point(number: int) -> None:
    with pytest.raises(PointsError, match="at least 1"):
        Points.default(number)


def test_of_takes_points_or_their_text() -> None:
    points = Points.parse("0, 1, ∞")
    assert Points.of(points) is points
    assert Points.of("0, 1, inf") == points


def test_order_distinguishes_point_sets() -> None:
    assert Points.parse("0, 1, ∞") != Points.parse("1, 0, ∞")


@pytest.mark.parametrize(
    "words", ["√2, 2/√2", "√(3+2√2), 1+√2", "a, (a*a+a)/(a+1)", "1/(a-b), -1/(b-a)", "√2/2a, a/√2", "x, 0", "I, i"]
)
def test_a_number_that_stands_twice_in_two_forms_is_refused(words: str) -> None:
    with pytest.raises(PointsError, match="stands twice"):
        Points.parse(words)


@pytest.mark.parametrize(
    ("words", "one", "other"),
    [
        ("x^2-2, 1, √2", "x^2-2", "√2"),
        ("x^2+1, 0, i, -i", "x^2+1", "i"),
        ("x^4+1, x^2-√2x+1", "x^4+1", "x^2-√2x+1"),
        ("(x-a)^2, a", "(-a+x)^2", "a"),
        ("x^2-a^2*2, √2a", "x^2-2a^2", "√2a"),
        ("√(2+√2)√(2-√2), √2", "√(2-√2)√(√2+2)", "√2"),
    ],
)
def test_factors_with_a_root_in_common_over_a_larger_field_are_named(words: str, one: str, other: str) -> None:
    with pytest.raises(PointsError, match="have a root in common") as caught:
        Points.parse(words)
    message = str(caught.value)
    assert message.startswith(f"{Points.parse(one)} and {Points.parse(other)} in ")


def test_letters_are_symbols_and_take_values() -> None:
    a, b = sympy.symbols("a b")
    points = Points.parse("0, ±a, 1/b, x^2+a, ∞")
    assert points.field == sympy.QQ.frac_field(a, b)
    assert points.at({a: sympy.sqrt(2), b: a}) == Points.parse("0, ±√2, 1/a, x^2+√2, ∞")
    assert points.at({}) == points
    for in_a, in_b, message in (
        (-1, 2, "x^2-1 is reducible"),
        (0, 2, "x^2 is reducible; write its factors: (x)^2"),
        (1, 0, "1/b becomes infinite at a = 1, b = 0"),
    ):
        with pytest.raises(PointsError, match=re.escape(message)):
            points.at({a: sympy.Integer(in_a), b: sympy.Integer(in_b)})


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
def test_what_is_no_factor_is_refused(base: Any, power: Any, why: str) -> None:
    with pytest.raises(PointsError, match=re.escape(why)):
        Factor(base, power)


def test_a_default_of_any_kind_of_integer() -> None:
    assert Points.default(np.int64(8)) == Points.default(8)  # type: ignore[arg-type]
    for wrong in (1.5, "8", True, 0, 10**30):
        with pytest.raises(PointsError, match="number of points"):
            Points.default(wrong)  # type: ignore[arg-type]


@settings(max_examples=100)
@given(st.floats())
def test_floats_are_taken_where_their_decimal_is_their_value(value: float) -> None:
    is_exact = isfinite(value) and Fraction(Decimal(repr(value))) == Fraction(value)
    if is_exact or value == float("inf"):
        item: Any = Points((value,)).items[0]
        assert item == sympy.oo if not is_exact else Fraction(int(item.p), int(item.q)) == Fraction(value)
    else:
        with pytest.raises(PointsError):
            Points((value,))
