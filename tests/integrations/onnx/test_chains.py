"""What kernels take over of the nodes after a convolution, and what they leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.integrations.onnx.models import network, node, numbers, saved
from wincook.integrations.onnx.chains.chain import Chain, chains_of
from wincook.integrations.onnx.chains.uses import Uses
from wincook.integrations.onnx.graph import read_graph

CONV = node("Conv", "x w", "a", "conv")
NORM = "a gamma beta mean variance"
TENSORS: dict[str, Any] = {
    "w": numbers(4, 4, 1, 1),
    **{name: np.ones(4, np.float32) for name in ("gamma", "beta", "mean", "variance", "row")},
    **{name: np.float32(value) for name, value in {"0": 0, "1": 1, "6": 6, "half": 0.5, "√2": 2**0.5}.items()},
    "column": np.ones((1, 4, 1, 1), np.float32),
    "image": np.ones((1, 4, 6, 6), np.float32),
}
GELU = [node("Div", "a √2", "b"), node("Erf", "b", "c"), node("Add", "c 1", "d")]
SQUARES: dict[str, Any] = {"kernel_shape": [2, 2], "strides": [2, 2]}


def chains(path: Path, *nodes: Any, version: int = 17) -> tuple[Chain, ...]:
    """Those of a model of the convolution, from x to a, and what follows."""
    graph = read_graph(saved(path / "m.onnx", [CONV, *nodes], TENSORS, ("N", 4, 6, 6), version=version))
    return chains_of(graph, Uses.of(graph))


@pytest.mark.parametrize(
    ("nodes", "epilogue"),
    [
        ([node("Relu", "a", "y")], "relu"),
        ([node("Clip", "a 0 6", "y")], "clamp(0, 6)"),
        ([node("Clip", "a 0", "y")], "relu"),
        ([node("LeakyRelu", "a", "y", alpha=0.25)], "leaky(0.25)"),
        ([node("Sigmoid", "a", "b"), node("Mul", "b a", "y")], "silu"),
        ([*GELU, node("Mul", "a d", "e"), node("Mul", "half e", "y")], "gelu"),
        ([*GELU, node("Mul", "a half", "e"), node("Mul", "e d", "y")], "gelu"),
        ([node("BatchNormalization", NORM, "b"), node("Relu", "b", "y")], "relu"),
        ([node("Mul", "column a", "b"), node("Add", "b column", "c"), node("Relu", "c", "y")], "relu"),
        ([node("Add", "x a", "b"), node("Relu", "b", "y")], "residual, relu"),
        ([node("Relu", "a", "b"), node("MaxPool", "b", "y", **SQUARES)], "relu, max pool"),
        ([node("AveragePool", "a", "y", **SQUARES)], "average pool"),
    ],
)
def test_what_follows_is_taken_over(tmp_path: Path, nodes: list[Any], epilogue: str) -> None:
    (chain,) = chains(tmp_path, *nodes)
    assert (str(chain.epilogue), len(chain.nodes), chain.y) == (epilogue, 1 + len(nodes), "y")


def test_old_and_new_versions_of_operators(tmp_path: Path) -> None:
    (chain,) = chains(tmp_path, node("Clip", "a", "y", min=-1.0, max=2.0), version=6)
    assert str(chain.epilogue) == "clamp(-1, 2)"
    for word, epilogue in (("none", "gelu"), ("tanh", "nothing")):
        (chain,) = chains(tmp_path, node("Gelu", "a", "y", approximate=word), version=20)
        assert str(chain.epilogue) == epilogue


@pytest.mark.parametrize(
    "nodes",
    [
        [node("Relu", "a", "b"), node("Add", "a b", "y")],  # two read a
        [node("Clip", "a", "y")],
        [node("Clip", "a x", "y")],
        [node("Sigmoid", "a", "b"), node("Mul", "b x", "y")],
        [*GELU, node("Mul", "x d", "e"), node("Mul", "half e", "y")],
        [node("BatchNormalization", NORM, "y b c", training_mode=1)],
        [node("Add", "a image", "y")],  # one image for all of a batch
        [node("Add", "a row", "y")],  # along the columns
        [node("MaxPool", "a", "y", ceil_mode=1, **SQUARES)],
        [node("MaxPool", "a", "y", kernel_shape=[2, 2])],
        [node("MaxPool", "a", "y b", **SQUARES)],
    ],
)
def test_what_no_kernel_does_is_left(tmp_path: Path, nodes: list[Any]) -> None:
    (chain,) = chains(tmp_path, *nodes)
    assert len(chain.nodes) == 1


def test_what_a_model_gives_back_and_what_branches_read_is_left(tmp_path: Path) -> None:
    conv = node("Conv", "x w", "y", "conv")
    graph = read_graph(saved(tmp_path / "m.onnx", [conv, node("Relu", "y", "b")], TENSORS, ("N", 4, 6, 6)))
    (chain,) = chains_of(graph, Uses.of(graph))
    assert len(chain.nodes) == 1


def test_two_convolutions_whose_sum_is_taken(tmp_path: Path) -> None:
    nodes = [node("Conv", "x w", "b", "side"), node("Add", "a b", "c"), node("Relu", "c", "y")]
    main, side = chains(tmp_path, *nodes)
    assert (main.residual, str(main.epilogue)) == ("b", "residual, relu")
    assert len(side.nodes) == 1


def test_chains_of_a_network(tmp_path: Path) -> None:
    graph = read_graph(network(tmp_path / "m.onnx"))
    stem, main, deep = chains_of(graph, Uses.of(graph))
    assert [len(stem.norms), stem.activation, main.residual, main.activation] == [1, "relu", "c", "clamp(0.0, 6.0)"]
    assert [deep.activation, deep.y] == ["silu", "i"]
