"""MNN on the processor, in its high precision: float32. Its own converter reads the model."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import _tools as converter  # MNN's
import MNN
import numpy as np

from benchmarks.peers.contender import Absent, Array, Contender, Task
from benchmarks.peers.onnx_model import onnx_model

PACKAGE = "MNN"
VARIANTS = ("",)
_NCHW = MNN.Tensor_DimensionType_Caffe


def prepare(variant: str, task: Task) -> Contender:  # noqa: ARG001 (there is one)
    """A session of a network of one layer, with x and y in NCHW.

    Raises:
        Absent: the layer is transposed or has three axes.
    """
    layer = task.layer
    if layer.transposed or layer.dimension > 2:
        raise Absent("asked for convolutions with one and two axes alone")
    with TemporaryDirectory() as folder:
        model, converted = Path(folder) / "layer.onnx", Path(folder) / "layer.mnn"
        model.write_bytes(onnx_model(task))
        files = ("--modelFile", str(model), "--MNNModel", str(converted))
        converter.mnnconvert(["mnnconvert", "-f", "ONNX", *files, "--bizCode", "layer"])
        interpreter = MNN.Interpreter(str(converted))
    session = interpreter.createSession({"backend": "CPU", "precision": "high", "numThread": task.threads})
    image = interpreter.getSessionInput(session)
    image.copyFrom(MNN.Tensor(image.getShape(), MNN.Halide_Type_Float, task.x, _NCHW))

    def output(_: object) -> Array:
        result = interpreter.getSessionOutput(session)
        y = MNN.Tensor(result.getShape(), MNN.Halide_Type_Float, np.zeros(result.getShape(), np.float32), _NCHW)
        result.copyToHostTensor(y)
        return np.array(y.getData(), np.float32).reshape(layer.output_shape)

    return Contender(lambda: interpreter.runSession(session), output)
