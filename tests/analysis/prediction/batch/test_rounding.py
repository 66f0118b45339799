"""What one rounding costs, compiled, against the same of `rounding_constant` and the formats themselves."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from tests.near import near
from wincook.analysis.prediction import rounding_constant, twins
from wincook.analysis.prediction.batch.rounding import (
    compiled,
    cut,
    kind,
    product_error,
    rounding_of,
    slipped,
    sum_factor,
    twin_covariance,
)
from wincook.analysis.prediction.rounding_constant import GENERAL, product_factor
from wincook.formats import BFLOAT16, FLOAT16, FLOAT32, Format

CONSTANTS = [1.0, -2.0, 3.0, 0.75, -5 / 64, 1 / 3, 0.1, 7.0, math.pi]


def _split(fmt: Format) -> float:
    return 2.0 ** (53 - fmt.precision) + 1


@pytest.mark.parametrize("fmt", [FLOAT32, FLOAT16, BFLOAT16], ids=str)
@pytest.mark.parametrize("constant", CONSTANTS)
def test_constants_are_cut_to_the_bits_of_the_format(fmt: Format, constant: float) -> None:
    held = fmt.nearest(Fraction(constant))
    assert cut(constant, _split(fmt)) == float(held)
    assert slipped(constant, _split(fmt)) == near(float(held - Fraction(constant)), rel=1e-6)


def test_kinds_are_those_of_the_tables() -> None:
    assert [kind(constant, _split(FLOAT32)) for constant in CONSTANTS] == [0, 0, 1, 1, 2, 3, 3, 3, 3]
    assert len(rounding_constant.tables()) == GENERAL + 1


@pytest.mark.parametrize("constant", [2.0, 3.0, -5 / 4])
def test_products_with_short_constants_cost_what_their_factor_says(constant: float) -> None:
    assert product_error(constant, rounding_of(FLOAT32.precision)) == product_factor(Fraction(constant))


def test_tables_are_read_as_the_arrays_are() -> None:
    rng, rounding = np.random.default_rng(0), rounding_of(FLOAT32.precision)
    first, second = np.exp2(rng.uniform(-6, 6, (2, 200)))
    total = first + second + 2 * rng.uniform(-1, 1, 200) * np.sqrt(first * second)
    for odd, table in ((1, 0), (3, 1), (5, 2), (7, GENERAL)):
        numbers = list(zip(first, second, total, strict=True))
        expected = rounding_constant.sum_factor(np.full(200, odd), first, second, total)
        factors = [sum_factor(rounding.tables, table, *row) for row in numbers]
        np.testing.assert_allclose(factors, expected, rtol=1e-9)
        expected = twins.twin_factor(np.full(200, odd), first, second, total) * (first + second)
        covariances = [twin_covariance(rounding, table, *row, 1e9) for row in numbers]
        np.testing.assert_allclose(covariances, expected, rtol=1e-9)


def test_twins_far_apart_have_one_error_and_none_have_more() -> None:
    rounding = rounding_of(FLOAT32.precision)
    assert twin_covariance(rounding, 0, 1.0, 2.0**20, 2.0**20, 3.0) == 3.0
    assert twin_covariance(rounding, 0, 2.0**20, 1.0, 2.0**20, 3.0) == -3.0
    assert abs(twin_covariance(rounding, 0, 1.0, 2.0**12, 2.0**12, 1e-3)) == 1e-3


def test_without_a_folder_to_cache_in_functions_are_compiled_all_the_same() -> None:
    namespace: dict[str, object] = {}
    exec("def twice(x):\n    return 2 * x", namespace)  # noqa: S102 (a function that numba finds no file for)
    with pytest.warns(RuntimeWarning, match="no source code of twice"):
        assert compiled(namespace["twice"])(21) == 42
