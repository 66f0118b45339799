"""Rounding to bfloat16 and its dot products, against the rounding of all formats, and exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from wincook.arrays import Array
from wincook.formats import BFLOAT16, FLOAT32
from wincook.program.bfloat16 import dot, flushed, nearest, put_elements
from wincook.program.rounding import round_to

SMALLEST = 2.0**-126  # of the normal numbers


def floats(seed: int, number: int) -> Array:
    """Any numbers of float32 but NaN, all exponents alike."""
    bits = np.random.default_rng(seed).integers(0, 1 << 32, number, np.uint64).astype(np.uint32).view(np.float32)
    return bits[~np.isnan(bits)]


def test_normal_numbers_are_rounded_as_all_formats_are() -> None:
    values = floats(1, 20_000)
    normal = values[np.abs(values) >= SMALLEST]
    np.testing.assert_array_equal(nearest(normal), round_to(normal, BFLOAT16))


@pytest.mark.parametrize("value", [SMALLEST / 2, np.nextafter(np.float32(SMALLEST), np.float32(0)), 0.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_tiny_numbers_become_zeros_with_their_sign(value: float, sign: int) -> None:
    given = np.array([sign * value], np.float32)
    for result in (flushed(given), nearest(given)):
        assert result[0] == 0
        assert np.signbit(result[0]) == np.signbit(given[0])


def test_pairs_are_added_by_two_fmas_the_second_channel_first() -> None:
    rng = np.random.default_rng(2)
    U, V = (nearest(rng.standard_normal((200, 2)).astype(np.float32)) for _ in range(2))
    total = rng.standard_normal(200).astype(np.float32)
    for place, result in enumerate(dot(total, U, V)):
        expected = Fraction(float(total[place]))
        for channel in (1, 0):
            product = Fraction(float(U[place, channel])) * Fraction(float(V[place, channel]))
            expected = FLOAT32.nearest(expected + product)
        assert float(result) == float(expected)


def test_tiny_sums_and_operands_of_a_dot_product_are_zeros() -> None:
    half, tiny = np.float32(2.0**-63), np.float32(2.0**-64)
    pair = np.array([[tiny, 0]], np.float32)
    assert dot(np.zeros(1, np.float32), pair, np.array([[half, 0]], np.float32)).tolist() == [0.0]
    assert dot(np.array([1e-40], np.float32), pair * 0, pair).tolist() == [0.0]
    assert dot(np.zeros(1, np.float32), np.array([[1e-40, 0]], np.float32), pair / half).tolist() == [0.0]


@pytest.mark.parametrize("kind", ["float32", "float16", "bfloat16"])
def test_elements_are_written_rounded(kind: str) -> None:
    values = np.array([1 / 3, -70_000, 1e-39, np.inf], np.float32)
    target = np.zeros(4, kind)
    put_elements(target, values)
    with np.errstate(over="ignore"):
        expected = values.astype(kind)
    assert target[:2].tolist() == expected[:2].tolist()
    assert target[2] == (expected[2] if kind == "float32" else 0)
    assert target[3] == np.inf
