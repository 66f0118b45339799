"""Maps from exact fields to a prime field: they keep sums and products."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import GF, QQ

from wincook.exact.field import common_field
from wincook.judge.explain.modulo import image

a, b = sympy.symbols("a b")
GENERATORS = [
    sympy.Integer(1),
    sympy.sqrt(2),
    sympy.I,
    sympy.root(2, 4),
    sympy.sqrt(2) + sympy.sqrt(3),
    a,
    a * sympy.sqrt(5),
    a / b,
]
small = st.fractions(-10, 10, max_denominator=9)


@pytest.mark.slow
@given(st.sampled_from(GENERATORS), st.lists(small, min_size=4, max_size=4))
def test_sums_products_and_quotients_are_kept(generator: sympy.Expr, parts: list[object]) -> None:
    field = common_field([generator])
    mapped = image(field)
    assert mapped is not None
    _, to_prime = mapped
    p, q, r, s = (sympy.Rational(str(part)) for part in parts)
    x, y = field.from_sympy(p + q * generator), field.from_sympy(r + s * generator)
    assert to_prime(x + y) == to_prime(x) + to_prime(y)
    assert to_prime(x * y) == to_prime(x) * to_prime(y)
    if to_prime(y):
        assert to_prime(x / y) == to_prime(x) / to_prime(y)


def test_roots_are_roots() -> None:
    for generator, square in ((sympy.sqrt(2), 2), (sympy.I, -1)):
        field = common_field([generator])
        mapped = image(field)
        assert mapped is not None
        finite, to_prime = mapped
        assert to_prime(field.from_sympy(generator)) ** 2 == finite(square)


def test_a_prime_field_is_its_own_image() -> None:
    mapped = image(GF(17))
    assert mapped is not None
    assert (mapped[0], mapped[1](GF(17)(3))) == (GF(17), GF(17)(3))


def test_a_denominator_that_vanishes_is_told() -> None:
    mapped = image(QQ)
    assert mapped is not None
    finite, to_prime = mapped
    with pytest.raises(ZeroDivisionError):
        to_prime(QQ(1, int(finite.characteristic())))
