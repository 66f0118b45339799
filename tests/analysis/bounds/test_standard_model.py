"""Which roundings the standard model has in each policy: by what the formats can hold."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.bounds.standard_model import (
    Rounding,
    can_round,
    can_underflow,
    of_operations,
    of_storing,
    of_sums,
)
from wincook.formats import BFLOAT16, EXACT, FLOAT16, FLOAT32, FLOAT64, FLOATS, INT8
from wincook.precision import Precision
from wincook.program.ir import Add, Fma, Mul, Neg, Sub

U32, U16, U64 = 2.0**-24, 2.0**-11, 2.0**-53


@pytest.mark.parametrize(
    ("policy", "product", "total", "first_is_exact"),
    [
        ("float32", 0.0, U32, False),  # fused: the product of 48 bits is rounded with the sum
        ("float32, U=float16, V=float16", 0.0, U32, True),  # 22 bits fit into 24
        ("float32, U=float16, V=tf32", 0.0, U32, True),
        ("float32, U=float16, V=float16, accumulate=float64", 0.0, U64, True),
        ("float16, accumulate=float32, product=float16", U16, U32, True),  # rounded to float16 before it is added
    ],
)
def test_products_and_sums_round_where_they_do_not_fit(
    policy: str, product: float, total: float, first_is_exact: bool
) -> None:
    sums = of_sums(Precision.of(policy))
    assert (sums.product.u, sums.sum.u, sums.first_is_exact) == (product, total, first_is_exact)


def test_storing_rounds_by_bits_and_underflows_by_exponents() -> None:
    assert (of_storing(FLOAT16, FLOAT32).u, of_storing(FLOAT16, FLOAT32).eta) == (0.0, 0.0)
    assert (of_storing(FLOAT32, FLOAT16).u, of_storing(FLOAT32, FLOAT16).eta) == (U16, 2.0**-25)
    assert (of_storing(BFLOAT16, FLOAT16).u, of_storing(BFLOAT16, FLOAT16).eta) == (0.0, 2.0**-25)
    assert (of_storing(FLOAT64, EXACT).u, of_storing(EXACT, FLOAT32).u) == (0.0, U32)


def test_products_underflow_where_the_smallest_of_them_is_below_the_format() -> None:
    eta = {policy: of_sums(Precision.of(policy)).sum.eta for policy in ("float32", "float32, U=float16, V=float16")}
    assert eta == {"float32": 2.0**-150, "float32, U=float16, V=float16": 0.0}
    apart = of_sums(Precision.of("float16, accumulate=float32"))
    assert (apart.product.eta, apart.sum.eta) == (2.0**-25, 0.0)


@pytest.mark.parametrize("constant", ["1", "-4", "1/8", "3", "-5/4", "0", "7/2"])
def test_an_operation_rounds_where_some_number_of_float16_does(constant: str) -> None:
    """All float16 numbers times the constant, exactly: is every product that does not underflow a number of float16?"""
    op, factor = Mul(0, Fraction(constant)), Fraction(constant)
    codes = np.arange(1, 0x7C00, dtype=np.uint16).view(np.float16).astype(np.float64)
    products = codes * float(factor)  # float64 holds them
    inside = np.abs(products) <= float(FLOAT16.largest)
    rounded = products[inside].astype(np.float16).astype(np.float64)
    wrong, normal = rounded != products[inside], np.abs(products[inside]) >= FLOAT16.smallest_normal
    assert can_round(op) == bool((wrong & normal).any())
    assert can_underflow(op) == bool((wrong & ~normal).any() and factor.denominator > 1)


def test_sums_round_and_signs_do_not() -> None:
    assert [can_round(op) for op in (Add(0, 1), Sub(0, 1), Neg(0), Fma(0, Fraction(2), 1))] == [True, True, False, True]
    assert not any(can_underflow(op) for op in (Add(0, 1), Sub(0, 1), Neg(0), Fma(0, Fraction(2), 1)))
    assert can_underflow(Fma(0, Fraction(1, 2), 1))


@pytest.mark.parametrize("relative", [True, False])
@pytest.mark.parametrize("underflows", [True, False])
def test_an_error_has_a_relative_part_and_one_of_underflow(relative: bool, underflows: bool) -> None:
    rounding = Rounding(0.25, 0.5, largest=16.0)
    errors = rounding.error(np.array([0.0, 4.0, 16.0, 16.5]), relative=relative, underflows=underflows)
    assert errors.tolist() == [0.5 * underflows, relative + 0.5 * underflows, 4 * relative + 0.5 * underflows, np.inf]
    assert Rounding(0.25, 0.5).error(np.array([4.0])).tolist() == [1.5]


def test_operations_round_as_their_format_does() -> None:
    programs = wc.programs_of("F(2,3)").filter
    found = of_operations(FLOAT16, programs)
    assert (found.u, found.eta, found.largest) == (U16, 2.0**-25, np.inf)
    found = of_operations(INT8, programs)
    assert (found.u, found.eta, found.largest) == (0.0, 0.0, 127.0)
    found = of_operations(FLOATS["float8_e4m3fn-saturating"], programs)
    assert (found.u, found.eta, found.largest) == (2.0**-4, 2.0**-10, 448.0)
    assert of_operations(EXACT, programs) == Rounding(0.0, 0.0)
    irrational = of_operations(EXACT, wc.programs_of(wc.algorithm("F(2,3)", "0, ±√2, ∞")).input)
    assert 0 < irrational.u < 2.0**-100


@pytest.mark.parametrize(
    ("policy", "u"),
    [
        ("float32, U=bfloat16, V=float16, product=float32, accumulate=float64", 0.0),  # 8 + 11 bits fit into 24
        ("float64, U=float16, V=float16, product=float16, accumulate=float32", U16),
        ("int8", 0.0),
        ("exact", 0.0),
    ],
)
def test_products_round_where_their_format_has_fewer_bits_than_both(policy: str, u: float) -> None:
    assert of_sums(Precision.of(policy)).product.u == u
