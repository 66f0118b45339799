"""Activations against their formulas in more digits, and what they do with what is no number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.special import erfcx

from tests.golden import Golden
from wincook.arrays import Array
from wincook.epilogue import Activation
from wincook.epilogue.steps import run_steps
from wincook.errors import NotationError


def silu(x: Any) -> Any:
    with np.errstate(over="ignore"):
        return x / (1 + np.exp(-x))


def gelu(x: Any) -> Any:
    t = np.abs(x)
    scaled = erfcx((t / np.sqrt(np.longdouble(2))).astype(np.float64))  # of t·φ/φ, nothing cancels
    return np.maximum(x, 0) - t * np.exp(-t * t / 2) * scaled / 2


def inputs() -> Array:
    """Numbers of all magnitudes and both signs, and many where the functions bend."""
    bits = np.arange(0, 2**32, 7919, dtype=np.uint64).astype(np.uint32).view(np.float32)
    dense = [np.linspace(low, high, 200_001).astype(np.float32) for low, high in ((-95, 20), (-14, 14), (-1, 1))]
    return np.concatenate([bits[np.isfinite(bits)], *dense])


@pytest.mark.parametrize(("name", "exact", "ulps"), [("silu", silu, 3), ("gelu", gelu, 4)])
def test_exponentials_are_right_to_a_few_units_in_the_last_place(
    name: str, exact: Callable[[Any], Any], ulps: float
) -> None:
    x = inputs()
    y, expected = run_steps(Activation.of(name).steps, x).astype(np.longdouble), exact(x.astype(np.longdouble))
    tiny = np.abs(expected) < 1e-30
    unit = np.spacing(np.abs(expected[~tiny]).astype(np.float32)).astype(np.longdouble)
    assert np.max(np.abs(y - expected)[~tiny] / unit) <= ulps
    assert np.max(np.abs(y - expected)[tiny]) <= 1e-36


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relu", [0, 0, 0, 0.5, 9]),
        ("relu6", [0, 0, 0, 0.5, 6]),
        ("leaky(1/4)", [-2, -0.25, 0, 0.5, 9]),
        ("leaky(2)", [-16, -2, 0, 0.5, 9]),
        ("clamp(-1, 1/2)", [-1, -1, 0, 0.5, 0.5]),
    ],
)
def test_pieces_of_lines(text: str, expected: list[float]) -> None:
    x = np.array([-8, -1, 0, 0.5, 9], np.float32)
    assert run_steps(Activation.of(text).steps, x).tolist() == expected


@pytest.mark.parametrize("text", ["relu", "relu6", "leaky(0.1)", "clamp(-1, 1)", "silu", "gelu"])
def test_nan_stays_and_infinity_has_its_limit(text: str) -> None:
    nan, large = run_steps(Activation.of(text).steps, np.array([np.nan, np.inf], np.float32))
    assert np.isnan(nan)
    assert large == {"relu6": 6, "clamp(-1, 1)": 1}.get(text, np.inf)


def test_numbers_are_rounded_to_float32() -> None:
    assert Activation.of("leaky(0.1)").numbers == (float(np.float32(0.1)),)
    assert Activation.of(" clamp( -1 , 6.0 ) ") == Activation("clamp", (-1, 6))
    assert str(Activation.of("clamp(-1, 0.5)")) == "clamp(-1, 0.5)"


@pytest.mark.parametrize(
    "text",
    [
        "tanh",
        "",
        "relu(",
        "relu(1)",
        "leaky",
        "leaky()",
        "leaky(x)",
        "leaky(1/0)",
        "leaky(inf)",
        "clamp(2, 1)",
        "relu ",
    ],
)
def test_what_is_no_activation_is_refused(text: str, golden: Golden) -> None:
    if text == "relu ":
        assert Activation.of(text) == Activation("relu")
        return
    with golden.raises(NotationError):
        Activation.of(text)
