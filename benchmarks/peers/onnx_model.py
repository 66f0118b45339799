"""A layer as an ONNX model of one operator, for engines that read those."""

from __future__ import annotations

from onnx import TensorProto, checker, helper, numpy_helper

from benchmarks.peers.contender import Task

INPUT, OUTPUT = "x", "y"
_OPSET, _IR_VERSION = 17, 8  # old enough for all engines


def onnx_model(task: Task) -> bytes:
    """The model in ONNX's own format: x and y in NCHW, the weights inside."""
    layer = task.layer
    befores, afters = zip(*layer.pads, strict=True)
    kind, special = "Conv", {}
    if layer.transposed:
        kind, special = "ConvTranspose", {"output_padding": [axis.output_padding for axis in layer.axes]}
    node = helper.make_node(
        kind,
        [INPUT, "weights"],
        [OUTPUT],
        kernel_shape=layer.kernel,
        pads=[*befores, *afters],
        strides=[axis.stride for axis in layer.axes],
        dilations=[axis.dilation for axis in layer.axes],
        group=layer.groups,
        **special,
    )
    graph = helper.make_graph(
        [node],
        "layer",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, layer.input_shape)],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, layer.output_shape)],
        [numpy_helper.from_array(task.weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    checker.check_model(model)
    return bytes(model.SerializeToString())
