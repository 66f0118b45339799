"""What errors are measured against, itself measured against fractions summed one by one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from wincook.analysis.measurement.reference import differences, exact, reference
from wincook.arrays import Array
from wincook.precision import Precision

SHAPES = [((3, 2, 6), (3, 2, 3)), ((2, 3, 4, 5), (2, 3, 3, 2)), ((2, 1, 3, 3, 4), (2, 1, 2, 3, 2))]


def drawn(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> tuple[Array, Array]:
    """Numbers of very different sizes, and zeros."""
    rng = np.random.default_rng(0)
    d, g = (rng.standard_normal(shape) * np.exp2(rng.integers(-40, 40, shape)) for shape in shapes)
    d.flat[0] = g.flat[-1] = 0.0
    return d, g


STRIDES = (2, 3, 1)


def by_hand(d: Array, g: Array, strides: tuple[int, ...]) -> Array:
    outputs = [(n - r) // s + 1 for n, r, s in zip(d.shape[2:], g.shape[2:], strides, strict=True)]
    y = np.full((len(d), *outputs), Fraction(0), dtype=object)
    for place in np.ndindex(*y.shape):
        for c in range(d.shape[1]):
            for tap in np.ndindex(*g.shape[2:]):
                at = tuple(s * i + j for i, j, s in zip(place[1:], tap, strides, strict=True))
                y[place] += Fraction(float(d[(place[0], c, *at)])) * Fraction(float(g[(place[0], c, *tap)]))
    return y


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("strides", [(1, 1, 1), STRIDES], ids=str)
def test_the_exact_one_is_exact(shapes: Any, strides: tuple[int, ...]) -> None:
    d, g = drawn(shapes)
    along = strides[: g.ndim - 2]
    assert (exact(d, g, along) == by_hand(d, g, along)).all()
    assert (exact(0 * d, g, along) == 0).all()


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("strides", [(1, 1, 1), STRIDES], ids=str)
@pytest.mark.parametrize(("policy", "bits"), [("float32", 53), ("float32, accumulate=float64, output=float32", 100)])
def test_the_reference_is_as_near_as_its_format_says(
    shapes: Any, policy: str, bits: int, strides: tuple[int, ...]
) -> None:
    """Over the sum of magnitudes: float64 makes an error of u for each term, double-double of its square."""
    d, g = drawn(shapes)
    along = strides[: g.ndim - 2]
    high, low = reference(d, g, Precision.of(policy), along)
    sizes, right = by_hand(np.abs(d), np.abs(g), along), by_hand(d, g, along)
    terms = int(np.prod(g.shape[1:]))
    for place in np.ndindex(*right.shape):
        off = abs(Fraction(float(high[place])) + Fraction(float(low[place])) - right[place])
        assert off <= terms**2 * sizes[place] / 2**bits


def test_differences_are_rounded_once() -> None:
    third = np.array([Fraction(1, 3)] * 4, dtype=object)
    found = differences(np.array([1 / 3, np.inf, -np.inf, np.nan]), third)
    assert found[0] == float(Fraction(1 / 3) - Fraction(1, 3))
    assert found[1:3].tolist() == [np.inf, -np.inf]
    assert np.isnan(found[3])
    assert differences(third, third).tolist() == [0.0] * 4
