from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tests.near import near
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_constant import ROUNDING
from wincook.analysis.prediction.rounding_noise import (
    by_multiplying,
    by_program,
    by_rounding,
    by_storing,
    by_summing,
)
from wincook.formats import BFLOAT16, EXACT, FLOAT16, FLOAT32, FLOATS, INT8
from wincook.precision import Precision
from wincook.program.ir import Add, Fma, Mul, Program, Sub
from wincook.program.rounding import accumulate, add, round_to
from wincook.summation import Chains


@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn"])
@pytest.mark.parametrize(("channels", "mean"), [(2, 0.0), (64, 0.0), (8, 0.7), (32, 0.7)])
def test_running_sums_make_the_errors_that_are_counted(name: str, channels: int, mean: float) -> None:
    """The squares of what each sum of products is off, added up: few products, and so many that sums swallow them."""
    precision, rng = Precision.of(name), np.random.default_rng(5)
    total, squares, size = np.zeros(100_000), 0.0, 0.0
    for _ in range(channels):
        U, V = (round_to(mean + values, precision.U) for values in rng.standard_normal((2, total.size)))
        product = U.astype(np.float64) * V.astype(np.float64)
        rounded = accumulate(round_to(total, precision.accumulate), U, V, precision).astype(np.float64)
        squares += float(np.mean((rounded - total - product) ** 2))
        size += float(np.mean(product**2)) / channels
        total = rounded
    predicted = by_summing(np.array([size]), np.array([mean**2]), None, precision, Chains(channels, channels))
    assert predicted[0] == near(squares, rel=0.15)


@pytest.mark.slow
def test_sums_over_channels_are_rounded_in_order() -> None:
    """Sums of products of normal numbers, in the arithmetic of the interpreter."""
    rng = np.random.default_rng(6)
    for name, channels, length in (
        ("float32", 1, 1),
        ("float32", 20, 20),
        ("float32", 200, 32),
        ("bfloat16", 20, 20),
        ("bfloat16", 300, 300),
    ):
        policy = Precision.of(name)
        U, V = (round_to(rng.standard_normal((channels, 20_000)), policy.U) for _ in range(2))
        total = np.zeros(20_000, np.float32)
        for first in range(0, channels, length):
            M = np.zeros(20_000, np.float32)
            for u, v in zip(U[first : first + length], V[first : first + length], strict=True):
                M = accumulate(M, u, v, policy)
            total = add(total, M, policy.accumulate)
        errors = total - np.sum(U.astype(np.float64) * V, axis=0)
        expected = by_summing(np.ones(1), np.zeros(1), None, policy, Chains(channels, length))
        assert np.mean(errors**2) == near(float(expected[0]), rel=0.05), (name, channels, length)


@pytest.mark.parametrize("channels", [1, 2, 3, 9])
@pytest.mark.parametrize("fused", [True, False])
def test_running_sums_with_a_mean(channels: int, fused: bool) -> None:
    """Sum k is rounded once, of second moment k E[p²] + (k² - k) E[p]²; the first where its product is not exact."""
    size, mean = 5.0, 1.5
    policy = Precision.of("float32" if fused else "float32, U=bfloat16, V=bfloat16, accumulate=float64")
    predicted = float(by_summing(np.array([size]), np.array([mean]), None, policy, Chains(channels, channels))[0])
    u = float(policy.accumulate.unit_roundoff)
    first = 1 if fused else 2  # products of bfloat16 are exact in float32
    expected = sum(ROUNDING * u**2 * (k * size + (k * k - k) * mean**2) for k in range(first, channels + 1))
    assert predicted == pytest.approx(expected, rel=1e-6, abs=0)


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_sums_of_few_products_swallow_nothing(channels: int) -> None:
    """Below u² C = 2^-20 the constant is that of any sum, to the last bit; from there on it is a little less."""
    first = by_summing(np.ones(1), np.zeros(1), None, Precision.of("float16"), Chains(1, 1))
    sums = by_summing(np.ones(1), np.zeros(1), None, Precision.of("float16"), Chains(channels, channels))
    assert sums[0] == near(first[0] * channels * (channels + 1) / 2, rel=1e-14)
    four = by_summing(np.ones(1), np.zeros(1), None, Precision.of("float16"), Chains(4, 4))
    assert four[0] == near(10 * first[0], rel=0.003)
    assert four[0] < 9.99 * first[0]


# x0 + x1, x0 - x1, x0/3, x1 + 5 t0, x1 - 5 t0
PROGRAM = Program(
    "x",
    "y",
    2,
    (Add(0, 1), Sub(0, 1), Mul(0, Fraction(1, 3)), Fma(2, Fraction(5), 1), Fma(2, Fraction(-5), 1)),
    (3, 4, 5, 6),
)


def test_inputs_that_are_never_zero_are_as_if_nothing_were_said() -> None:
    forms = Forms.of(PROGRAM, FLOAT32)
    sizes = np.sum(forms.forms**2 * [1.0, 16.0], axis=1)
    unsaid, said = (by_program(forms, sizes, zero, FLOAT32) for zero in (None, np.zeros_like(sizes)))
    np.testing.assert_array_equal(unsaid, said)
    policy = Precision.of("float32")
    unsaid, said = (by_summing(sizes, 0 * sizes, zero, policy, Chains(5, 5)) for zero in (None, np.zeros_like(sizes)))
    np.testing.assert_array_equal(unsaid, said)


def test_sums_with_what_is_always_zero_are_exact() -> None:
    forms = Forms.of(Program("x", "y", 2, (Add(0, 1), Sub(0, 1)), (2, 3)), FLOAT32)
    for sizes, zero in (([0.0, 1, 1, 1], [1.0, 0, 0, 0]), ([1.0, 0, 1, 1], [0.0, 1, 0, 0])):
        assert by_program(forms, np.array(sizes), np.array(zero), FLOAT32) == pytest.approx([0, 0, 0], abs=1e-30)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_sums_and_twins_of_numbers_that_are_often_zero(share: float) -> None:
    """a + b and a - b in float32, where a or b is 0 as often as said; what is small is left to the other tests."""
    rng = np.random.default_rng(4)
    scale = np.exp2(rng.uniform(0, 1, 400_000))
    a, b = (
        (scale * size * rng.standard_normal(scale.size) * (rng.random(scale.size) >= share)).astype(np.float32)
        for size in (1, 8)
    )
    errors = [
        (total.astype(np.float64) - exact) / scale * 2**24
        for total, exact in ((a + b, a.astype(float) + b), (a - b, a.astype(float) - b))
    ]
    sizes = np.array([1.0, 64, 65, 65]) * (1 - share)
    zero = np.array([share, share, share**2, share**2])
    forms = Forms.of(Program("x", "y", 2, (Add(0, 1), Sub(0, 1)), (2, 3)), FLOAT32)
    plus, minus, both = by_program(forms, sizes, zero, FLOAT32) * 2**48
    assert plus + both == near(np.mean(errors[0] ** 2), rel=0.03)
    assert minus + both == near(np.mean(errors[1] ** 2), rel=0.03)
    assert both == near(np.mean(errors[0] * errors[1]), rel=0.05)


@pytest.mark.parametrize("ratio", [1 / 16, 1 / 2, 1.0, 4.0, 64.0])
def test_normal_numbers_near_the_least_are_rounded_as_numpy_rounds(ratio: float) -> None:
    """Normally distributed numbers of a deviation near 2^-14, rounded to float16, which goes on below it evenly."""
    rng = np.random.default_rng(8)
    deviation = ratio * 2.0**-14 * np.exp2(rng.uniform(-0.5, 0.5, 400_000))
    numbers = deviation * rng.standard_normal(deviation.size)
    measured = np.mean((numbers.astype(np.float16).astype(float) - numbers) ** 2)
    predicted = np.mean(by_rounding(deviation[:2000] ** 2, FLOAT16))
    assert predicted == near(measured, rel=0.08)


def test_what_is_not_rounded_has_no_error() -> None:
    sizes = np.array([1.0, 4.0])
    for fmt in (EXACT, INT8):
        assert not by_rounding(sizes, fmt).any()
    assert not by_storing(sizes, BFLOAT16, FLOAT32).any()
    np.testing.assert_array_equal(by_storing(sizes, FLOAT32, BFLOAT16), ROUNDING * 2.0**-16 * sizes)
    assert not by_multiplying(sizes, Precision.of("float32"), 3).any()
    for policy in ("exact", "int8", "float64, U=int8, V=int8, product=int8"):
        assert not by_multiplying(sizes, Precision.of(policy), 3).any()
    of_products = by_multiplying(sizes, Precision.of("float32, U=float16, V=float16, product=float16"), 3)
    np.testing.assert_allclose(of_products, 3 * ROUNDING * 2.0**-22 * sizes, rtol=1e-12)


@pytest.mark.parametrize(
    ("bits", "rounds"), [("bfloat16", False), ("float16", False), ("tf32", False), ("float32", True)]
)
def test_products_are_exact_where_the_format_has_the_bits_of_both(bits: str, rounds: bool) -> None:
    """float32 has 24: 8 + 8 and 11 + 11 fit, 24 + 24 do not."""
    policy = Precision.of(f"float64, U={bits}, V={bits}, product=float32, accumulate=float64")
    assert by_multiplying(np.ones(1), policy, 2).any() == rounds


@pytest.mark.parametrize("correlation", [-0.6, 0.3])
def test_twins_are_alike_whichever_comes_first(correlation: float) -> None:
    """x0 + x1 and x0 - x1, of correlated numbers: what they have in common is no matter of their order."""
    moments = np.array([[1.0, 2 * correlation], [2 * correlation, 4.0]])
    common = []
    for ops in ((Add(0, 1), Sub(0, 1)), (Sub(0, 1), Add(0, 1)), (Sub(1, 0), Add(1, 0))):
        forms = Forms.of(Program("x", "y", 2, ops, (2, 3)), FLOAT32)
        sizes = np.einsum("vi,ij,vj->v", forms.forms, moments, forms.forms)
        common.append(by_program(forms, sizes, None, FLOAT32)[-1])
    assert common[1] == pytest.approx(common[0], rel=1e-12, abs=0)
    assert common[2] == pytest.approx(-common[0], rel=0.03, abs=0)  # from other places of the table


@pytest.mark.parametrize("name", ["float32", "float16", "float8_e5m2", "float8_e4m3fn"])
def test_what_is_far_below_the_least_number_is_lost_altogether(name: str) -> None:
    """Between it and half of the least spacing the error is that of even spacings: a third of u² 4^emin."""
    fmt = FLOATS[name]
    u, least = float(fmt.unit_roundoff), fmt.smallest_normal
    for size in ((least * u / 4) ** 2, (least * u / 1e6) ** 2, 0.0):
        assert by_rounding(np.array([size]), fmt)[0] == pytest.approx(size, rel=1e-6, abs=0)
    even = by_rounding(np.array([least**2 * u]), fmt)[0]
    assert even == near(u**2 * least**2 / 3, rel=0.25)
    assert by_rounding(np.array([least**2 * u]), fmt, exact_below=np.array(True))[0] < 0.25 * even


@pytest.mark.parametrize("scale", [Fraction(1, 2), Fraction(-1, 4), Fraction(3, 4)])
def test_powers_of_two_go_from_a_constant_into_the_numbers(scale: Fraction) -> None:
    """y ± c x of float32 is y ± 2^k c (x / 2^k), to the last bit: so are their errors, which go together."""

    def errors(constant: Fraction, moments: np.ndarray) -> np.ndarray:
        program = Program("d", "V", 2, (Fma(0, constant, 1), Fma(0, -constant, 1)), (2, 3))
        forms = Forms.of(program, FLOAT32)
        assert len(forms.twins) == 1
        sizes = np.sum((forms.forms @ moments) * forms.forms, axis=1)
        return by_program(forms, sizes, None, FLOAT32)

    moments, shrunk = np.array([[2.0, 1.1], [1.1, 1.0]]), np.diag([1 / 8, 1.0])
    np.testing.assert_allclose(errors(8 * scale, shrunk @ moments @ shrunk), errors(scale, moments), rtol=1e-12)
