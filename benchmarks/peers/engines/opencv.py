"""The classic engine of OpenCV's module dnn."""

from __future__ import annotations

import cv2
import numpy as np

from benchmarks.peers.contender import Contender, Task, plain_2d
from benchmarks.peers.onnx_model import onnx_model

PACKAGE = "opencv-python-headless"
VARIANTS = ("",)


def prepare(variant: str, task: Task) -> Contender:  # noqa: ARG001 (there is one)
    """A network of one layer.

    Raises:
        Absent: a layer with other than two axes, or a transposed one.
    """
    plain_2d(task.layer)
    cv2.setNumThreads(task.threads)
    network = cv2.dnn.readNetFromONNX(np.frombuffer(onnx_model(task), np.uint8), cv2.dnn.ENGINE_CLASSIC)
    network.setInput(task.x)
    network.forward()

    def run() -> object:
        network.setInput(task.x)  # else forward() finds nothing new to compute
        return network.forward()

    return Contender(run, lambda y: y)
