"""+, × and fma in every format, judged by exact rationals.

A result is right if the exact value lies no further from it than halfway to either neighbour, and exactly
halfway only if its last bit is even. Zeros must carry the sign that IEEE 754 gives them. The numbers of a format are
counted from 0 upwards, by their codes, which order as the numbers do.
"""

from fractions import Fraction
from functools import cache
from math import inf, isnan, nan
from typing import Any

import mpmath
import numpy as np
import pytest

from tests.golden import Golden
from wincook.arrays import Array
from wincook.errors import FormatError
from wincook.formats import (
    BFLOAT16,
    EXACT,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    FLOATS,
    INT8,
    INT16,
    INT32,
    TF32,
    Format,
)
from wincook.precision import PRESETS, Precision
from wincook.program import rounding

Rng = np.random.Generator
ALL = [*FLOATS.values(), INT32, INT16, INT8]
NARROW = [fmt for fmt in ALL if fmt not in {FLOAT64, FLOAT32}]
each_format = pytest.mark.parametrize("fmt", ALL, ids=str)
each_narrow = pytest.mark.parametrize("fmt", NARROW, ids=str)
each_float = pytest.mark.parametrize("fmt", FLOATS.values(), ids=str)
pytestmark = [
    pytest.mark.filterwarnings("ignore:overflow"),
    pytest.mark.filterwarnings("ignore:invalid value"),
]


def decode(codes: Any, fmt: Format) -> Array:
    """The numbers of these codes in float64; the code after the last gives what would follow the largest number."""
    field, fraction = np.divmod(np.asarray(codes, np.int64), 2 ** (fmt.precision - 1))
    significand = fraction + np.where(field > 0, 2 ** (fmt.precision - 1), 0)
    exponents = (fmt.emin - fmt.precision + np.maximum(field, 1)).astype(np.int32)
    return np.asarray(np.ldexp(significand.astype(np.float64), exponents))


def encode(value: float, fmt: Format) -> int:
    """The code of a number that is not negative, infinity included."""
    if value == inf:
        return end(fmt)
    exponent = max(int(np.frexp(value)[1]) - 1, fmt.emin) if value else fmt.emin
    units = Fraction(value) / Fraction(2) ** (exponent - fmt.precision + 1)
    assert units.denominator == 1, f"{value} is no number of {fmt}"
    return int(units) + (exponent - fmt.emin) * int(2 ** (fmt.precision - 1))


@cache
def end(fmt: Format) -> int:
    """One more than the code of the largest number."""
    return encode(float(fmt.largest), fmt) + 1


def exactly(code: int, fmt: Format) -> Fraction:
    """What `decode` gives, also beyond the largest number of float64."""
    return (
        Fraction(float(decode(code - 1, fmt))) * 2 - Fraction(float(decode(code - 2, fmt)))
        if code == end(fmt)
        else Fraction(float(decode(code, fmt)))
    )


def assert_rounded(result: float, exact: Fraction, fmt: Format, negative_zero: bool = False) -> None:
    message = f"{result} is not {exact} rounded to {fmt}"
    limit = end(fmt)
    if isnan(result):
        assert fmt.overflow == "nan", message
        code = limit
    else:
        code = encode(abs(float(result)), fmt)
        negative = (exact < 0 if exact else negative_zero) and not (fmt.is_integer and result == 0)
        assert np.signbit(result) == negative, f"sign of {result} for {exact}"
        assert code < limit or (code == limit and fmt.overflow == "infinity"), message
    magnitude, even = abs(exact), code % 2 == 0
    if code > 0:
        low = (exactly(code - 1, fmt) + exactly(code, fmt)) / 2
        assert low < magnitude or (low == magnitude and even), message
    if code < (limit - 1 if fmt.overflow == "saturate" else limit):
        high = (exactly(code, fmt) + exactly(code + 1, fmt)) / 2
        assert magnitude < high or (magnitude == high and even), message


def carried(values: Any, fmt: Format) -> Array:
    return np.asarray(values).astype(rounding.carrier(fmt))


def samples(rng: Rng, fmt: Format, number: int) -> Array:
    """Finite numbers of a format: any codes, near 1, subnormal, near the largest, and special ones."""
    limit, one, smallest_normal = end(fmt), encode(1.0, fmt), 2 ** (fmt.precision - 1)
    codes = np.concatenate(
        [
            rng.integers(0, limit, number),
            rng.integers(max(0, one - 3 * smallest_normal), min(limit, one + 3 * smallest_normal), number),
            rng.integers(0, min(limit, 2 * smallest_normal), number),
            rng.integers(max(0, limit - 2 * smallest_normal), limit, number),
            rng.choice(np.array([0, 1, 2, smallest_normal, one, limit - 1]), number),
        ]
    )
    signs = rng.choice([-1.0, 1.0], codes.size)
    return carried(rng.permutation(decode(codes, fmt) * signs), fmt)


def rationals(*arrays: Array) -> list[tuple[Fraction, ...]]:
    return [tuple(Fraction(float(x)) for x in group) for group in zip(*arrays, strict=True)]


def similar(rng: Rng, fmt: Format, number: int) -> Array:
    """Magnitudes in a few binades, where sums round, cancel and tie."""
    few_bits = rng.integers(1, 64, number)
    many_bits = rng.integers(1, 2 ** min(fmt.precision, 52), number)
    significands = np.where(rng.random(number) < 0.5, few_bits, many_bits).astype(np.float64)
    scaled = significands * 2.0 ** (rng.integers(-3, 4, number) - np.floor(np.log2(significands)))
    return rounding.round_to(scaled * rng.choice([-1.0, 1.0], number), fmt)


def pairs(fmt: Format) -> tuple[Array, Array]:
    rng = np.random.default_rng(fmt.precision)
    a = np.concatenate([samples(rng, fmt, 200), similar(rng, fmt, 1000)])
    b = np.concatenate([samples(rng, fmt, 200), similar(rng, fmt, 1000)])
    return a, b


@pytest.mark.slow
@each_format
def test_add_rounds_once(fmt: Format) -> None:
    a, b = pairs(fmt)
    sums = rounding.add(a, b, fmt)
    assert sums.dtype == rounding.carrier(fmt)
    for z, (x, y), negative in zip(sums, rationals(a, b), np.signbit(a) & np.signbit(b), strict=True):
        assert_rounded(z, x + y, fmt, negative)


@pytest.mark.slow
@each_format
def test_multiply_rounds_once(fmt: Format) -> None:
    a, b = pairs(fmt)
    products = rounding.multiply(a, b, fmt)
    assert products.dtype == rounding.carrier(fmt)
    for z, (x, y), negative in zip(products, rationals(a, b), np.signbit(a) ^ np.signbit(b), strict=True):
        assert_rounded(z, x * y, fmt, negative)


@pytest.mark.slow
@each_narrow
def test_multiply_rounds_products_near_the_smallest_number(fmt: Format) -> None:
    rng = np.random.default_rng(9)
    scale = 2.0 ** ((fmt.emin - fmt.precision) // 2)
    a, b = (rounding.round_to(similar(rng, fmt, 2000).astype(np.float64) * scale, fmt) for _ in range(2))
    products = rounding.multiply(a, b, fmt)
    assert (products == 0).any()
    for z, (x, y), negative in zip(products, rationals(a, b), np.signbit(a) ^ np.signbit(b), strict=True):
        assert_rounded(z, x * y, fmt, negative)


def triples(fmt: Format) -> tuple[Array, Array, Array]:
    """Half of the summands nearly cancel the product."""
    rng = np.random.default_rng(100 + fmt.precision)
    a, b = pairs(fmt)
    opposite = rounding.round_to(-(a.astype(np.float64) * b.astype(np.float64)), fmt).astype(np.float64)
    nudged = rounding.round_to(opposite * (1 + rng.integers(-3, 4, a.size) / 2.0**fmt.precision), fmt)
    other = rng.permutation(np.concatenate([samples(rng, fmt, 200), similar(rng, fmt, 1000)]))
    c = np.where((rng.random(a.size) < 0.5) & np.isfinite(nudged), nudged, other)
    return a, b, c.astype(a.dtype)


def assert_fma(a: Array, b: Array, c: Array, fmt: Format) -> None:
    results = rounding.fma(a, b, c, fmt)
    assert results.dtype == rounding.carrier(fmt)
    negative = (np.signbit(a) ^ np.signbit(b)) & np.signbit(c)
    for z, (x, y, w), sign in zip(results, rationals(a, b, c), negative, strict=True):
        assert_rounded(z, x * y + w, fmt, sign)


@pytest.mark.slow
@each_format
def test_fma_rounds_once(fmt: Format) -> None:
    assert_fma(*triples(fmt), fmt)


def beside_halfway(fmt: Format, tiny: float, number: int = 300) -> tuple[Array, Array, Array]:
    """Odd factors whose product has precision + 1 bits, so lies halfway between two numbers; and ± tiny."""
    rng = np.random.default_rng(7)
    p, small_bits = fmt.precision, max(1, fmt.precision // 2 - 1)
    factors: list[tuple[int, int]] = []
    while len(factors) < number:
        small = 2 * int(rng.integers(1, 2**small_bits)) + 1
        large = (int(rng.integers(2**p, 2 ** (p + 1))) // small) | 1
        if large < 2**p <= small * large < 2 ** (p + 1):
            factors.append((small, large))
    a, b = np.array(factors, np.float64).T
    signs = rng.choice([-1.0, 1.0], (2, number))
    return carried(signs[0] * a, fmt), carried(b, fmt), carried(signs[1] * tiny, fmt)


@each_float
def test_fma_sees_a_tiny_summand_beside_a_halfway_product(fmt: Format) -> None:
    a, b, c = beside_halfway(fmt, float(fmt.smallest))
    assert_fma(a, b, c, fmt)
    assert_fma(a, b, 0 * c, fmt)


@pytest.mark.parametrize(
    ("fmt", "place"),
    [(FLOAT64, 2**-52), (FLOAT32, 2**-28), (BFLOAT16, 2**-44), (BFLOAT16, 2**-15), (TF32, 2**-41), (FLOAT16, 2**-12)],
    ids=str,
)
def test_fma_sees_a_summand_just_below_the_last_place_of_a_wider_format(fmt: Format, place: float) -> None:
    # Rounding such a sum in the wider format, or stepping it away from what was lost, hits the halfway point.
    below = place * (1 - 2.0**-fmt.precision)
    assert_fma(*beside_halfway(fmt, below), fmt)


@each_float
def test_fma_sees_a_product_just_beside_half_of_the_smallest_number(fmt: Format) -> None:
    """Subnormal sums, whose halfway points are anywhere in a wider format."""
    p, least = fmt.precision, float(fmt.smallest)
    e = (fmt.emin - p) // 2
    for beside in (2.0 ** (1 - p), 0.0):
        a, b = (carried([factor], fmt) for factor in ((1 + beside) * 2.0**e, (1 - beside) * 2.0 ** (fmt.emin - p - e)))
        c = carried([sign * k * least for sign in (1, -1) for k in (1, 2, 2 ** (p - 1) - 1, 2 ** (p - 1) - 2)], fmt)
        assert_fma(np.repeat(a, c.size), np.repeat(b, c.size), c, fmt)
        assert_fma(np.repeat(-a, c.size), np.repeat(b, c.size), c, fmt)


def test_wider_arrays_of_narrow_numbers_give_narrow_results() -> None:
    a, b = np.array([0.5]), np.array([2.0**-25])
    for operation in (rounding.add, rounding.multiply):
        assert operation(a, b, FLOAT32).dtype == np.float32
    assert rounding.add(a, b, FLOAT32)[0] == 0.5
    assert rounding.add(a.astype(np.float32), b.astype(np.float32), FLOAT64).dtype == np.float64


@each_format
def test_fma_gives_zeros_their_sign(fmt: Format) -> None:
    corners = np.array([(a, b, c) for a in (0.0, -0.0, 3.0, -3.0) for b in (1.0, -1.0) for c in (0.0, -0.0, 3.0, -3.0)])
    a, b, c = carried(corners.T, fmt)
    results = rounding.fma(a, b, c, fmt)
    assert (results == 0).sum() > len(results) / 4
    assert_fma(a, b, c, fmt)


@pytest.mark.parametrize(
    ("fmt", "wide"),
    [(FLOAT64, np.float64), (FLOAT32, np.float64), (BFLOAT16, np.float64), (TF32, np.float64), (FLOAT16, np.float32)],
    ids=str,
)
def test_the_halfway_cases_are_hard(fmt: Format, wide: type[np.floating[Any]]) -> None:
    a, b, c = beside_halfway(fmt, 2.0**-24 if fmt == FLOAT16 else 2.0**-80)
    naive = rounding.round_to(a.astype(wide) * b.astype(wide) + c.astype(wide), fmt)
    assert 0.3 < (naive != rounding.fma(a, b, c, fmt)).mean() < 0.7


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


def test_fma_in_float64_is_right_where_its_error_terms_are_not() -> None:
    """Products and factors at both ends of the range, also beside sums that cancel; subnormal and infinite results."""
    rng = np.random.default_rng(15)
    exponents = rng.integers(-1073, 1023, (2, 600))
    exponents[1, :300] = np.clip(rng.choice([-1080, -1022, -969, 1019, 1024], 300) - exponents[0, :300], -1073, 1023)
    a, b = np.ldexp(rng.uniform(-2, 2, (2, 600)), exponents.astype(np.int32))
    with np.errstate(over="ignore"):
        other = np.ldexp(rng.uniform(-2, 2, 600), rng.integers(-1073, 1023, 600).astype(np.int32))
        c = np.where(
            (rng.random(600) < 0.5) & np.isfinite(a * b), -a * b * (1 + rng.integers(-2, 3, 600) * 2.0**-52), other
        )
    finite = np.isfinite(a) & np.isfinite(b) & np.isfinite(c)
    assert finite.sum() > 500
    assert_fma(a[finite], b[finite], c[finite], FLOAT64)
    a, b, c = np.array([[2.0**512], [2.0**511], [2.0**1023]])
    assert_fma(a, b, c, FLOAT64)


@each_format
def test_values_too_large_become_what_the_format_says(fmt: Format) -> None:
    largest = carried([float(fmt.largest)], fmt)
    over = {"infinity": inf, "nan": nan, "saturate": float(largest[0])}[fmt.overflow]
    for sign in (1, -1):
        np.testing.assert_array_equal(rounding.add(sign * largest, sign * largest, fmt), sign * over)
        np.testing.assert_array_equal(rounding.multiply(largest, sign * largest, fmt), sign * over)
        np.testing.assert_array_equal(rounding.fma(largest, sign * largest, -largest, fmt), sign * over)
        np.testing.assert_array_equal(rounding.round_to(np.array([sign * inf]), fmt), sign * over)


@pytest.mark.filterwarnings("error")
@each_float
def test_operations_pass_infinities_and_nan_on(fmt: Format) -> None:
    one, infinite, undefined = (carried([x], fmt) for x in (1.0, inf, nan))
    top = rounding.round_to(np.array([inf]), fmt)
    for sum_ in (rounding.fma(infinite, one, one, fmt), rounding.add(one, infinite, fmt)):
        np.testing.assert_array_equal(sum_, top)
    np.testing.assert_array_equal(rounding.fma(one, -infinite, one, fmt), -top)
    np.testing.assert_array_equal(rounding.fma(one, one, -infinite, fmt), -top)
    np.testing.assert_array_equal(rounding.multiply(-one, infinite, fmt), -top)
    assert np.isnan(rounding.fma(infinite, one, -infinite, fmt))
    assert np.isnan(rounding.fma(one, one, undefined, fmt))
    assert np.isnan(rounding.add(infinite, -infinite, fmt))
    assert np.isnan(rounding.multiply(0 * one, infinite, fmt))


@each_format
def test_fma_takes_a_scalar_constant_and_any_strides(fmt: Format) -> None:
    rng = np.random.default_rng(12)
    a, c = similar(rng, fmt, 60).reshape(6, 10).T[::2], similar(rng, fmt, 30).reshape(5, 6)
    constant = rounding.carrier(fmt).type(3)
    expected = rounding.fma(a.copy(), np.full_like(a, 3), c.copy(), fmt)
    np.testing.assert_array_equal(rounding.fma(a, constant, c, fmt), expected)


def between(fmt: Format, wide: type[np.floating[Any]]) -> Array:
    """Numbers of a wider type: halfway between two of the format, next to that, and random."""
    rng = np.random.default_rng(13)
    codes = rng.integers(0, end(fmt), 500)
    middle = ((decode(codes, fmt) + decode(codes + 1, fmt)) / 2 * rng.choice([-1.0, 1.0], 500)).astype(wide)
    up, down = np.nextafter(middle, wide(inf)), np.nextafter(middle, wide(-inf))
    away = middle.astype(np.float64) * (1 + rng.normal(size=middle.size) / 2.0**fmt.precision)
    values = np.concatenate([middle, up, down, away.astype(wide)])
    finite: Array = values[np.isfinite(values)]
    return finite


@pytest.mark.slow
@pytest.mark.parametrize("wide", [np.float32, np.float64])
@each_narrow
def test_round_to_rounds_once(fmt: Format, wide: type[np.floating[Any]]) -> None:
    values = between(fmt, wide)
    rounded = rounding.round_to(values, fmt)
    assert rounded.dtype == rounding.carrier(fmt)
    for z, x in zip(rounded, values, strict=True):
        assert_rounded(z, Fraction(float(x)), fmt, bool(np.signbit(x)))


@each_format
def test_fractions_are_rounded_once(fmt: Format) -> None:
    """Fractions so close to halfway that float64 cannot tell; and such that float64 cannot hold."""
    rng = np.random.default_rng(16)
    codes = [int(code) for code in rng.integers(0, end(fmt) - 1, 100)]
    middles = [(exactly(code, fmt) + exactly(code + 1, fmt)) / 2 for code in codes]
    near = [middle * (1 + Fraction(sign, 10**40)) for middle in middles for sign in (-1, 0, 1)]
    far = [sign * Fraction(10) ** exponent for sign in (-1, 1) for exponent in (-400, 400)]
    values = np.array([*near, *(-value for value in near), *far], object)
    rounded = rounding.round_to(values, fmt)
    assert rounded.dtype == rounding.carrier(fmt)
    for z, x in zip(rounded, values, strict=True):
        assert_rounded(z, x, fmt)


@each_format
def test_nan_stays_nan(fmt: Format) -> None:
    for wide in (np.float32, np.float64):
        assert np.isnan(rounding.round_to(np.array([nan], wide), fmt)).all()


def test_exact_operations_give_fractions() -> None:
    a, b = rounding.round_to(np.array([0.1, 3.0]), EXACT), np.array([0.3, -1e300])
    for result, expected in (
        (rounding.add(a, b, EXACT), [Fraction(0.1) + Fraction(0.3), 3 - Fraction(1e300)]),
        (rounding.multiply(a, b, EXACT), [Fraction(0.1) * Fraction(0.3), -3 * Fraction(1e300)]),
        (rounding.fma(a, b, a, EXACT), [Fraction(0.1) * Fraction(0.3) + Fraction(0.1), 3 - 3 * Fraction(1e300)]),
    ):
        assert result.dtype == rounding.carrier(EXACT) == EXACT.dtype
        assert result.tolist() == expected


@pytest.mark.parametrize("value", [inf, -inf, nan])
def test_exact_numbers_are_finite(value: float, golden: Golden) -> None:
    with golden.raises(FormatError):
        rounding.round_to(np.array([1.0, value]), EXACT)


def test_a_policy_says_whether_products_are_rounded() -> None:
    # 129² = 16641 needs 15 bits: bfloat16 makes 16640 of it, float16 16640, float32 keeps it.
    U, V, M = (np.array([x], np.float32) for x in (129.0, 129.0, -16640.0))
    separate = Precision.of("bfloat16, accumulate=float32")
    assert [rounding.accumulate(M, U, V, Precision.of(name)) for name in ("bfloat16", "float32")] == [1, 1]
    assert rounding.accumulate(M, U, V, separate) == 0


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_accumulates_small_integers_exactly(name: str) -> None:
    policy = Precision.of(name)
    U, V = (rounding.round_to(np.array(x), fmt) for x, fmt in (([1.0, -2.0], policy.U), ([3.0, 2.0], policy.V)))
    M = rounding.round_to(np.array([1.0, -8.0]), policy.accumulate)
    sums = rounding.accumulate(M, U, V, policy)
    assert sums.dtype == rounding.carrier(policy.accumulate)
    assert sums.tolist() == [4, -12]


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


def test_the_carrier_holds_every_number_of_the_format() -> None:
    assert [fmt.name for fmt in ALL if rounding.carrier(fmt) != np.float32] == ["float64", "int32"]
    for fmt in ALL:
        for extreme in (fmt.smallest, fmt.largest):
            assert Fraction(float(carried(float(extreme), fmt))) == extreme
