"""OpenVINO on the processor, in float32."""

from __future__ import annotations

import openvino

from benchmarks.peers.contender import Contender, Task
from benchmarks.peers.onnx_model import onnx_model

PACKAGE = "openvino"
VARIANTS = ("",)


def prepare(variant: str, task: Task) -> Contender:  # noqa: ARG001 (there is one)
    """A compiled model and one request, whose image is shared and whose output is its own."""
    core = openvino.Core()
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": task.threads,
        "INFERENCE_PRECISION_HINT": "f32",
        "ENABLE_CPU_PINNING": False,
    }
    compiled = core.compile_model(core.read_model(onnx_model(task), b""), "CPU", settings)
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(task.x, shared_memory=True))
    return Contender(request.infer, lambda _: request.get_output_tensor().data)
