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

from tests.golden import Golden
from wincook.errors import FormatError, quoted
from wincook.formats import (
    ALIASES,
    BFLOAT16,
    EXACT,
    FLOAT8_E4M3FN,
    FLOAT8_E5M2,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    FLOATS,
    FORMATS,
    INT8,
    INT16,
    INT32,
    TF32,
    Format,
)
from wincook.precision import Precision

STORED = [FLOAT64, FLOAT32, BFLOAT16, FLOAT16, FLOAT8_E5M2, FLOAT8_E4M3FN]  # as numpy and ml_dtypes know them
INTEGERS = [INT32, INT16, INT8]
limits: Callable[[np.dtype[Any]], Any] = ml_dtypes.finfo
each_format = pytest.mark.parametrize("fmt", [*STORED, TF32, *INTEGERS], ids=str)


def decode(code: int, fmt: Format) -> Fraction:
    """Number `code` of the numbers from 0 upwards, by the layout of IEEE 754: exponent field, then fraction."""
    hidden: int = 2 ** (fmt.precision - 1)
    field, fraction = divmod(code, hidden)
    unit = Fraction(2) ** (fmt.emin - fmt.precision + max(field, 1))
    return (fraction + (hidden if field else 0)) * unit


def end(fmt: Format) -> int:
    """One more than the code of the largest number: of infinity, if there is one."""
    exponents = fmt.emax - fmt.emin + 2
    return int(exponents * 2 ** (fmt.precision - 1)) - (1 if fmt == FLOAT8_E4M3FN else 0)


def nearest_by_search(value: Fraction, fmt: Format) -> Fraction:
    """Between the two neighbouring bit patterns the nearer one, the even one of a tie."""
    below = bisect_right(range(end(fmt)), abs(value), key=lambda code: decode(code, fmt)) - 1
    low, high = decode(below, fmt), decode(below + 1, fmt)
    twice = 2 * abs(value) - low - high
    magnitude = high if twice > 0 or (twice == 0 and below % 2 == 1) else low
    return magnitude if value > 0 else -magnitude


def random_fractions(seed: int, fmt: Format, number: int) -> list[Fraction]:
    """Over the whole range below the largest number, subnormals and too small ones included."""
    rng = random.Random(seed)
    exponents = [rng.randint(fmt.emin - fmt.precision - 2, fmt.emax - 1) for _ in range(number)]
    return [Fraction(rng.randint(-(10**9), 10**9), 10**9) * Fraction(2) ** e for e in exponents]


@pytest.mark.parametrize("fmt", STORED, ids=str)
def test_the_limits_are_those_of_the_dtype(fmt: Format) -> None:
    info = limits(fmt.dtype)
    assert fmt.largest == Fraction(float(info.max))
    assert fmt.smallest == Fraction(float(info.smallest_subnormal))
    assert Fraction(2) ** fmt.emin == Fraction(float(info.smallest_normal))
    assert fmt.unit_roundoff == Fraction(float(info.eps)) / 2


@pytest.mark.parametrize("fmt", INTEGERS, ids=str)
def test_integers_are_symmetric_and_one_apart(fmt: Format) -> None:
    assert fmt.largest == np.iinfo(fmt.name).max
    assert fmt.smallest == 1
    assert fmt.is_integer
    assert [fmt.nearest(Fraction(x, 2)) for x in (1, 3, 5, -5, 7)] == [0, 2, 2, -2, 4]


def test_tf32_is_float32_with_the_bits_of_float16() -> None:
    """NVIDIA A100 white paper (2020): 8 bits of exponent, 10 of fraction."""
    assert (TF32.precision, TF32.emin, TF32.emax) == (FLOAT16.precision, FLOAT32.emin, FLOAT32.emax)
    assert TF32.largest == (2 - Fraction(1, 2**10)) * 2**127


def test_the_8_bit_floats_are_those_of_ofp8() -> None:
    """OCP OFP8, revision 1.0: the largest and smallest numbers."""
    assert (FLOAT8_E4M3FN.largest, FLOAT8_E4M3FN.smallest) == (Fraction(448), Fraction(1, 2**9))
    assert (FLOAT8_E5M2.largest, FLOAT8_E5M2.smallest) == (Fraction(57344), Fraction(1, 2**16))


@pytest.mark.slow
@pytest.mark.parametrize("fmt", STORED[2:], ids=str)
def test_every_number_of_the_dtype_is_one_of_the_format(fmt: Format) -> None:
    codes = np.arange(end(fmt), dtype=f"u{fmt.dtype.itemsize}")
    values = codes.view(fmt.dtype).astype(np.float64)
    assert [decode(int(code), fmt) for code in codes] == [Fraction(float(value)) for value in values]
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(np.array(end(fmt), codes.dtype).view(fmt.dtype).astype(np.float64))


def test_a_saturating_format_has_the_same_numbers() -> None:
    for name in ("float8_e5m2", "float8_e4m3fn"):
        plain, saturating = Format.of(name), Format.of(f"{name}-saturating")
        assert saturating == plain.saturating == plain.saturating.saturating != plain
        assert saturating.largest == plain.largest
        assert saturating.overflow == "saturate"
    assert FLOAT8_E4M3FN.overflow == "nan"
    assert INT8.saturating is INT8


def test_exact_numbers_are_never_rounded(golden: Golden) -> None:
    third = Fraction(1, 3) * 10**400
    assert EXACT.nearest(third) == third
    assert EXACT.unit_roundoff == EXACT.smallest == 0
    assert EXACT.is_exact
    assert not EXACT.is_integer
    with golden.raises(FormatError):
        _ = EXACT.largest


@pytest.mark.slow
@each_format
def test_nearest_agrees_with_a_search_over_bit_patterns(fmt: Format) -> None:
    for value in random_fractions(0, fmt, 500):
        assert fmt.nearest(value) == nearest_by_search(value, fmt)


@each_format
def test_nearest_keeps_the_numbers_of_the_format(fmt: Format) -> None:
    rng = random.Random(1)
    last = end(fmt) - 1
    for code in [0, 1, 2, last, *(rng.randrange(last) for _ in range(300))]:
        number = decode(code, fmt)
        assert fmt.nearest(number) == number
        assert fmt.nearest(-number) == -number


@each_format
def test_ties_go_to_the_even_neighbour_and_all_else_to_the_nearer(fmt: Format) -> None:
    rng = random.Random(2)
    normal, last = 2 ** (fmt.precision - 1), end(fmt) - 1
    tiny = fmt.smallest / 2**70
    for code in [0, 1, 2, normal - 1, normal, last - 1, *(rng.randrange(last) for _ in range(200))]:
        low, high = decode(code, fmt), decode(code + 1, fmt)
        middle = (low + high) / 2
        assert fmt.nearest(middle) == (low if code % 2 == 0 else high)
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
def test_overflow_starts_half_a_spacing_beyond_the_largest(fmt: Format, golden: Golden) -> None:
    limit, tiny = fmt.largest + Fraction(2) ** (fmt.emax - fmt.precision), fmt.smallest / 2**9
    inside, beyond = [limit - tiny], [limit + tiny, 2 * limit]
    # A tie goes to the even neighbour, which is 448 in float8_e4m3fn and the first missing number elsewhere.
    (inside if fmt == FLOAT8_E4M3FN else beyond).append(limit)
    for sign in (1, -1):
        assert {fmt.nearest(sign * value) for value in inside} == {sign * fmt.largest}
        for value in beyond:
            with golden.raises(FormatError, match=f"too large for {fmt}"):
                fmt.nearest(sign * value)


def test_the_overflow_message_names_value_and_limit(golden: Golden) -> None:
    with golden.raises(FormatError, match=r"70000.*float16.*65504"):
        FLOAT16.nearest(Fraction(70000))


def test_of_takes_a_format_or_its_name() -> None:
    for name, fmt in FORMATS.items():
        assert Format.of(name) is Format.of(fmt) is fmt
        assert str(fmt) == name


@pytest.mark.parametrize("name", ["float128", "", "FLOAT31", "fp7", "x" * 10_000])
def test_an_unknown_name_lists_the_known_ones(name: str) -> None:
    with pytest.raises(FormatError) as caught:
        Format.of(name)
    assert quoted(name) in str(caught.value)
    assert all(known in str(caught.value) for known in [*FLOATS, "int32", "int16", "int8", "exact"])


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("fp64", "float64"),
        ("double", "float64"),
        ("FP32", "float32"),
        ("float", "float32"),
        ("Single", "float32"),
        ("fp16", "float16"),
        ("HALF", "float16"),
        ("bf16", "bfloat16"),
        ("BFloat16", "bfloat16"),
        ("TF32", "tf32"),
        ("fp8", "float8_e4m3fn"),
        ("fp8_e5m2", "float8_e5m2"),
        ("FP8_E4M3-saturating", "float8_e4m3fn-saturating"),
        ("torch.half", "float16"),
        (" INT8 ", "int8"),
    ],
)
def test_names_of_other_programs_in_any_case(name: str, official: str) -> None:
    assert Format.of(name) == FORMATS[official]
    assert str(Precision.of(name)) == official


def test_aliases_are_no_official_names_and_lead_to_some() -> None:
    assert not set(ALIASES) & set(FORMATS)
    assert set(ALIASES.values()) <= set(FORMATS)


def test_a_slip_of_the_pen_is_repeated_as_it_was_written(golden: Golden) -> None:
    with golden.raises(FormatError, match=r"'Flaot16'.*float16"):
        Format.of("Flaot16")


@pytest.mark.parametrize("name", [[], {}, {1}, np.ones(2), None, 16])
def test_what_is_no_name_is_refused(name: Any, golden: Golden) -> None:
    with golden.raises(FormatError):
        Format.of(name)
