"""Numbers and polynomials in text: read as they stand, printed as they are read."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from tests.hang import at_once
from wincook.errors import LimitError, NotationError, WincookError, quoted
from wincook.exact.field import simplest
from wincook.exact.notation import X, read, text
from wincook.points import Points

a, b, A, B = sympy.symbols("a b A B")
fractions = st.builds(sympy.Rational, st.integers(-12, 12), st.integers(1, 12))
numbers = st.sampled_from([sympy.sqrt(2), sympy.root(2, 4), sympy.root(8, 4), sympy.I, a, b, A, B])
values = st.recursive(
    fractions | numbers,
    lambda inner: (
        st.builds(sympy.Add, inner, inner)
        | st.builds(sympy.Mul, inner, inner)
        | inner.filter(lambda value: simplest(value) != 0).map(lambda value: 1 / value)
    ),
    max_leaves=5,
)


@pytest.mark.slow
@given(values)
def test_what_prints_reads_back(value: sympy.Expr) -> None:
    form = simplest(value)
    assert simplest(read(text(form))) == form
    assert not set(text(form)) & set(" *")


@pytest.mark.slow
@given(st.lists(fractions | st.sampled_from([sympy.sqrt(2), -sympy.I / 3, a / 2, -A * b]), min_size=1, max_size=5))
def test_polynomials_that_print_read_back(coefficients: list[sympy.Expr]) -> None:
    value = sympy.expand(sympy.Poly(coefficients, X).as_expr())
    assert read(text(value)) == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1 / sympy.sqrt(1 + sympy.sqrt(2)), "1/(√(1+√2))"),
        ((1 + sympy.sqrt(2)) ** sympy.Rational(-1, 4), "1/(√√(1+√2))"),
        (1 / (1 + sympy.sqrt(2)), "1/(1+√2)"),
        (1 / a, "1/a"),
        (1 / (a * b), "1/(a·b)"),
        (a**-2, "1/(a^2)"),
        (sympy.root(2, 8), "√√√2"),
        (sympy.I / 2, "i/2"),
    ],
)
def test_roots_and_inverses_stand_as_people_write_them(value: sympy.Expr, words: str) -> None:
    assert text(value) == words
    assert simplest(read(words) - value) == 0


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1/2a", a / 2),
        ("1/(2a)", 1 / (2 * a)),
        ("-a/2-1", -a / 2 - 1),
        ("2√2/3", 2 * sympy.sqrt(2) / 3),
        ("2·√2·a*b", 2 * sympy.sqrt(2) * a * b),
        ("√√2", sympy.root(2, 4)),
        ("√(1+√2)", sympy.sqrt(1 + sympy.sqrt(2))),
        ("sqrt(2)sqrt(3)", sympy.sqrt(6)),
        ("√2a", sympy.sqrt(2) * a),
        ("√9", 3),
        ("√0", 0),
        ("√(1/4)", sympy.Rational(1, 2)),
        ("√(-4)", 2 * sympy.I),
        ("2i", 2 * sympy.I),
        ("I", sympy.I),
        ("3-i/2", 3 - sympy.I / 2),
        ("0.25x²-.5", X**2 / 4 - sympy.Rational(1, 2)),
        ("(1+√5)/2", (1 + sympy.sqrt(5)) / 2),
        ("(x+1)(x-1)", X**2 - 1),
        ("1\N{MINUS SIGN}2", -1),
        ("  1 /\t2 ", sympy.Rational(1, 2)),
        ("a^2b^3", a**2 * b**3),
        ("8/2/2", 2),
        ("1e-1", sympy.Rational(1, 10)),
        ("2.5E+3", 2500),
        ("5.", 5),
        (".5", sympy.Rational(1, 2)),
        ("1/2e3", sympy.Rational(1, 2000)),
        ("1e-1x^2-1E0", X**2 / 10 - 1),
        ("2×3", 6),
        ("3.√2", 3 * sympy.sqrt(2)),
    ],
)
def test_text_is_read_as_people_mean_it(words: str, value: sympy.Expr) -> None:
    assert read(words) == value


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (sympy.sqrt(2) / 2, "√2/2"),
        (-sympy.sqrt(3), "-√3"),
        (sympy.root(2, 4), "√√2"),
        (sympy.root(8, 4) / 3, "√√8/3"),
        (sympy.sqrt(1 + sympy.sqrt(2)), "√(1+√2)"),
        (A * B, "A·B"),
        (2 * sympy.I * a, "2i·a"),
        (1 - sympy.I, "1-i"),
        (X**2 - X / 2 + 1, "x^2-x/2+1"),
        (1 / a, "1/a"),
        ((a + b) / (a - b), "(a+b)/(a-b)"),
    ],
)
def test_values_print_as_people_write_them(value: sympy.Expr, printed: str) -> None:
    assert text(value) == printed


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", ""),
        ("√", ""),
        ("√()", ""),
        ("√-2", ""),
        ("sqrt", "write sqrt(2) or √2"),
        ("sqrt2", "write sqrt(2) or √2"),
        ("(1", "a bracket is not closed"),
        ("√(2", "a bracket is not closed"),
        ("1)", ""),
        ("ab", ""),
        ("pi", ""),
        ("π", ""),
        ("2^2", "only a symbol has powers, like x^2"),
        ("√2^2", "only a symbol has powers"),
        ("a^b", "only a symbol has powers"),
        ("a^-1", "only a symbol has powers"),
        ("a^", "only a symbol has powers"),
        ("a^65", "a power is at most 64"),
        ("a^2^2", ""),
        ("1e", "e is no exact number: write 1e-3 for a power of ten"),
        ("1..2", ""),
        ("1 2", ""),
        ("a+*b", ""),
        ("1%2", "% is no part of one"),
        *((word, "e is no exact number") for word in ("e", "E", "e-1", "2e", "1e+", "e1", "1/e")),
        ("pi", "π is no algebraic number"),
        *((word, "write i for the imaginary unit") for word in ("j", "2j", "1+J")),
        *((word, "∞ is a point by itself") for word in ("oo", "inf", "2inf", "1-Infinity")),
        *((word, "nan is no number") for word in ("nan", "NaN")),
        ("2f", "f is no symbol; write 2"),
        ("1d5", "an exponent is written with e, as in 1e5"),
        *((word, "is no symbol; symbols are the letters abcgkmnpqrstvwyz") for word in ("1L", "1u", "h", "X", "o")),
        ("alpha", "is no symbol"),
        ("abx", "write a*b*x for a product"),
        *((word, "16 for 0x10") for word in ("0x10", "0b1", "0xff", "0x", "0a", "a1", "x2")),
        ("1_000", "_ is no part of one"),
        ("1,5", ", is no part of one"),
        *((word, f"{word} is no part of one") for word in ("１", "٣", "½", "Ⅳ", "¹", "五", "α")),
        ("1²", "only a symbol has powers"),
        ("1.2.3", "two numbers stand side by side"),
        ("1e5.5", "two numbers stand side by side"),
        *((word, "a blank stands on one side of a sign only") for word in ("1 -2", "0 +1", "x^2 -1")),
        *((word, "between factors with a blank stands a sign") for word in ("a b", "2 a", "2 √2", "1 (2)", "3 x")),
        *((word, "two signs stand side by side") for word in ("--1", "+-1", "1--1", "2*-1", "1e-1--1")),
        ("1e99", "at most 99 digits"),
        ("__import__('os')", ""),
        ("(" * 21 + "1" + ")" * 21, "more than 20 brackets and roots within one another"),
        ("√" * 21 + "2", "more than 20 brackets"),
        ("9" * 100, ""),
    ],
)
def test_what_cannot_be_read_is_quoted_with_the_reason(words: str, why: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(words)
    assert str(caught.value).startswith(f"cannot read {quoted(words)} as a number or polynomial")
    assert why in str(caught.value)


@pytest.mark.parametrize("words", ["1/0", "a/(1-1)", "1/√0", "1/(a-a)", "1/(x-x)", "0/0"])
def test_dividing_by_zero_is_refused(words: str, golden: Golden) -> None:
    with golden.raises(NotationError):
        read(words)


def test_very_long_text_is_refused_in_short(golden: Golden) -> None:
    with golden.raises(NotationError, match="400") as caught:
        read("1+" * 10**6 + "1")
    assert len(str(caught.value)) < 100
    assert read("+".join(["1"] * 200)) == 200


NEAR = st.sampled_from(
    [*"0123456789.eE+-*/()_ ,jxdfLi", "\N{MINUS SIGN}", "×", "·", "²", "½", "１", "٣", "1e-1", "0x", "1/2", "--", " -"]
)


@pytest.mark.slow
@settings(max_examples=2000)
@given(st.lists(NEAR, min_size=1, max_size=8).map("".join))
def test_what_nearly_is_a_number_is_read_as_python_reads_it_or_refused(words: str) -> None:
    try:
        value = read(words)
    except WincookError:
        return
    if value.is_Rational:
        plain = words.strip().replace("\N{MINUS SIGN}", "-").replace("×", "*").replace("·", "*")
        if "i" in plain or "x" in plain or "(" in plain:
            return
        known = eval(re.sub(r"[0-9.]+([eE][-+]?[0-9]+)?", r"Fraction('\g<0>')", plain), {"Fraction": Fraction})  # noqa: S307 (digits)
        assert Fraction(int(value.p), int(value.q)) == known


@pytest.mark.parametrize(
    "words",
    ["(a+b+c+g+k+m+n+p)" * 8, "1/(" + "(a+b+c+g+k+m+n+p)" * 8 + ")", "+".join(f"1/(a+{k}b+c)" for k in range(1, 30))],
)
def test_what_grows_too_large_is_refused_before_it_does(words: str, golden: Golden) -> None:
    with at_once(), golden.raises(LimitError, match="1,000"):
        Points.parse(f"0, {words}")
