"""Values that stay narrow between convolutions: bits of kernels called one after another, and scales of the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.integrations.onnx.models import node, saved
from wincook.errors import NotationError
from wincook.integrations.onnx import Runner
from wincook.quantisation import Affine

reference = pytest.importorskip("onnx.reference")

SHAPE = (2, 3, 9, 8)
RNG = np.random.default_rng(0)
IMAGES, MANY = (RNG.standard_normal((number, *SHAPE[1:])).astype(np.float32) for number in (2, 16))
PADDED: dict[str, Any] = {"pads": [1, 1, 1, 1]}


def normal(*shape: int) -> Any:
    return (RNG.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))).astype(np.float32)


def network(path: Path) -> Path:
    """Pooling, a sum with what was pooled, a depthwise layer, two values side by side, and an output of floats."""
    shapes = {"a": (8, 3, 1, 1), "b": (8, 8, 1, 1), "c": (8, 8, 1, 1), "d": (8, 1, 3, 3)}
    shapes |= {"e": (4, 8, 1, 1), "f": (4, 8, 1, 1), "g": (8, 8, 1, 1)}
    nodes = [
        node("Conv", "x a.w", "a0", "a"),
        node("MaxPool", "a0", "p", kernel_shape=[3, 3], strides=[2, 2], **PADDED),
        node("Identity", "p", "q"),
        node("Conv", "q b.w", "b0", "b"),
        node("Relu", "b0", "b1"),
        node("Conv", "b1 c.w", "c0", "c"),
        node("Add", "c0 q", "c1"),
        node("Conv", "c1 d.w", "d0", "d", group=8, **PADDED),
        node("Conv", "d0 e.w", "e0", "e"),
        node("Conv", "d0 f.w", "f0", "f"),
        node("Concat", "e0 f0", "j", axis=1),
        node("Conv", "j g.w", "g0", "g"),
        node("GlobalAveragePool", "g0", "y"),
    ]
    return saved(path, nodes, {f"{name}.w": normal(*shape) for name, shape in shapes.items()}, SHAPE)


def called(runner: Runner) -> tuple[dict[str, Any], Any]:
    """The calls of kernels by the names of their convolutions, and the output."""
    calls: list[Any] = []
    y = runner({"x": IMAGES}, watch=calls.append)["y"]
    return {call.chain.name: call for call in calls}, y


def decibels(y: Any, expected: Any) -> float:
    return float(10 * np.log10(np.sum(expected**2) / np.sum((y - expected) ** 2)))


def pooled(x: Any) -> Any:
    """The largest of squares of 3×3, every second along each axis, beside which nothing is larger."""
    wide = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)], constant_values=0)
    size = [(size + 1) // 2 for size in x.shape[2:]]
    parts = [wide[..., i : i + 2 * size[0] - 1 : 2, j : j + 2 * size[1] - 1 : 2] for i in range(3) for j in range(3)]
    return np.max(parts, axis=0)


@pytest.mark.slow
def test_the_model_has_the_bits_of_kernels_called_one_after_another(tmp_path: Path) -> None:
    runner = Runner(
        network(tmp_path / "m.onnx"), threads=1, engine="reference", format="int8", calibrate_with={"x": MANY}
    )
    calls, y = called(runner)
    assert {name: (call.x.dtype.name, call.y.dtype.name) for name, call in calls.items()} == {
        "a": ("float32", "uint8"),
        **dict.fromkeys("bcdef", ("uint8", "uint8")),
        "g": ("uint8", "float32"),
    }
    a = calls["a"].kernel(IMAGES, calls["a"].packed)
    q = pooled(a)
    b = calls["b"].kernel(q, calls["b"].packed)
    d = calls["d"].kernel(calls["c"].kernel(b, calls["c"].packed, residual=q), calls["d"].packed)
    joined = np.concatenate([calls[name].kernel(d, calls[name].packed) for name in "ef"], axis=1)
    last = calls["g"].kernel(joined, calls["g"].packed)
    np.testing.assert_array_equal(last, calls["g"].y)
    around = {name: runner._between[SHAPE,].around[calls[name].chain.y] for name in calls}
    assert around["a"].y == around["b"].x == around["c"].residual
    assert around["e"].y == around["f"].y == around["g"].x
    calibrations = {name: runner._kernels.calibration(call.chain) for name, call in calls.items()}
    assert {name for name, each in calibrations.items() if each is not None and each.x == around[name].x} == set(
        "befgc"
    )
    (expected,) = reference.ReferenceEvaluator(str(tmp_path / "m.onnx")).run(None, {"x": IMAGES})
    assert decibels(y, expected) > 30
    np.testing.assert_array_equal(runner({"x": IMAGES})["y"], y)


@pytest.mark.nightly
def test_floats_are_handed_on_where_that_is_asked_for(tmp_path: Path) -> None:
    path = network(tmp_path / "m.onnx")
    narrow: dict[str, Any] = {"format": "int16", "threads": 1, "engine": "reference", "calibrate_with": {"x": MANY}}
    calls, _ = called(Runner(path, **narrow))
    assert calls["c"].x.dtype == calls["c"].residual.dtype == "float16"
    calls, _ = called(Runner(path, **narrow, between="float32"))
    assert {call.x.dtype.name for call in calls.values()} == {"float32"}
    with pytest.raises(NotationError, match="narrow, float32"):
        Runner(path, between="integers")


@pytest.mark.slow
def test_scales_of_the_model_are_those_of_residuals_and_depthwise_layers(tmp_path: Path) -> None:
    scales = {"s": np.float32(0.03), "z": np.uint8(120), "t": np.float32(0.05), "o": np.uint8(110)}
    nodes = [
        node("QuantizeLinear", "x s z", "xq"),
        node("DequantizeLinear", "xq s z", "x1"),
        node("Conv", "x1 a.w", "a0", "a"),
        node("QuantizeLinear", "a0 t o", "aq"),
        node("DequantizeLinear", "aq t o", "a1"),
        node("Conv", "a1 d.w", "d0", "d", group=3, **PADDED),
        node("QuantizeLinear", "d0 t o", "dq"),
        node("DequantizeLinear", "dq t o", "d1"),
        node("Conv", "d1 b.w", "b0", "b"),
        node("Add", "b0 a1", "b1"),
        node("Relu", "b1", "b2"),
        node("QuantizeLinear", "b2 t o", "bq"),
        node("DequantizeLinear", "bq t o", "y"),
    ]
    tensors = {"a.w": normal(3, 3, 1, 1), "d.w": normal(3, 1, 3, 3), "b.w": normal(3, 3, 1, 1), **scales}
    path = saved(tmp_path / "m.onnx", nodes, tensors, SHAPE, version=19)
    runner = Runner(path, threads=1, engine="reference", format="int8", calibrate_with={"x": MANY})
    calls, y = called(runner)
    assert [(call.x.dtype, call.y.dtype) for call in calls.values()] == [("uint8", "uint8")] * 3
    assert calls["b"].residual.dtype == "uint8"
    assert not any(call.kernel.plan.converts for call in calls.values())
    around = runner._kernels.around(calls["d"].chain)
    assert around.x == around.y == runner._kernels.around(calls["b"].chain).residual == Affine(0.05000000074505806, 110)
    (expected,) = reference.ReferenceEvaluator(str(path)).run(None, {"x": IMAGES})
    assert np.abs(y - expected).max() < 0.16  # three steps
