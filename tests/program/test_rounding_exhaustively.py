"""Small formats, every number: against ml_dtypes and numpy, and against a table of all numbers and their midpoints."""

import numpy as np
import pytest

from wincook.arrays import Array
from wincook.formats import BFLOAT16, FLOAT8_E4M3FN, FLOAT8_E5M2, FLOAT16, INT8, INT16, TF32, Format
from wincook.program import rounding

BYTES = [FLOAT8_E5M2, FLOAT8_E4M3FN]
SMALL = [BFLOAT16, FLOAT16, *BYTES]
TABLED = [*SMALL, *(fmt.saturating for fmt in BYTES), TF32, INT16, INT8]
each_small = pytest.mark.parametrize("fmt", SMALL, ids=str)
each_byte = pytest.mark.parametrize("fmt", BYTES, ids=str)
pytestmark = [
    pytest.mark.filterwarnings("ignore:overflow"),
    pytest.mark.filterwarnings("ignore:invalid value"),
]


def every_code(fmt: Format) -> Array:
    """All numbers of a dtype: negative ones, zeros, infinities and NaN included."""
    return np.arange(2 ** (8 * fmt.dtype.itemsize), dtype=f"u{fmt.dtype.itemsize}").view(fmt.dtype)


def table(fmt: Format) -> Array:
    """All numbers from 0 to the largest, and the next that is missing, in float64."""
    if fmt.is_integer:
        return np.arange(float(fmt.largest) + 2)
    normal = 2 ** (fmt.precision - 1)
    binade = np.arange(normal, 2 * normal) * 2.0 ** (fmt.emin - fmt.precision + 1)
    binades = [binade * 2.0**k for k in range(fmt.emax - fmt.emin + 1)]
    numbers = np.concatenate([binade - binade[0], *binades, [2.0 ** (fmt.emax + 1)]])
    return numbers[: len(numbers) - fmt.reserved]


def beyond(fmt: Format) -> float:
    return {"infinity": np.inf, "nan": np.nan, "saturate": float(fmt.largest)}[fmt.overflow]


def by_table(values: Array, fmt: Format) -> Array:
    """Float64 values rounded by search: the number of midpoints below, ties to the even place."""
    numbers = table(fmt)
    middles = (numbers[:-1] + numbers[1:]) / 2
    place = np.searchsorted(middles, np.abs(values))
    tie = np.abs(values) == middles[np.minimum(place, len(middles) - 1)]
    place += tie & (place % 2 == 1)
    numbers[-1] = beyond(fmt)
    return np.copysign(numbers[place], values)


@pytest.mark.parametrize("fmt", TABLED, ids=str)
def test_every_number_and_every_midpoint_is_rounded_right(fmt: Format) -> None:
    numbers = table(fmt)
    middles, even = (numbers[:-1] + numbers[1:]) / 2, np.arange(len(numbers) - 1) % 2 == 0
    numbers[-1] = beyond(fmt)
    low, high = numbers[:-1], numbers[1:]
    for values, expected in (
        (low, low),
        (middles, np.where(even, low, high)),
        (np.nextafter(middles, -np.inf), low),
        (np.nextafter(middles, np.inf), high),
    ):
        np.testing.assert_array_equal(rounding.round_to(values, fmt), expected)
        np.testing.assert_array_equal(rounding.round_to(-values, fmt), -expected)


@pytest.mark.parametrize("to", SMALL, ids=str)
@each_small
def test_every_conversion_is_that_of_the_dtypes(fmt: Format, to: Format) -> None:
    numbers = every_code(fmt)
    rounded = rounding.round_to(numbers.astype(np.float32), to)
    expected = numbers.astype(np.float32).astype(to.dtype).astype(np.float32)
    np.testing.assert_array_equal(rounded, expected)
    np.testing.assert_array_equal(np.signbit(rounded[rounded == 0]), np.signbit(expected[expected == 0]))


@each_small
def test_every_conversion_to_int8_rounds_half_to_even_and_saturates(fmt: Format) -> None:
    numbers = every_code(fmt).astype(np.float32)
    numbers = numbers[~np.isnan(numbers)]
    rounded = rounding.round_to(numbers, INT8)
    np.testing.assert_array_equal(rounded, np.clip(np.rint(numbers), -127, 127))
    assert not np.signbit(rounded[rounded == 0]).any()


@pytest.mark.parametrize("fmt", [*BYTES, INT8], ids=str)
def test_every_sum_and_every_product(fmt: Format) -> None:
    a, b = np.meshgrid(every_code(fmt), every_code(fmt))
    x, y = a.astype(np.float32), b.astype(np.float32)
    for computed, exact in (
        (rounding.add(x, y, fmt), x.astype(np.float64) + y),
        (rounding.multiply(x, y, fmt), x.astype(np.float64) * y),
    ):
        finite = np.isfinite(exact)
        np.testing.assert_array_equal(computed[finite], by_table(exact[finite], fmt))
    if fmt != INT8:
        np.testing.assert_array_equal(rounding.add(x, y, fmt), (a + b).astype(np.float32))
        np.testing.assert_array_equal(rounding.multiply(x, y, fmt), (a * b).astype(np.float32))


def test_every_fma_of_float8_e4m3fn_with_some_summands() -> None:
    """In float64, a · b + c is exact: all are multiples of 2^-18 below 2^18."""
    numbers = every_code(FLOAT8_E4M3FN).astype(np.float32)
    numbers = numbers[np.isfinite(numbers)]
    a, b, c = (x.ravel() for x in np.meshgrid(numbers, numbers, numbers[::17]))
    exact = a.astype(np.float64) * b + c
    np.testing.assert_array_equal(rounding.fma(a, b, c, FLOAT8_E4M3FN), by_table(exact, FLOAT8_E4M3FN))
