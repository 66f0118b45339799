from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.errors import NotationError, PointsError, ShapeError
from wincook.exact.progression import fractions_of

FRACTIONS = st.fractions(-9, 9, max_denominator=64)


@given(FRACTIONS, st.fractions(Fraction(1, 64), 2, max_denominator=64), st.integers(0, 99))
def test_a_range_begins_and_ends_with_its_ends(start: Fraction, step: Fraction, number: int) -> None:
    values = fractions_of(f"{start}:{start + number * step}:{step}")
    assert values == tuple(start + place * step for place in range(number + 1))


@given(FRACTIONS, st.fractions(Fraction(1, 64), 2, max_denominator=64), st.integers(0, 99))
def test_a_stop_between_two_values_is_none(start: Fraction, step: Fraction, number: int) -> None:
    values = fractions_of(f"{start}:{start + (number + Fraction(1, 2)) * step}:{step}")
    assert len(values) == number + 1


def test_decimals_are_exact() -> None:
    assert fractions_of("0.1:0.3:1e-1") == (Fraction(1, 10), Fraction(1, 5), Fraction(3, 10))
    assert fractions_of(" 1/4 : 1/2 : .25 ") == (Fraction(1, 4), Fraction(1, 2))
    assert fractions_of("-1:1:2/2") == (Fraction(-1), Fraction(0), Fraction(1))


def test_a_sequence_is_sorted_and_has_no_value_twice() -> None:
    assert fractions_of([2, "1/2", 0.5, sympy.Rational(2, 3), np.int64(2)]) == (
        Fraction(1, 2),
        Fraction(2, 3),
        Fraction(2),
    )
    assert fractions_of(np.array([0.75, 0.25])) == (Fraction(1, 4), Fraction(3, 4))
    assert fractions_of([]) == ()


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ("1/4:2", NotationError, "1/4:2"),
        ("1/4", NotationError, "1/4"),
        ("", NotationError, "''"),
        ("1:2:3:4", NotationError, "1:2:3:4"),
        pytest.param("1::1", NotationError, "''", id="no stop"),
        ("1:2:0", NotationError, "1:2:0"),
        ("2:1:-1/2", NotationError, "2:1:-1/2"),
        ("2:1:1/2", NotationError, "2:1:1/2"),
        ("1:2:b", NotationError, "b"),
        ("1:√2:1/9", NotationError, "√2"),
        ("1:1/0:1", NotationError, "1/0"),
        ("1:inf:1", NotationError, "inf"),
        ("0:1e90:1e-90", NotationError, "4,096"),
        ("1:2:1e999999999", NotationError, "1e999999999"),
        ([0.1], PointsError, "0.1"),
        (["i"], NotationError, "i"),
        (range(5000), ShapeError, "4096"),
        (3, ShapeError, "3"),
    ],
)
def test_what_is_no_range_is_named(values: Any, error: type[Exception], said: str, golden: Golden) -> None:
    with golden.raises(error, match=said):
        fractions_of(values)
