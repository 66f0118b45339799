"""The nodes of an ONNX model, and the shapes of its values, without the numbers of its weights.

Large weights become inputs of known shapes before shapes are inferred. So large models take no longer than small ones,
and what lies in files beside the model is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from onnx import ModelProto, helper, inliner, shape_inference

from wincook.data.protobuf import fields
from wincook.errors import DataError, quoted
from wincook.files import open_regular, path_text

Shape = tuple[int | str, ...]
"""Sizes, and the names of those that are open."""

_LARGEST = 1 << 31  # bytes: protobuf takes no more
_GRAPH, _NODE = 7, 1  # numbers of fields in onnx.proto: of a model, and of its graph
_MOST_FIELDS = 2_000_000  # of all nodes
_FEW_NUMBERS = 1024  # of tensors that may be shapes or indices, which inference reads


@dataclass(frozen=True, slots=True)
class Graph:
    """A model that was read from a file, with the functions that are its own put in where they are called.

    `tensors` are all its initialisers by name; `model` has the small ones alone.
    """

    file: Path
    model: Any
    tensors: Mapping[str, Any]

    @property
    def nodes(self) -> tuple[Any, ...]:
        """In their order."""
        return tuple(self.model.graph.node)

    @property
    def inputs(self) -> tuple[Any, ...]:
        """What the model is called with, with types and shapes."""
        return tuple(value for value in self.model.graph.input if value.name not in self.tensors)

    @property
    def outputs(self) -> tuple[str, ...]:
        """What it gives."""
        return tuple(value.name for value in self.model.graph.output)

    def place(self, node: Any) -> str:
        """The file and a node's name, or that of its outputs, as messages tell them."""
        return f"{path_text(self.file)}:{quoted(name_of(node))[1:-1]}"

    @property
    def inner_nodes(self) -> tuple[Any, ...]:
        """Those of branches and loops."""
        return tuple(inner for node in self.nodes for subgraph in subgraphs(node) for inner in _all_nodes(subgraph))


def read_graph(file: Path) -> Graph:
    """The graph of a file.

    Raises:
        OutputError: the file cannot be read.
        DataError: it is no ONNX model, or a damaged one.
    """
    with open_regular(file, _LARGEST) as stream:
        contents = stream.read()
    try:
        _check_fields(memoryview(contents))
        model = ModelProto.FromString(contents)
        tensors = {tensor.name: tensor for tensor in model.graph.initializer}
        _forget_weights(model.graph)
        model = inliner.inline_local_functions(model) if model.functions else model
    except Exception as error:  # protobuf's and those of the C++ library have no common class
        raise DataError(f"{path_text(file)} is no ONNX model, or a damaged one") from error
    if not model.HasField("graph"):
        raise DataError(f"{path_text(file)} is no ONNX model")
    return Graph(file, model, tensors)


def name_of(node: Any) -> str:
    """The name of a node, or that of its outputs if it has none."""
    return node.name or ", ".join(node.output)


def shapes_of(graph: Graph, batch: int | None = None) -> dict[str, Shape]:
    """The shapes that are known, by name of the value, with so many images where their number is open; one if left out.

    Raises:
        DataError: shapes contradict one another; a batch for a model that leaves none open.
    """
    where, opened = path_text(graph.file), _with_batch(graph, batch or 1)
    if opened is None and batch is not None:
        raise DataError(f"{where} leaves no batch open, so it cannot be {batch}; leave it out")
    try:
        inferred = shape_inference.infer_shapes(graph.model if opened is None else opened, data_prop=True)
    except Exception as error:  # as above
        reason = str(error).strip().splitlines()[-1:]
        raise DataError(f"the shapes of {where} cannot be inferred: {quoted(' '.join(reason))}") from error
    return dict(_shapes(inferred.graph))


def open_shapes_of(graph: Graph) -> dict[str, Shape]:
    """The shapes that are known whatever the number of images, which has a name; none where they cannot be inferred."""
    try:
        inferred = shape_inference.infer_shapes(_with_batch(graph, "batch") or graph.model, data_prop=True)
    except Exception:  # noqa: BLE001 (as above)
        return {}
    return dict(_shapes(inferred.graph))


def shapes_with(graph: Graph, given: Mapping[str, tuple[int, ...]]) -> dict[str, Shape]:
    """The shapes that are known where inputs have these; none where they cannot be inferred."""
    model = ModelProto.FromString(graph.model.SerializeToString())
    for value in model.graph.input:
        if value.name in given:
            kind = value.type.tensor_type.elem_type
            value.CopyFrom(helper.make_tensor_value_info(value.name, kind, given[value.name]))
    try:
        inferred = shape_inference.infer_shapes(model, data_prop=True)
    except Exception:  # noqa: BLE001 (as above)
        return {}
    return dict(_shapes(inferred.graph))


def types_of(graph: Graph) -> dict[str, int]:
    """The types of elements that are known, as numbers of `onnx.TensorProto`, by name of the value."""
    try:
        inferred = shape_inference.infer_shapes(graph.model).graph
    except Exception:  # noqa: BLE001 (as above)
        inferred = graph.model.graph
    declared = {
        value.name: value.type.tensor_type.elem_type
        for value in (*inferred.value_info, *inferred.output, *inferred.input)
    }
    return declared | {name: tensor.data_type for name, tensor in graph.tensors.items()}


def _check_fields(contents: memoryview) -> None:
    """See that protobuf, which makes an object of each message, will not make more than a model has.

    Raises:
        ValueError: it would.
    """
    seen = 0
    for graph in _messages(contents, _GRAPH):
        for node in _messages(graph, _NODE):
            seen += sum(1 for _ in fields(node))
            if seen > _MOST_FIELDS:
                raise ValueError("more nodes than a model has")


def _messages(message: memoryview, number: int) -> Iterator[memoryview]:
    return (value for field, value in fields(message) if field == number and isinstance(value, memoryview))


def _forget_weights(graph: Any) -> None:
    """Make inputs of known shapes of large initialisers."""
    tensors, inputs = list(graph.initializer), {value.name for value in graph.input}
    del graph.initializer[:]
    for tensor in tensors:
        if prod(tensor.dims) <= _FEW_NUMBERS:
            graph.initializer.append(tensor)
        elif tensor.name not in inputs:
            graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))


def _with_batch(graph: Graph, batch: int | str) -> Any:
    """The model with a number or a name for the open batch of its inputs, and all sizes of its name; None without."""
    model = ModelProto.FromString(graph.model.SerializeToString())
    shapes = [value.type.tensor_type.shape for value in model.graph.input if value.type.tensor_type.HasField("shape")]
    opened = [shape.dim[0] for shape in shapes if len(shape.dim) and not _is_fixed(shape.dim[0])]
    names = {dim.dim_param for dim in opened if dim.dim_param}
    for dim in [*opened, *(dim for shape in shapes for dim in shape.dim if dim.dim_param in names)]:
        if isinstance(batch, int):
            dim.dim_value = batch
        else:
            dim.dim_param = batch
    return model if opened else None


def _shapes(graph: Any) -> Iterator[tuple[str, Shape]]:
    for value in (*graph.value_info, *graph.output, *graph.input):
        if value.type.tensor_type.HasField("shape"):
            dims = value.type.tensor_type.shape.dim
            yield (
                value.name,
                tuple(dim.dim_value if _is_fixed(dim) else dim.dim_param or "?" for dim in dims),
            )
    for tensor in graph.initializer:
        yield tensor.name, tuple(tensor.dims)


def _is_fixed(dim: Any) -> bool:
    """Whether a size is a number; some models say -1 for one that is open."""
    return bool(dim.HasField("dim_value") and dim.dim_value >= 0)


def subgraphs(node: Any) -> Iterator[Any]:
    """The branches of a node, or what it loops over."""
    for attribute in node.attribute:
        yield from attribute.graphs
        if attribute.HasField("g"):
            yield attribute.g


def reads_of(node: Any) -> frozenset[str]:
    """The values that a node reads, those that its branches and loops take from outside among them."""
    inner = (
        {*(name for within in graph.node for name in reads_of(within)), *(value.name for value in graph.output)}
        - {name for within in graph.node for name in within.output}
        - {value.name for value in (*graph.input, *graph.initializer)}
        for graph in subgraphs(node)
    )
    return frozenset(node.input).union(*inner) - {""}


def _all_nodes(graph: Any) -> Iterator[Any]:
    for node in graph.node:
        yield node
        for inner in subgraphs(node):
            yield from _all_nodes(inner)
