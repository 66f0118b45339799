"""The convolutions of an ONNX model as layers.

Conv and ConvTranspose are read as their operators are defined: https://onnx.ai/onnx/operators/onnx__Conv.html and
https://onnx.ai/onnx/operators/onnx__ConvTranspose.html; QLinearConv and ConvInteger have the attributes of Conv. Other
nodes are passed over, unless they are convolutions of a kind that has no layer, such as deformable ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onnx import helper

from wincook.arguments import choice, whole_number
from wincook.errors import DataError, WincookError, quoted
from wincook.files import given_path, path_text
from wincook.integrations.onnx.graph import Graph, Shape, name_of, read_graph, shapes_of
from wincook.integrations.onnx.operands import INPUTS, TRANSPOSED, Operands
from wincook.layers import Layer
from wincook.layers.notation.named import NamedLayer

_DOMAINS = ("", "ai.onnx")
_FEWEST_AXES = 3  # of x and of weights: one of the image
_PER_AXIS = {"strides": 1, "dilations": 1, "output_padding": 0}
_ATTRIBUTES = ("auto_pad", "dilations", "group", "kernel_shape", "output_padding", "output_shape", "pads", "strides")
_AUTO_PADS = ("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")


@dataclass(frozen=True, slots=True)
class ModelLayer:
    """A convolution of a model: the name of its node, the layer, and which values are its weights and its bias.

    A node without a name has that of its output; `bias` is empty where there is none.
    """

    name: str
    layer: Layer
    weights: str
    bias: str


def onnx_layers(path: str | Path, batch: int | None = None) -> tuple[ModelLayer, ...]:
    """The convolutions of a model, in its order.

    Args:
        path: a file of ONNX; weights in files beside it are not read.
        batch: how many images, where the model leaves it open; one if left out.

    Raises:
        NotationError: no path.
        ShapeError: no batch.
        OutputError: the file cannot be read.
        DataError: it is no model or a damaged one; has no convolution; or one whose shape is not fixed, that has no
            layer, or that runs in a branch or a loop; or it leaves no batch open and one is given.
    """
    file = given_path("path", path)
    graph, images = read_graph(file), None if batch is None else whole_number("batch", batch)
    nodes = convolutions_of(graph)
    shapes = shapes_of(graph, images)
    return tuple(model_layer(graph, shapes, node) for node in nodes)


def convolutions_of(graph: Graph) -> tuple[Any, ...]:
    """The nodes that are convolutions, in order.

    Raises:
        DataError: there are none, one has no layer, or one runs in a branch or a loop.
    """
    for node in filter(_is_convolution, graph.inner_nodes):
        raise DataError(
            f"{graph.place(node)} runs in a branch or a loop, so nobody knows how often; export the model without"
        )
    nodes = tuple(filter(_is_convolution, graph.nodes))
    if not nodes:
        raise DataError(f"{path_text(graph.file)} has no convolutions; name a model that has some")
    for node in nodes:
        _check_kind(graph, node)
    return nodes


def alike(layers: tuple[ModelLayer, ...]) -> tuple[NamedLayer, ...]:
    """Each different layer once, with the name of the first node that has it, and how many have it."""
    nodes: dict[Layer, list[str]] = {}
    for each in layers:
        nodes.setdefault(each.layer, []).append(each.name)
    return tuple(NamedLayer(names[0], len(names), layer) for layer, names in nodes.items())


def _is_convolution(node: Any) -> bool:
    """Of any kind."""
    return "Conv" in node.op_type


def _check_kind(graph: Graph, node: Any) -> None:
    """See that there are layers for such a node.

    Raises:
        DataError: there are none.
    """
    if not has_layer(node):
        kind = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
        *most, last = INPUTS
        raise DataError(f"{graph.place(node)} is a {quoted(kind)}; there are layers for {', '.join(most)} and {last}")
    if not Operands.of(node).weights or not node.output:
        raise DataError(f"{graph.place(node)} lacks input, weights or output; a {node.op_type} has all of them")


def has_layer(node: Any) -> bool:
    """Whether a node is one of the operators that are layers."""
    return node.op_type in INPUTS and node.domain in _DOMAINS


def model_layer(graph: Graph, shapes: dict[str, Shape], node: Any) -> ModelLayer:
    """The layer of a convolution of a graph with such shapes.

    Raises:
        DataError: its shape is not fixed, or there is no such layer.
    """
    operands = Operands.of(node)
    try:
        layer = layer_of_node(node, *(_fixed_shape(shapes, name) for name in (operands.x, operands.weights)))
        _check_output(layer, shapes.get(node.output[0], ()))
    except WincookError as error:
        raise DataError(f"{graph.place(node)}: {error}") from error
    return ModelLayer(name_of(node), layer, operands.weights, operands.bias)


def _fixed_shape(shapes: dict[str, Shape], name: str) -> tuple[int, ...]:
    """The shape of a value that is an image or weights.

    Raises:
        DataError: it is unknown, or depends on what the model is called with.
    """
    shape = shapes.get(name)
    if shape is None:
        raise DataError(f"the shape of {quoted(name)} is not known; export the model with fixed sizes")
    sizes = tuple(size for size in shape if isinstance(size, int))
    if len(sizes) < len(shape):
        raise DataError(f"{quoted(name)} is {'x'.join(map(str, shape))}; export the model with fixed sizes")
    if len(sizes) < _FEWEST_AXES:
        raise DataError(f"{quoted(name)} has shape {sizes}; it needs {_FEWEST_AXES} axes at least")
    return sizes


def layer_of_node(node: Any, x: tuple[int, ...], weights: tuple[int, ...]) -> Layer:
    """The layer of a node whose input and weights have these shapes.

    Raises:
        WincookError: they do not fit one another, or an attribute is unknown or has a value that no layer has.
    """
    transposed = node.op_type == TRANSPOSED
    given = _attributes(node)
    kernel, groups = weights[2:], whole_number("group", given.get("group", 1))
    channels = weights[0] if transposed else weights[1] * groups
    if len(x) != len(weights) or x[1] != channels:
        raise DataError(f"its input has shape {x}, and its weights {weights}, of {channels} channels; they do not fit")
    if "kernel_shape" in given and _per_axis("kernel_shape", given["kernel_shape"], len(kernel)) != kernel:
        raise DataError(f"kernel_shape = {quoted(given['kernel_shape'])} is not that of the weights, {kernel}")
    steps = {name: _per_axis(name, given.get(name), len(kernel), usual) for name, usual in _PER_AXIS.items()}
    padding, output_padding = _padding(given, x[2:], kernel, steps, transposed=transposed)
    return Layer(
        channels,
        weights[1] * groups if transposed else weights[0],
        x[2:],
        kernel,
        padding,
        x[0],
        stride=steps["strides"],
        dilation=steps["dilations"],
        groups=groups,
        transposed=transposed,
        output_padding=output_padding,
    )


def known_layer(node: Any, shapes: dict[str, Shape]) -> Layer | None:
    """The layer of a node of a graph with such shapes; None where they are not known, or there is no such layer."""
    operands = Operands.of(node)
    try:
        return layer_of_node(node, *(_fixed_shape(shapes, name) for name in (operands.x, operands.weights)))
    except WincookError:
        return None


def _attributes(node: Any) -> dict[str, Any]:
    given = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    for name in given:
        choice(f"attribute of a {node.op_type}", name, _ATTRIBUTES)
    return given


def _per_axis(name: str, numbers: Any, dimension: int, usual: int = 0) -> tuple[int, ...]:
    """One whole number for each axis, of any sign; the usual one if none are given."""
    if numbers is None:
        return (usual,) * dimension
    along = tuple(numbers) if isinstance(numbers, list) else ()
    if len(along) != dimension:
        raise DataError(f"{name} = {quoted(numbers)} must have {dimension} numbers")
    return along


def _padding(
    given: dict[str, Any],
    size: tuple[int, ...],
    kernel: tuple[int, ...],
    steps: dict[str, tuple[int, ...]],
    *,
    transposed: bool,
) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    """(before, after) along each axis, and the output padding: as given, or what leaves the output a size."""
    word = given.get("auto_pad", b"NOTSET")
    word = choice("auto_pad", word.decode() if isinstance(word, bytes) else word, _AUTO_PADS)
    dimension, more = len(size), steps["output_padding"]
    columns = list(zip(size, kernel, *steps.values(), strict=True))
    if transposed and (word.startswith("SAME") or "output_shape" in given):
        usual = [places * stride for places, _, stride, _, _ in columns]
        outputs = _per_axis("output_shape", given.get("output_shape", usual), dimension)
        totals = [
            stride * (places - 1) + more + dilation * (taps - 1) + 1 - wanted
            for (places, taps, stride, dilation, more), wanted in zip(columns, outputs, strict=True)
        ]
        more = tuple(added - min(0, total) for added, total in zip(more, totals, strict=True))
        return tuple(_halves(max(0, total), more_before=word != "SAME_UPPER") for total in totals), more
    if word.startswith("SAME"):
        totals = [
            max(0, stride * (-(-places // stride) - 1) + dilation * (taps - 1) + 1 - places)
            for places, taps, stride, dilation, _ in columns
        ]
        return tuple(_halves(total, more_before=word == "SAME_LOWER") for total in totals), more
    pads = (0,) * (2 * dimension) if word == "VALID" else _per_axis("pads", given.get("pads"), 2 * dimension)
    return tuple(zip(pads[:dimension], pads[dimension:], strict=True)), more


def _halves(total: int, *, more_before: bool) -> tuple[int, int]:
    less, more = total // 2, total - total // 2
    return (more, less) if more_before else (less, more)


def _check_output(layer: Layer, declared: Shape) -> None:
    """See that the layer makes what the model says."""
    known = all(isinstance(size, int) for size in declared)
    if declared and known and declared != layer.output_shape:
        raise DataError(f"its output has shape {layer.output_shape}, but the model says {declared}")
