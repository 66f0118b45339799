"""onnxruntime on the processor, with images and outputs bound to memory."""

from __future__ import annotations

import onnxruntime

from benchmarks.peers.contender import Contender, Task
from benchmarks.peers.onnx_model import INPUT, OUTPUT, onnx_model

PACKAGE = "onnxruntime"
VARIANTS = ("",)


def prepare(variant: str, task: Task) -> Contender:  # noqa: ARG001 (there is one)
    """A session; its threads stop waiting when a call ends, lest they take the processor from the next contender."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = task.threads, 1
    options.log_severity_level = 3  # errors
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(onnx_model(task), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_cpu_input(INPUT, task.x)
    binding.bind_output(OUTPUT)
    return Contender(lambda: session.run_with_iobinding(binding), lambda _: binding.copy_outputs_to_cpu()[0])
