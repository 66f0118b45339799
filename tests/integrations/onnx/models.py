"""Small models, as their nodes, and files of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx: Any = pytest.importorskip("onnx")
FLOAT = onnx.TensorProto.FLOAT


def node(kind: str, reads: str, makes: str, name: str = "", **attributes: Any) -> Any:
    """A node that reads and makes values, whose names are parted by blanks."""
    return onnx.helper.make_node(kind, reads.split(), makes.split(), name, **attributes)


def saved(path: Path, nodes: list[Any], tensors: dict[str, Any], x: tuple[Any, ...], **changes: Any) -> Path:
    """A model whose input x has a shape, and whose output is y."""
    graph = onnx.helper.make_graph(
        nodes,
        "model",
        [onnx.helper.make_tensor_value_info("x", FLOAT, x), *changes.pop("inputs", ())],
        [onnx.helper.make_tensor_value_info("y", FLOAT, changes.pop("y", None))],
        [onnx.numpy_helper.from_array(np.asarray(tensor), name) for name, tensor in tensors.items()],
    )
    opsets = [onnx.helper.make_opsetid("", changes.pop("version", 17))]
    path.write_bytes(onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8, **changes).SerializeToString())
    return path


def one(path: Path, weights: Any, x: tuple[Any, ...], kind: str = "Conv", **attributes: Any) -> Path:
    """A model of one convolution."""
    return saved(path, [onnx.helper.make_node(kind, ["x", "w"], ["y"], "first", **attributes)], {"w": weights}, x)


def numbers(*shape: int) -> Any:
    """Small whole numbers."""
    return np.random.default_rng(0).integers(-3, 4, shape).astype(np.float32)


def network(path: Path) -> Path:
    """Three convolutions of any number of images: two with the norm or the sum that follows, one with silu.

    Their weights are numbers of a normal distribution, an initialiser that is computed by a node among them.
    """
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> Any:
        return (rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32)

    tensors = {
        "stem.w": normal(16, 3, 3, 3),
        "stem.b": normal(16),
        "main.w": normal(16, 16, 3, 3),
        **{name: rng.uniform(0.5, 1.5, 16).astype(np.float32) for name in ("gamma", "beta", "mean", "variance")},
        "low": np.float32(0),
        "high": np.float32(6),
        "deep.w": normal(3, 3, 1, 16),
    }
    nodes = [
        node("Conv", "x stem.w stem.b", "a", "stem", pads=[1, 1, 1, 1]),
        node("BatchNormalization", "a gamma beta mean variance", "b", "norm", epsilon=1e-3),
        node("Relu", "b", "c", "relu"),
        node("Conv", "c main.w", "d", "main", pads=[1, 1, 1, 1]),
        node("Add", "c d", "e", "sum"),
        node("Clip", "e low high", "f", "clip"),
        node("Transpose", "deep.w", "turned", perm=[3, 2, 0, 1]),
        node("Conv", "f turned", "g", "deep", pads=[1, 1, 1, 1], group=16, strides=[2, 2]),
        node("Sigmoid", "g", "h", "sigmoid"),
        node("Mul", "g h", "i", "product"),
        node("GlobalAveragePool", "i", "y", "mean"),
    ]
    return saved(path, nodes, tensors, ("N", 3, 14, 14))
