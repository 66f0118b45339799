"""Folded layers against the layer and its batch normalisation, one after the other."""

from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from wincook import direct
from wincook.arrays import Array
from wincook.errors import DataError, ShapeError
from wincook.layers import fold_batch_norm


def objects(*values: Any) -> Array:
    return np.array([Fraction(value) for value in values], object)


@pytest.mark.parametrize("transposed", [False, True])
def test_squares_fold_exactly(transposed: bool) -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 10, (2, 4, 6)).astype(object)
    weights = rng.integers(-9, 10, (4, 3, 2) if transposed else (6, 2, 2)).astype(object)
    convolve: Any = direct.convolve_transposed if transposed else direct.convolve
    mean, variance, gamma, beta, bias = (rng.integers(-9, 10, 6).astype(object) for _ in range(5))
    variance, roots = objects("8/9", 3, 0, "5/16", 1, 8), objects(1, "7/4", "1/3", "2/3", "5/4", 3)
    variance = roots * roots - Fraction(1, 9)

    def folded(shift: Array | None) -> Array:
        w, b = fold_batch_norm(weights, shift, mean, variance, gamma, beta, Fraction(1, 9), transposed=transposed)
        assert w.dtype == b.dtype == object
        y: Array = convolve(x, w, groups=2) + b[:, None]
        return y

    y = convolve(x, weights, groups=2)
    for shift in (bias, None):
        start = y if shift is None else y + shift[:, None]
        assert (folded(shift) == (start - mean[:, None]) / roots[:, None] * gamma[:, None] + beta[:, None]).all()


def statistics() -> tuple[Array, tuple[Array, ...]]:
    rng = np.random.default_rng(1)
    return rng.integers(-9, 10, (3, 2, 3, 3)), (rng.normal(size=3), rng.uniform(0.5, 2, 3), *rng.normal(size=(2, 3)))


def test_floats_fold_in_float64() -> None:
    weights, (mean, variance, gamma, beta) = statistics()
    w, b = fold_batch_norm(weights.astype(np.float64), None, mean, variance, gamma, beta, 1e-3)
    x = np.random.default_rng(2).normal(size=(1, 2, 5, 5))
    y = direct.convolve(x, weights.astype(np.float64))
    per = (slice(None), None, None)
    expected = (y - mean[per]) / np.sqrt(variance[per] + 1e-3) * gamma[per] + beta[per]
    np.testing.assert_allclose(direct.convolve(x, w) + b[per], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("kind", "folded"),
    [(np.int64, np.float64), (object, np.float64), (np.float32, np.float32), (ml_dtypes.bfloat16, ml_dtypes.bfloat16)],
)
def test_the_type_of_floats_is_kept_and_rounded_to_once(kind: Any, folded: Any) -> None:
    weights, moments = statistics()
    doubles = fold_batch_norm(weights.astype(np.float64), None, *moments)
    for folding, double in zip(fold_batch_norm(weights.astype(kind), None, *moments), doubles, strict=True):
        assert folding.dtype == folded
        np.testing.assert_array_equal(folding, double.astype(folded))


def test_one_irrational_root_makes_all_floats() -> None:
    w, b = fold_batch_norm(
        np.ones((2, 1, 1), object), None, objects(0, 0), objects(4, 2), objects(1, 1), objects(0, 0), 0
    )
    assert w.dtype == b.dtype == np.float64
    np.testing.assert_allclose(w.ravel(), [0.5, 2**-0.5], rtol=1e-15)


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"mean": np.zeros(2)}, ShapeError, "mean has shape (2,)"),
        ({"bias": np.zeros((3, 1))}, ShapeError, "bias has shape (3, 1)"),
        ({"variance": np.array([1.0, -2, 1])}, DataError, "-1.5"),
        ({"variance": np.zeros(3), "epsilon": 0}, DataError, "must be positive"),
        ({"gamma": np.array([1, np.nan, 1])}, DataError, "gamma must hold finite"),
        ({"beta": np.array([1, np.inf, 1])}, DataError, "beta must hold finite"),
        ({"beta": np.array([1, 1j, 1])}, DataError, "beta has element type complex128; it must hold real numbers"),
        ({"epsilon": "small"}, DataError, "epsilon = 'small' must be a finite number"),
        ({"weights": np.ones((3, 2, 3), complex)}, DataError, "complex128"),
        ({"transposed": True}, ShapeError, "3 filters"),
        ({"weights": np.ones(3)}, ShapeError, "weights have shape (3,)"),
    ],
)
def test_bad_statistics_are_named(change: dict[str, Any], error: type[Exception], named: str) -> None:
    ones = np.ones(3)
    good = {"weights": np.ones((3, 2, 3)), "bias": None, "mean": ones, "variance": ones, "gamma": ones, "beta": ones}
    with pytest.raises(error) as caught:
        fold_batch_norm(**(good | {"epsilon": 0.5} | change))
    assert named in str(caught.value)
