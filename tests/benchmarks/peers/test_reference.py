from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from benchmarks.peers.contender import Task
from benchmarks.peers.onnx_model import INPUT, onnx_model
from benchmarks.peers.reference import reference, relative_error
from tests.near import near
from wincook import Layer
from wincook.direct import convolve, convolve_transposed

LAYERS: dict[str, Layer] = {
    "plain": Layer(3, 5, (7, 8), (3, 3), padding=1, batch=2),
    "one axis": Layer(3, 5, (11,), (4,), padding=((1, 2),)),
    "three axes": Layer(2, 3, (4, 5, 6), (3, 1, 2), padding=1),
    "strided, dilated": Layer(2, 4, (11, 12), (3, 3), padding=2, stride=(2, 3), dilation=(2, 1)),
    "groups": Layer(6, 9, (6, 7), (3, 2), groups=3, stride=2),
    "depthwise": Layer(4, 4, (6, 7), (3, 3), padding=1, groups=4),
    "transposed": Layer(4, 6, (5, 6), (3, 4), padding=1, stride=2, output_padding=1, transposed=True, groups=2),
}


def task_of(layer: Layer) -> Task:
    rng = np.random.default_rng(0)
    x, weights = (rng.standard_normal(shape, np.float32) for shape in (layer.input_shape, layer.weight_shape))
    return Task(layer, x, weights, 1)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_it_is_direct_convolution(layer: Layer) -> None:
    task = task_of(layer)
    x, weights = task.x.astype(np.float64), task.weights.astype(np.float64)
    settings: dict[str, Any] = {"stride": [axis.stride for axis in layer.axes], "groups": layer.groups}
    settings["dilation"] = [axis.dilation for axis in layer.axes]
    if layer.transposed:
        settings["output_padding"] = [axis.output_padding for axis in layer.axes]
        expected = convolve_transposed(x, weights, layer.pads, **settings)
    else:
        expected = convolve(x, weights, layer.pads, **settings)
    np.testing.assert_allclose(reference(task), expected, rtol=1e-12, atol=1e-12)


# The evaluator of onnx computes no transposed layer with groups.
@pytest.mark.parametrize("layer", [layer for layer in LAYERS.values() if not layer.transposed], ids=str)
def test_the_model_for_other_engines_is_the_same_layer(layer: Layer) -> None:
    task = task_of(layer)
    evaluator = ReferenceEvaluator(onnx.load_model_from_string(onnx_model(task)))
    (y,) = evaluator.run(None, {INPUT: task.x})
    assert relative_error(y, reference(task)) < 1e-5


def test_the_error_is_relative_to_the_largest_output() -> None:
    exact = np.array([1.0, -4.0])
    assert relative_error(np.array([1.5, -4.0], np.float32), exact) == near(0.125)
    assert relative_error(np.zeros(3, np.float32), exact) == float("inf")
