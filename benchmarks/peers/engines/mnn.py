"""MNN on the processor, in its high precision: float32. Its own converter reads the model."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import _tools as converter  # MNN's
import numpy as np
from MNN import expr, nn

from benchmarks.peers.contender import Absent, Array, Contender, Task
from benchmarks.peers.onnx_model import INPUT, OUTPUT, onnx_model

PACKAGE = "MNN"
VARIANTS = ("",)


def prepare(variant: str, task: Task) -> Contender:  # noqa: ARG001 (there is one)
    """A module of one layer, with x and y in NCHW. MNN's plain sessions overwrite x as they run.

    Raises:
        Absent: the layer is transposed or has three axes.
    """
    layer = task.layer
    if layer.transposed or layer.dimension > 2:
        raise Absent("asked for convolutions with one and two axes alone")
    runtime = nn.create_runtime_manager(({"backend": "CPU", "precision": "high", "numThread": task.threads},))
    with TemporaryDirectory() as folder:
        model, converted = Path(folder) / "layer.onnx", Path(folder) / "layer.mnn"
        model.write_bytes(onnx_model(task))
        files = ("--modelFile", str(model), "--MNNModel", str(converted))
        converter.mnnconvert(["mnnconvert", "-f", "ONNX", *files, "--bizCode", "layer"])
        network = nn.load_module_from_file(str(converted), [INPUT], [OUTPUT], runtime_manager=runtime)
    image = expr.const(task.x, list(layer.input_shape), expr.NCHW)

    def output(y: Any) -> Array:
        return np.array(y.read(), np.float32).reshape(layer.output_shape)

    return Contender(lambda: network.forward(image), output)
