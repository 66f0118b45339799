"""Algebraic numbers, beside mpmath with many digits."""

from fractions import Fraction

import hypothesis.strategies as st
import mpmath
import pytest
import sympy
from hypothesis import given, settings

from wincook.exact.number import Algebraic, Number, nearest, number_of
from wincook.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, TF32, Format

SEEDS = {
    "√2": sympy.sqrt(2),
    "golden ratio": (1 + sympy.sqrt(5)) / 2,
    "∛2": sympy.cbrt(2),
    "-√3": -sympy.sqrt(3),
    "√2+√3": sympy.sqrt(2) + sympy.sqrt(3),
}
FIELDS = {name: sympy.QQ.algebraic_field(seed) for name, seed in SEEDS.items()}
fractions = st.fractions(min_value=-20, max_value=20, max_denominator=50)


def draw(name: str, a: Fraction, b: Fraction) -> tuple[Number, mpmath.mpf]:
    """a + b θ, exact and with 60 digits."""
    expression = sympy.Rational(a.numerator, a.denominator) + sympy.Rational(b.numerator, b.denominator) * SEEDS[name]
    return number_of(expression, FIELDS[name]), mpmath.mpf(str(sympy.N(expression, 60)))


@pytest.fixture(autouse=True)
def _digits() -> None:
    mpmath.mp.dps = 60


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=25)
@given(a=fractions, b=fractions, c=fractions, d=fractions)
def test_arithmetic_and_order_are_those_of_the_reals(
    name: str, a: Fraction, b: Fraction, c: Fraction, d: Fraction
) -> None:
    (x, near_x), (y, near_y) = draw(name, a, b), draw(name, c, d)
    checks: list[tuple[Number, mpmath.mpf]] = [
        (x + y, near_x + near_y),
        (x - y, near_x - near_y),
        (x * y, near_x * near_y),
        (0 - x, -near_x),
        (2 - x, 2 - near_x),
        (c * x + 1, mpmath.mpf(c.numerator) / c.denominator * near_x + 1),
    ]
    if y:
        checks += [(x / y, near_x / near_y), (1 / y, 1 / near_y)]
    for exact, near in checks:
        assert float(exact) == pytest.approx(float(near), rel=1e-15, abs=1e-40)
    assert (x > y) == (near_x > near_y)
    assert (x < y) == (near_x < near_y)
    assert (x == y) == (abs(near_x - near_y) < mpmath.mpf(10) ** -50)
    assert (x - y) + y == x
    assert hash((x - y) + y) == hash(x)


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("fmt", [FLOAT64, FLOAT32, TF32, BFLOAT16, FLOAT16], ids=str)
def test_rounding_is_to_the_nearest(name: str, fmt: Format) -> None:
    for scale in (1, 1000, Fraction(1, 3000)):
        value, near = draw(name, Fraction(0), Fraction(scale))
        with mpmath.workprec(fmt.precision):
            rounded = mpmath.mpf(near) + 0
        assert nearest(value, fmt) == Fraction(*map(int, mpmath.libmp.to_rational(rounded._mpf_)))


def test_a_rational_result_is_a_fraction() -> None:
    root = number_of(sympy.sqrt(2), FIELDS["√2"])
    assert isinstance(root, Algebraic)
    assert type(root * root) is Fraction
    assert root - root == 0
    assert nearest(root * root, FLOAT32) == 2


def test_an_enclosure_holds_the_number_closely() -> None:
    root = number_of(3 - 2 * sympy.sqrt(2), FIELDS["√2"])  # cancels: 0.17
    assert isinstance(root, Algebraic)
    low, high = root.enclosure(200)
    assert low < root < high
    assert (high - low) * 2**200 <= low


def test_numbers_of_different_fields_do_not_mix() -> None:
    with pytest.raises(TypeError, match="different fields"):
        _ = number_of(sympy.sqrt(2), FIELDS["√2"]) + number_of(SEEDS["∛2"], FIELDS["∛2"])
