"""+, × and fma in every format, judged by exact rationals.

A result is right if the exact value lies no further from it than halfway to either neighbour, and exactly
halfway only if its last bit is even. Zeros must carry the sign that IEEE 754 gives them.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import ml_dtypes
import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray

from wincook.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, Format
from wincook.program import rounding

Array = NDArray[Any]
Rng = np.random.Generator
ALL = [FLOAT64, FLOAT32, BFLOAT16, FLOAT16]
each_format = pytest.mark.parametrize("fmt", ALL, ids=str)
each_half = pytest.mark.parametrize("fmt", [BFLOAT16, FLOAT16], ids=str)
pytestmark = [
    pytest.mark.filterwarnings("ignore:overflow"),
    pytest.mark.filterwarnings("ignore:invalid value"),
]


limits: Callable[[np.dtype[Any]], Any] = ml_dtypes.finfo


def assert_rounded(result: float, exact: Fraction, dtype: np.dtype[Any], negative_zero: bool = False) -> None:
    z = np.array(result).astype(dtype)
    assert float(z) == float(result), f"{result} is no number of {dtype}"
    if z == 0:
        assert np.signbit(result) == (exact < 0 if exact else negative_zero), f"sign of zero for {exact}"
    largest = limits(dtype).max
    beyond = 2 * Fraction(float(largest)) - Fraction(float(np.nextafter(largest, dtype.type(0))))

    def value(x: Any) -> Fraction:
        return Fraction(float(x)) if np.isfinite(x) else (beyond if x > 0 else -beyond)

    even = int(z.view(f"u{dtype.itemsize}")) % 2 == 0
    below, above = np.nextafter(z, dtype.type(-np.inf)), np.nextafter(z, dtype.type(np.inf))
    low = (value(below) + value(z)) / 2 if z > -np.inf else None
    high = (value(above) + value(z)) / 2 if z < np.inf else None
    message = f"{result} is not {exact} rounded to {dtype}"
    assert low is None or low < exact or (low == exact and even), message
    assert high is None or exact < high or (exact == high and even), message


def carried(values: Array, fmt: Format) -> Array:
    return values.astype(np.float64 if fmt == FLOAT64 else np.float32)


def from_bits(bits: Array, fmt: Format) -> Array:
    return bits.astype(f"u{fmt.dtype.itemsize}").view(fmt.dtype)


def samples(rng: Rng, fmt: Format, number: int) -> Array:
    """Finite numbers of a format: any bits, near 1, subnormal, near the largest, and special ones."""
    width = 8 * fmt.dtype.itemsize
    top = 2 ** (width - 1)
    limit = int(np.array(np.inf).astype(fmt.dtype).view(f"u{fmt.dtype.itemsize}"))
    one = int(np.array(1).astype(fmt.dtype).view(f"u{fmt.dtype.itemsize}"))
    smallest_normal = 2 ** (fmt.precision - 1)
    bits = np.concatenate(
        [
            rng.integers(0, limit, number, np.uint64),
            rng.integers(one - 3 * smallest_normal, one + 3 * smallest_normal, number, np.uint64),
            rng.integers(0, 2 * smallest_normal, number, np.uint64),
            rng.integers(limit - 2 * smallest_normal, limit, number, np.uint64),
            rng.choice(np.array([0, 1, 2, smallest_normal, one, limit - 1], np.uint64), number),
        ]
    )
    signs = rng.integers(0, 2, bits.size, np.uint64) * np.uint64(top)
    return carried(from_bits(rng.permutation(bits | signs), fmt), fmt)


def rationals(*arrays: Array) -> list[tuple[Fraction, ...]]:
    return [tuple(Fraction(float(x)) for x in group) for group in zip(*arrays, strict=True)]


def similar(rng: Rng, fmt: Format, number: int) -> Array:
    """Magnitudes in a few binades, where sums round, cancel and tie."""
    few_bits = rng.integers(1, 64, number)
    many_bits = rng.integers(1, 2 ** min(fmt.precision, 52), number)
    significands = np.where(rng.random(number) < 0.5, few_bits, many_bits).astype(np.float64)
    scaled = significands * 2.0 ** (rng.integers(-3, 4, number) - np.floor(np.log2(significands)))
    return carried((scaled * rng.choice([-1.0, 1.0], number)).astype(fmt.dtype), fmt)


def pairs(fmt: Format) -> tuple[Array, Array]:
    rng = np.random.default_rng(fmt.precision)
    a = np.concatenate([samples(rng, fmt, 200), similar(rng, fmt, 1000)])
    b = np.concatenate([samples(rng, fmt, 200), similar(rng, fmt, 1000)])
    return a, b


@each_format
def test_add_rounds_once(fmt: Format) -> None:
    a, b = pairs(fmt)
    sums = rounding.add(a, b, fmt)
    assert sums.dtype == rounding.carrier(fmt)
    for z, (x, y), negative in zip(sums, rationals(a, b), np.signbit(a) & np.signbit(b), strict=True):
        assert_rounded(z, x + y, fmt.dtype, negative)


@each_format
def test_multiply_rounds_once(fmt: Format) -> None:
    a, b = pairs(fmt)
    products = rounding.multiply(a, b, fmt)
    assert products.dtype == rounding.carrier(fmt)
    for z, (x, y), negative in zip(products, rationals(a, b), np.signbit(a) ^ np.signbit(b), strict=True):
        assert_rounded(z, x * y, fmt.dtype, negative)


@each_half
def test_multiply_rounds_products_near_the_smallest_number(fmt: Format) -> None:
    rng = np.random.default_rng(9)
    a, b = similar(rng, fmt, 2000), similar(rng, fmt, 2000)
    scale = 2.0 ** ((fmt.emin - fmt.precision) // 2)
    a, b = (carried((x * np.float32(scale)).astype(fmt.dtype), fmt) for x in (a, b))
    products = rounding.multiply(a, b, fmt)
    assert (products == 0).any()
    for z, (x, y) in zip(products, rationals(a, b), strict=True):
        assert_rounded(z, x * y, fmt.dtype)


def triples(fmt: Format) -> tuple[Array, Array, Array]:
    """Half of the summands nearly cancel the product."""
    rng = np.random.default_rng(100 + fmt.precision)
    a, b = pairs(fmt)
    opposite = carried((-(a.astype(np.float64) * b.astype(np.float64))).astype(fmt.dtype), fmt)
    nudged = carried((opposite * (1 + rng.integers(-3, 4, a.size) / 2.0**fmt.precision)).astype(fmt.dtype), fmt)
    other = rng.permutation(np.concatenate([samples(rng, fmt, 200), similar(rng, fmt, 1000)]))
    c = np.where((rng.random(a.size) < 0.5) & np.isfinite(nudged), nudged, other)
    return a, b, c.astype(a.dtype)


def in_domain(a: Array, b: Array) -> list[bool]:
    """Where the float64 fma promises to be right."""
    low, high, factor = Fraction(1, 2**968), FLOAT64.largest, 2**996
    return [x * y == 0 or (low <= abs(x * y) <= high and max(abs(x), abs(y)) < factor) for x, y in rationals(a, b)]


def assert_fma(a: Array, b: Array, c: Array, fmt: Format) -> None:
    results = rounding.fma(a, b, c, fmt)
    assert results.dtype == rounding.carrier(fmt)
    negative = (np.signbit(a) ^ np.signbit(b)) & np.signbit(c)
    for z, (x, y, w), sign in zip(results, rationals(a, b, c), negative, strict=True):
        assert_rounded(z, x * y + w, fmt.dtype, sign)


@each_format
def test_fma_rounds_once(fmt: Format) -> None:
    a, b, c = triples(fmt)
    if fmt == FLOAT64:
        kept = in_domain(a, b)
        assert sum(kept) > len(kept) / 2
        a, b, c = a[kept], b[kept], c[kept]
    assert_fma(a, b, c, fmt)


def beside_halfway(fmt: Format, tiny: float, number: int = 300) -> tuple[Array, Array, Array]:
    """Odd factors whose product has precision + 1 bits, so lies halfway between two numbers; and ± tiny."""
    rng = np.random.default_rng(7)
    p = fmt.precision
    factors: list[tuple[int, int]] = []
    while len(factors) < number:
        small = 2 * int(rng.integers(1, 2 ** (p // 2 - 1))) + 1
        large = (int(rng.integers(2**p, 2 ** (p + 1))) // small) | 1
        if large < 2**p <= small * large < 2 ** (p + 1):
            factors.append((small, large))
    a, b = np.array(factors, np.float64).T
    signs = rng.choice([-1.0, 1.0], (2, number))
    return carried(signs[0] * a, fmt), carried(b, fmt), carried(signs[1] * tiny, fmt)


@each_format
def test_fma_sees_a_tiny_summand_beside_a_halfway_product(fmt: Format) -> None:
    a, b, c = beside_halfway(fmt, float(fmt.smallest))
    assert_fma(a, b, c, fmt)
    assert_fma(a, b, 0 * c, fmt)


@pytest.mark.parametrize(
    ("fmt", "place"),
    [(FLOAT64, 2**-52), (FLOAT32, 2**-28), (BFLOAT16, 2**-44), (BFLOAT16, 2**-15), (FLOAT16, 2**-12)],
    ids=str,
)
def test_fma_sees_a_summand_just_below_the_last_place_of_a_wider_format(fmt: Format, place: float) -> None:
    # Rounding such a sum in the wider format, or stepping it away from what was lost, hits the halfway point.
    below = place * (1 - 2.0**-fmt.precision)
    assert_fma(*beside_halfway(fmt, below), fmt)


@each_format
def test_fma_gives_zeros_their_sign(fmt: Format) -> None:
    corners = np.array([(a, b, c) for a in (0.0, -0.0, 3.0, -3.0) for b in (1.0, -1.0) for c in (0.0, -0.0, 3.0, -3.0)])
    a, b, c = carried(corners.T, fmt)
    results = rounding.fma(a, b, c, fmt)
    assert (results == 0).sum() > len(results) / 4
    assert_fma(a, b, c, fmt)


def naive_in_float64(a: Array, b: Array, c: Array, fmt: Format) -> Array:
    return (a.astype(np.float64) * b + c).astype(fmt.dtype).astype(a.dtype)


def naive_in_float32(a: Array, b: Array, c: Array, fmt: Format) -> Array:
    return (a * b + c).astype(fmt.dtype).astype(a.dtype)


@pytest.mark.parametrize(
    ("fmt", "naive"),
    [
        (FLOAT64, naive_in_float64),
        (FLOAT32, naive_in_float64),
        (FLOAT16, naive_in_float32),
        (BFLOAT16, naive_in_float64),
    ],
    ids=["float64", "float32", "float16", "bfloat16"],
)
def test_the_halfway_cases_are_hard(fmt: Format, naive: Callable[..., Array]) -> None:
    a, b, c = beside_halfway(fmt, 2.0**-24 if fmt == FLOAT16 else 2.0**-80)
    wrong = naive(a, b, c, fmt) != rounding.fma(a, b, c, fmt)
    assert 0.3 < wrong.mean() < 0.7


def test_a_known_double_rounding_is_avoided() -> None:
    # 24929 · 673 = 2^24 + 1 lies halfway between 2^24 and 2^24 + 2.
    a, b = np.array([24929], np.float32), np.float32(673)
    tiny = np.array([2.0**-60], np.float32)
    assert rounding.fma(a, b, tiny, FLOAT32)[0] == 2**24 + 2
    assert rounding.fma(a, b, -tiny, FLOAT32)[0] == 2**24
    assert rounding.fma(a, b, 0 * tiny, FLOAT32)[0] == 2**24


@pytest.mark.parametrize("fmt", [FLOAT64, FLOAT32], ids=str)
def test_fma_agrees_with_mpmath(fmt: Format) -> None:
    rng = np.random.default_rng(11)
    a, b, c = (similar(rng, fmt, 2000) for _ in range(3))
    for z, x, y, w in zip(rounding.fma(a, b, c, fmt), a, b, c, strict=True):
        product = mpmath.fmul(float(x), float(y), exact=True)
        assert float(z) == mpmath.fadd(product, float(w), prec=fmt.precision, rounding="n")


@each_format
def test_overflow_gives_infinity(fmt: Format) -> None:
    largest = carried(np.array([float(fmt.largest)]), fmt)
    for sign in (1, -1):
        assert rounding.add(sign * largest, sign * largest, fmt) == sign * np.inf
        assert rounding.multiply(largest, sign * largest, fmt) == sign * np.inf
        assert rounding.fma(np.sqrt(largest) * 2, sign * np.sqrt(largest), sign * largest, fmt) == sign * np.inf


@pytest.mark.filterwarnings("error")
@each_format
def test_fma_passes_infinities_and_nan_on(fmt: Format) -> None:
    one, inf, nan = (carried(np.array([x]), fmt) for x in (1.0, np.inf, np.nan))
    assert rounding.fma(inf, one, one, fmt) == np.inf
    assert rounding.fma(one, -inf, one, fmt) == -np.inf
    assert rounding.fma(one, one, -inf, fmt) == -np.inf
    assert np.isnan(rounding.fma(inf, one, -inf, fmt))
    assert np.isnan(rounding.fma(one, one, nan, fmt))


@each_format
def test_fma_takes_a_scalar_constant_and_any_strides(fmt: Format) -> None:
    rng = np.random.default_rng(12)
    a, c = similar(rng, fmt, 60).reshape(6, 10).T[::2], similar(rng, fmt, 30).reshape(5, 6)
    constant = rounding.carrier(fmt).type(1.25)
    expected = rounding.fma(a.copy(), np.full_like(a, 1.25), c.copy(), fmt)
    np.testing.assert_array_equal(rounding.fma(a, constant, c, fmt), expected)


def between(fmt: Format, carrier: type[np.floating[Any]]) -> Array:
    """Numbers of a wider type: halfway between two of the format, next to that, and random."""
    rng = np.random.default_rng(13)
    numbers = samples(rng, fmt, 100).astype(fmt.dtype)
    following = np.nextafter(numbers, fmt.dtype.type(np.inf))
    middle = (numbers.astype(np.float64) + following.astype(np.float64)) / 2
    middle = middle[np.isfinite(middle)].astype(carrier)
    up, down = np.nextafter(middle, carrier(np.inf)), np.nextafter(middle, carrier(-np.inf))
    away = middle.astype(np.float64) * (1 + rng.normal(size=middle.size) / 2.0**fmt.precision)
    values = np.concatenate([middle, up, down, away.astype(carrier)])
    finite: Array = values[np.isfinite(values)]
    return finite


@pytest.mark.parametrize(
    ("fmt", "carrier"),
    [
        (BFLOAT16, np.float32),
        (FLOAT16, np.float32),
        (BFLOAT16, np.float64),
        (FLOAT16, np.float64),
        (FLOAT32, np.float64),
    ],
    ids=str,
)
def test_round_to_rounds_once(fmt: Format, carrier: type[np.floating[Any]]) -> None:
    values = between(fmt, carrier)
    rounded = rounding.round_to(values, fmt)
    assert rounded.dtype == np.float32
    for z, x in zip(rounded, values, strict=True):
        assert_rounded(z, Fraction(float(x)), fmt.dtype, bool(np.signbit(x)))


@pytest.mark.parametrize("carrier", [np.float32, np.float64])
@each_format
def test_round_to_keeps_infinities_and_nan(fmt: Format, carrier: type[np.floating[Any]]) -> None:
    rounded = rounding.round_to(np.array([np.inf, -np.inf, np.nan], carrier), fmt)
    np.testing.assert_array_equal(rounded, [np.inf, -np.inf, np.nan])


def test_two_sum_and_two_product_are_exact() -> None:
    rng = np.random.default_rng(14)
    a = rng.normal(size=500) * 2.0 ** rng.integers(-200, 200, 500)
    b = rng.normal(size=500) * 2.0 ** rng.integers(-200, 200, 500)
    for (x, y), (s, e), (p, f) in zip(
        rationals(a, b),
        rationals(*rounding.two_sum(a, b)),
        rationals(*rounding.two_product(a, b)),
        strict=True,
    ):
        assert x + y == s + e
        assert x * y == p + f


def test_16_bit_formats_are_carried_in_float32() -> None:
    assert [rounding.carrier(fmt) for fmt in ALL] == [np.float64, np.float32, np.float32, np.float32]
