"""Epilogues as values, and what they do with arrays, against the formula in numpy's own words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.epilogue import Epilogue
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands, given_operands
from wincook.errors import FormatError, NotationError, ShapeError

LAYER = wc.Layer(2, 3, (5, 6), (3, 3), 1, 2)
RNG = np.random.default_rng(5)
Y = RNG.uniform(-2, 2, (2, 3, 5, 6)).astype(np.float32)
BIAS, SCALE, SHIFT = RNG.uniform(-2, 2, (3, 3)).astype(np.float32)
RESIDUAL = RNG.uniform(-2, 2, Y.shape).astype(np.float32)


def test_the_order_is_bias_scale_shift_residual_activation_pooling() -> None:
    epilogue = Epilogue("relu", scale=True, residual=True, pool="max")
    b, s, t = (values.reshape(-1, 1, 1) for values in (BIAS, SCALE, SHIFT))
    before = np.maximum((Y + b) * s + t + RESIDUAL, 0)[:, :, :4]
    expected = before.reshape(2, 3, 2, 2, 3, 2).max(axis=(3, 5))
    y = finish(epilogue, Y, Operands(SCALE, SHIFT, RESIDUAL), bias=BIAS)
    np.testing.assert_array_equal(y, expected)
    assert y.shape == epilogue.output_shape(LAYER) == (2, 3, 2, 3)


def test_averages_are_of_squares() -> None:
    y = finish(Epilogue(pool="average"), np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4), Operands())
    assert y.tolist() == [[[[2.5, 4.5], [10.5, 12.5]]]]


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("pool", ["max", "average"])
def test_a_nan_in_a_square_is_seen(pool: Any, place: int) -> None:
    square = np.arange(4, dtype=np.float32)
    square[place] = np.nan
    assert np.isnan(finish(Epilogue(pool=pool), square.reshape(1, 1, 2, 2), Operands())).all()


def test_other_formats_round_each_operation() -> None:
    y = finish(Epilogue("silu"), Y.astype(np.float16).astype(np.float32), Operands(), format=wc.Format.of("float16"))
    assert (y == y.astype(np.float16)).all()
    with pytest.raises(FormatError, match="silu is made for float32"):
        finish(Epilogue("silu"), Y.astype(np.float64), Operands(), format=wc.Format.of("float64"))
    assert finish(Epilogue("relu"), -Y.astype(np.float64), Operands(), format=wc.Format.of("float64")).min() == 0


def test_epilogues_are_values() -> None:
    epilogue = Epilogue("leaky(-0.5)", scale=True, pool="max")
    assert epilogue == Epilogue.of(epilogue) == Epilogue("leaky(-1/2)", scale=True, pool="max")
    assert str(epilogue) == "scale, leaky(-0.5), max pool"
    assert epilogue.names == ("scale", "leaky_m0p5", "max_pool")
    assert not Epilogue.of(None)


@pytest.mark.parametrize(
    "arguments", [{"pool": "min"}, {"scale": 1}, {"residual": "yes"}, {"activation": 3}, {"activation": "elu"}], ids=str
)
def test_what_is_no_epilogue_is_refused(arguments: dict[str, Any], golden: Golden) -> None:
    with golden.raises(NotationError):
        Epilogue(**arguments)


@pytest.mark.parametrize(
    ("epilogue", "given"),
    [
        (Epilogue(), {"scale": SCALE}),
        (Epilogue(), {"residual": RESIDUAL}),
        (Epilogue(residual=True), {}),
        (Epilogue(residual=True), {"residual": RESIDUAL[:1]}),
        (Epilogue(scale=True), {"scale": SCALE[:2]}),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else str(value),
)
def test_operands_that_do_not_fit_are_refused(epilogue: Epilogue, given: dict[str, Any], golden: Golden) -> None:
    with golden.raises(ShapeError):
        given_operands(epilogue, LAYER, given.get("scale"), given.get("shift"), given.get("residual"))


@pytest.mark.parametrize("layer", [wc.Layer(1, 1, (3, 9), (3, 3)), wc.Layer(1, 1, (9,), (3,))], ids=str)
def test_outputs_that_have_no_squares_cannot_be_pooled(layer: wc.Layer, golden: Golden) -> None:
    with golden.raises(ShapeError):
        Epilogue(pool="max").output_shape(layer)
