"""Point sets: reading, printing, refusing, defaults."""

import re
from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.errors import PointsError
from wincook.factor import INFINITY, Factor
from wincook.points import Points

rationals = st.builds(sympy.Rational, st.integers(-12, 12), st.integers(1, 12))


def values(text: str) -> list[Fraction | None]:
    """The points as Python's fractions, ∞ as None."""
    return [None if p == sympy.oo else Fraction(str(p)) for p in Points.parse(text)]


@pytest.mark.slow
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


@pytest.mark.slow
@settings(max_examples=20)
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


def test_a_decimal_prints_as_a_fraction() -> None:
    assert str(Points.parse("0.3")) == "3/10"


@pytest.mark.parametrize("text", ["1, 1", "1, 2/2", "0.5, 1/2", "±1, 1", "0, ±0", "+-0", "0, -0", "1, 2, 3, 2"])
def test_a_point_that_stands_twice_is_refused(text: str, golden: Golden) -> None:
    with golden.raises(PointsError):
        Points.parse(text)


def test_the_point_that_stands_twice_is_named(golden: Golden) -> None:
    with golden.raises(PointsError, match=r"-3/4.*0.*±3/4.*-3/4"):
        Points.parse("0, ±3/4, -0.75")


@pytest.mark.parametrize("text", ["∞, ∞", "inf, 0, oo"])
def test_infinity_twice_is_refused(text: str, golden: Golden) -> None:
    with golden.raises(PointsError):
        Points.parse(text)


def test_no_points_at_all_are_refused(golden: Golden) -> None:
    with golden.raises(PointsError):
        Points(())


def test_of_takes_points_or_their_text() -> None:
    points = Points.parse("0, 1, ∞")
    assert Points.of(points) is points
    assert Points.of("0, 1, inf") == points


def test_order_distinguishes_point_sets() -> None:
    assert Points.parse("0, 1, ∞") != Points.parse("1, 0, ∞")


@pytest.mark.parametrize(
    "words", ["√2, 2/√2", "√(3+2√2), 1+√2", "a, (a*a+a)/(a+1)", "1/(a-b), -1/(b-a)", "√2/2a, a/√2", "x, 0", "I, i"]
)
def test_a_number_that_stands_twice_in_two_forms_is_refused(words: str, golden: Golden) -> None:
    with golden.raises(PointsError):
        Points.parse(words)


@pytest.mark.parametrize(
    ("words", "item", "other"),
    [
        ("x^2-2, 1, √2", "x^2-2", "√2"),
        ("x^2+1, 0, i, -i", "x^2+1", "i"),
        ("x^4+1, x^2-√2x+1", "x^4+1", "x^2-√2x+1"),
        ("(x-a)^2, a", "(-a+x)^2", "a"),
        ("x^2-a^2*2, √2a", "x^2-2a^2", "√2a"),
        ("√(2+√2)√(2-√2), √2", "√(2-√2)√(√2+2)", "√2"),
    ],
)
def test_factors_with_a_root_in_common_over_a_larger_field_are_named(
    words: str, item: str, other: str, golden: Golden
) -> None:
    with golden.raises(PointsError) as caught:
        Points.parse(words)
    message = str(caught.value)
    assert message.startswith(f"{Points.parse(item)} and {Points.parse(other)} in ")


def test_letters_are_symbols_and_take_values(golden: Golden) -> None:
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
        with golden.raises(PointsError, match=re.escape(message)):
            points.at({a: sympy.Integer(in_a), b: sympy.Integer(in_b)})
