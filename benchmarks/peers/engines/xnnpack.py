"""XNNPACK inside LiteRT, whose layers are NHWC with padding `same` or none.

A layer with another padding is given images that are padded already, which nobody else gets for nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from benchmarks.peers.contender import Absent, Array, Contender, Task, plain_2d
from wincook import Layer

PACKAGE = "ai-edge-litert"
VARIANTS = ("NHWC",)
_VERSION = 3  # of the format


def prepare(variant: str, task: Task) -> Contender:  # noqa: ARG001 (there is one)
    """An interpreter of a model of one layer; XNNPACK computes it by default.

    Raises:
        Absent: a layer with other than two axes, or with groups that LiteRT does not have.
    """
    plain_2d(task.layer)
    if not _is_same(task.layer):
        task = _padded(task)
    interpreter = Interpreter(model_content=_model(task), num_threads=task.threads)
    interpreter.allocate_tensors()
    (image,), (result,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.set_tensor(image["index"], np.ascontiguousarray(np.moveaxis(task.x, 1, -1)))

    def output(_: object) -> Array:
        return np.moveaxis(interpreter.get_tensor(result["index"]), -1, 1)

    return Contender(interpreter.invoke, output)


def _model(task: Task) -> bytes:
    layer = task.layer
    depthwise = layer.groups > 1
    if depthwise and not layer.groups == layer.channels == layer.filters:
        raise Absent("has groups of one channel alone")
    weights = np.moveaxis(task.weights, (0, 1), (-1, 0) if depthwise else (0, -1))  # (1, R, S, K) or (K, R, S, C)
    shapes = [
        (layer.batch, *layer.size, layer.channels),
        weights.shape,
        (layer.filters,),
        (layer.batch, *layer.output_size, layer.filters),
    ]
    contents = [None, np.ascontiguousarray(weights), np.zeros(layer.filters, np.float32), None]
    tensors, buffers = [], [schema.BufferT()]
    for shape, content in zip(shapes, contents, strict=True):
        buffer, tensor = schema.BufferT(), schema.TensorT()
        buffer.data = None if content is None else np.frombuffer(content.tobytes(), np.uint8)
        tensor.shape, tensor.type, tensor.buffer = list(shape), schema.TensorType.FLOAT32, len(buffers)
        tensors.append(tensor)
        buffers.append(buffer)
    operator, code, graph, model = schema.OperatorT(), schema.OperatorCodeT(), schema.SubGraphT(), schema.ModelT()
    kind = "DepthwiseConv2D" if depthwise else "Conv2D"
    code.builtinCode = getattr(schema.BuiltinOperator, "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D")
    code.deprecatedBuiltinCode, code.version = code.builtinCode, 1
    operator.opcodeIndex, operator.inputs, operator.outputs = 0, [0, 1, 2], [3]
    operator.builtinOptionsType = getattr(schema.BuiltinOptions, f"{kind}Options")
    operator.builtinOptions = _options(task, kind)
    graph.tensors, graph.inputs, graph.outputs, graph.operators = tensors, [0], [3], [operator]
    model.version, model.operatorCodes, model.subgraphs, model.buffers = _VERSION, [code], [graph], buffers
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _options(task: Task, kind: str) -> Any:
    vertical, horizontal = task.layer.axes
    options = getattr(schema, f"{kind}OptionsT")()
    options.padding = schema.Padding.SAME if _is_same(task.layer) else schema.Padding.VALID
    options.strideH, options.strideW = vertical.stride, horizontal.stride
    options.dilationHFactor, options.dilationWFactor = vertical.dilation, horizontal.dilation
    options.fusedActivationFunction = schema.ActivationFunctionType.NONE
    if kind == "DepthwiseConv2D":
        options.depthMultiplier = 1
    return options


def _is_same(layer: Layer) -> bool:
    """Whether the padding is `same`: ⌈n / stride⌉ outputs, and the odd zero comes last."""
    columns = zip(layer.axes, layer.size, layer.kernel, layer.pads, strict=True)
    totals = (
        (max(0, (-(-n // axis.stride) - 1) * axis.stride + axis.dilation * (taps - 1) + 1 - n), pads)
        for axis, n, taps, pads in columns
    )
    return all(pads == (total // 2, total - total // 2) for total, pads in totals)


def _padded(task: Task) -> Task:
    """The same with zeros around the images, and no padding in the layer."""
    x = np.pad(task.x, ((0, 0), (0, 0), *task.layer.pads))
    return Task(replace(task.layer, size=x.shape[2:], padding=0), x, task.weights, task.threads)
