"""Direct convolution in narrow formats by others: oneDNN inside torch in bfloat16 and int8, and onnxruntime in int8."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.narrow.problem import Problem
from benchmarks.peers.contender import Absent, Array, Contender

_STEPS = [1, 1]  # strides, dilations, and the padding on each side
_MIDDLE = 128  # the zero point of y in uint8


@dataclass(frozen=True, slots=True, eq=False)
class Integers:
    """x in uint8 with one scale and no zero point, weights in int8 with one scale for each filter, and the scale of y.

    Images are (N, C, *size), and filters (K, C, *kernel).
    """

    x: NDArray[np.uint8]
    weights: NDArray[np.int8]
    x_scale: float
    weight_scales: NDArray[np.float32]
    y_scale: float

    @classmethod
    def of(cls, problem: Problem) -> Integers:
        """Those of weights and of y by the largest magnitudes, that of x by the problem."""
        first, x_scale = problem.in_layout("NCHW"), problem.x_scale
        scales = np.abs(first.weights).max((1, 2, 3)) / 127
        return cls(
            np.clip(np.rint(first.x / x_scale), 0, 255).astype(np.uint8),
            np.clip(np.rint(first.weights / scales[:, None, None, None]), -127, 127).astype(np.int8),
            x_scale,
            scales,
            float(np.abs(problem.exact).max() / 127),
        )


def torch_bfloat16(problem: Problem, threads: int) -> Contender:
    """A plain call in channels last."""
    torch, x, weights = _bfloat16_tensors(problem, threads)
    run = torch.inference_mode()(lambda: torch.conv2d(x, weights, None, _STEPS, _STEPS, _STEPS))
    return Contender(run, lambda y: y.float().numpy())


def torch_bfloat16_prepacked(problem: Problem, threads: int) -> Contender:
    """The operator with prepacked weights that torch.compile uses."""
    torch, x, weights = _bfloat16_tensors(problem, threads)
    reorder = torch.ops.mkldnn._reorder_convolution_weight  # noqa: SLF001 (torch has no public name for it)
    try:
        packed = reorder(weights, _STEPS, _STEPS, _STEPS, 1, list(x.shape))
    except RuntimeError as error:
        raise Absent("torch packs weights of bfloat16 on processors with AVX-512 alone") from error
    pointwise = torch.ops.mkldnn._convolution_pointwise  # noqa: SLF001 (nor for this)
    run = torch.inference_mode()(lambda: pointwise(x, packed, None, _STEPS, _STEPS, _STEPS, 1, "none", [], ""))
    return Contender(run, lambda y: y.float().numpy())


def torch_int8(problem: Problem, threads: int) -> Contender:
    """The engine x86 of quantised modules: uint8 to uint8, oneDNN or FBGEMM as it chooses."""
    torch, numbers = _torch(threads), Integers.of(problem)
    if "x86" not in torch.backends.quantized.supported_engines:
        raise Absent("this torch was built without the engine x86")
    torch.backends.quantized.engine = "x86"
    zeros = torch.zeros(len(numbers.weight_scales), dtype=torch.long)
    scales, of_x, of_weights = map(torch.from_numpy, (numbers.weight_scales.astype(float), numbers.x, numbers.weights))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # such tensors are to go, and are still the quickest
        x = torch._make_per_tensor_quantized_tensor(of_x, numbers.x_scale, 0)  # noqa: SLF001
        weights = torch._make_per_channel_quantized_tensor(of_weights, scales, zeros, 0)  # noqa: SLF001
    packed = torch.ops.quantized.conv2d_prepack(weights, torch.zeros(len(scales)), _STEPS, _STEPS, _STEPS, 1)
    last = x.contiguous(memory_format=torch.channels_last)
    run = torch.inference_mode()(lambda: torch.ops.quantized.conv2d(last, packed, numbers.y_scale, _MIDDLE))
    return Contender(run, lambda y: y.dequantize().contiguous().numpy())


def onnxruntime_int8(problem: Problem, threads: int) -> Contender:
    """A convolution between nodes that quantise and dequantise, which onnxruntime fuses: uint8 to uint8."""
    try:
        import onnxruntime  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise Absent("onnxruntime is not installed") from error
    numbers = Integers.of(problem)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3  # errors
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(_model(problem, numbers), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_cpu_input("x", numbers.x)
    binding.bind_output("y")

    def output(_: object) -> Array:
        y: Array = binding.copy_outputs_to_cpu()[0].astype(np.float32)
        return (y - np.float32(_MIDDLE)) * np.float32(numbers.y_scale)

    return Contender(lambda: session.run_with_iobinding(binding), output)


PEERS: dict[str, Callable[[Problem, int], Contender]] = {
    "torch bfloat16": torch_bfloat16,
    "torch bfloat16 prepacked": torch_bfloat16_prepacked,
    "torch int8": torch_int8,
    "onnxruntime int8": onnxruntime_int8,
}


def _torch(threads: int) -> Any:
    try:
        import torch  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise Absent("torch is not installed") from error
    torch.set_num_threads(threads)
    return torch


def _bfloat16_tensors(problem: Problem, threads: int) -> tuple[Any, Any, Any]:
    torch, first = _torch(threads), problem.in_layout("NCHW")
    tensors = (torch.from_numpy(array).bfloat16() for array in (first.x, first.weights))
    return torch, *(tensor.contiguous(memory_format=torch.channels_last) for tensor in tensors)


def _model(problem: Problem, numbers: Integers) -> bytes:
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415 (an extra)

    constants = {
        "x_scale": np.float32(numbers.x_scale),
        "x_zero": np.uint8(0),
        "weights": numbers.weights,
        "scales": numbers.weight_scales,
        "zeros": np.zeros(len(numbers.weight_scales), np.int8),
        "y_scale": np.float32(numbers.y_scale),
        "y_zero": np.uint8(_MIDDLE),
    }
    nodes = [
        helper.make_node("DequantizeLinear", ["x", "x_scale", "x_zero"], ["image"]),
        helper.make_node("DequantizeLinear", ["weights", "scales", "zeros"], ["filters"], axis=0),
        helper.make_node("Conv", ["image", "filters"], ["output"], pads=[1, 1, 1, 1]),
        helper.make_node("QuantizeLinear", ["output", "y_scale", "y_zero"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "layer",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, numbers.x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.UINT8, problem.exact.shape)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    contents: bytes = model.SerializeToString()
    return contents
