"""Formats against numpy's and ml_dtypes' casts, and against a search over bit patterns."""

import random
from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wincook.errors import FormatError
from wincook.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, FORMATS, Format

ALL = [FLOAT64, FLOAT32, BFLOAT16, FLOAT16]
limits: Callable[[np.dtype[Any]], Any] = ml_dtypes.finfo
each_format = pytest.mark.parametrize("fmt", ALL, ids=str)


def decode(bits: int, fmt: Format) -> Fraction:
    """The non-negative number with these bits; they order as the numbers do."""
    return Fraction(float(np.array(bits, f"u{fmt.dtype.itemsize}").view(fmt.dtype)))


def infinity_bits(fmt: Format) -> int:
    return int(np.array(np.inf).astype(fmt.dtype).view(f"u{fmt.dtype.itemsize}"))


def nearest_by_search(value: Fraction, fmt: Format) -> Fraction:
    """Between the two neighbouring bit patterns the nearer one, the even one of a tie."""
    below = bisect_right(range(infinity_bits(fmt)), abs(value), key=lambda bits: decode(bits, fmt)) - 1
    low, high = decode(below, fmt), decode(below + 1, fmt)
    twice = 2 * abs(value) - low - high
    magnitude = high if twice > 0 or (twice == 0 and below % 2 == 1) else low
    return magnitude if value > 0 else -magnitude


def random_fractions(seed: int, fmt: Format, number: int) -> list[Fraction]:
    """Over the whole range below the largest number, subnormals and too small ones included."""
    rng = random.Random(seed)
    exponents = [rng.randint(fmt.emin - fmt.precision - 2, fmt.emax - 1) for _ in range(number)]
    return [Fraction(rng.randint(-(10**9), 10**9), 10**9) * Fraction(2) ** e for e in exponents]


@each_format
def test_the_limits_are_those_of_the_dtype(fmt: Format) -> None:
    info = limits(fmt.dtype)
    assert fmt.largest == Fraction(float(info.max))
    assert fmt.smallest == Fraction(float(info.smallest_subnormal))
    assert Fraction(2) ** fmt.emin == Fraction(float(info.smallest_normal))
    assert fmt.unit_roundoff == Fraction(float(info.eps)) / 2


@each_format
def test_nearest_agrees_with_a_search_over_bit_patterns(fmt: Format) -> None:
    for value in random_fractions(0, fmt, 500):
        assert fmt.nearest(value) == nearest_by_search(value, fmt)


@each_format
def test_nearest_keeps_the_numbers_of_the_format(fmt: Format) -> None:
    rng = random.Random(1)
    end = infinity_bits(fmt)
    for bits in [0, 1, 2, end - 1, *(rng.randrange(end) for _ in range(300))]:
        number = decode(bits, fmt)
        assert fmt.nearest(number) == number
        assert fmt.nearest(-number) == -number


@each_format
def test_ties_go_to_the_even_neighbour_and_all_else_to_the_nearer(fmt: Format) -> None:
    rng = random.Random(2)
    end = infinity_bits(fmt)
    normal = int(np.array(float(Fraction(2) ** fmt.emin)).astype(fmt.dtype).view(f"u{fmt.dtype.itemsize}"))
    tiny = fmt.smallest / 2**70
    for bits in [0, 1, 2, normal - 1, normal, end - 2, *(rng.randrange(end - 1) for _ in range(200))]:
        low, high = decode(bits, fmt), decode(bits + 1, fmt)
        middle = (low + high) / 2
        assert fmt.nearest(middle) == (low if bits % 2 == 0 else high)
        assert fmt.nearest(-middle) == -fmt.nearest(middle)
        assert fmt.nearest(middle - tiny) == low
        assert fmt.nearest(middle + tiny) == high


@given(st.fractions())
def test_float64_is_pythons_own_rounding(value: Fraction) -> None:
    assert FLOAT64.nearest(value) == Fraction(float(value))


@given(st.floats(-65519, 65519) | st.floats(-1e-4, 1e-4))
def test_float16_is_numpys_cast(value: float) -> None:
    assert FLOAT16.nearest(Fraction(value)) == Fraction(float(np.float64(value).astype(np.float16)))


@given(st.floats(-(2.0**127), 2.0**127) | st.floats(-1e-37, 1e-37))
def test_float32_is_numpys_cast(value: float) -> None:
    assert FLOAT32.nearest(Fraction(value)) == Fraction(float(np.float64(value).astype(np.float32)))


@given(st.floats(-(2.0**127), 2.0**127, width=32) | st.floats(-(2.0**-120), 2.0**-120, width=32))
def test_bfloat16_is_the_cast_of_ml_dtypes(value: float) -> None:
    assert BFLOAT16.nearest(Fraction(value)) == Fraction(float(np.float32(value).astype(ml_dtypes.bfloat16)))


@each_format
def test_overflow_starts_half_a_spacing_beyond_the_largest(fmt: Format) -> None:
    limit = fmt.largest + Fraction(2) ** (fmt.emax - fmt.precision)
    for sign in (1, -1):
        assert fmt.nearest(sign * (limit - fmt.smallest)) == sign * fmt.largest
        with pytest.raises(FormatError, match=f"too large for {fmt}"):
            fmt.nearest(sign * limit)
        with pytest.raises(FormatError):
            fmt.nearest(sign * 2 * limit)


def test_the_overflow_message_names_value_and_limit() -> None:
    with pytest.raises(FormatError, match=r"^70000 is too large for float16, whose largest number is 65504$"):
        FLOAT16.nearest(Fraction(70000))


def test_of_takes_a_format_or_its_name() -> None:
    for name, fmt in FORMATS.items():
        assert Format.of(name) is Format.of(fmt) is fmt
        assert str(fmt) == name


@pytest.mark.parametrize("name", ["float128", "", "FLOAT32", "double"])
def test_an_unknown_name_lists_the_known_ones(name: str) -> None:
    with pytest.raises(FormatError) as caught:
        Format.of(name)
    assert repr(name) in str(caught.value)
    assert all(known in str(caught.value) for known in ("float64", "float32", "bfloat16", "float16"))
