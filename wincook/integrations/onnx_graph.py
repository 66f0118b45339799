"""The nodes of an ONNX model, and the shapes of its values, without the numbers of its weights.

Weights become inputs of known shapes before shapes are inferred. So large models take no longer than small ones, and
what lies in files beside the model is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from wincook.data.protobuf import fields
from wincook.errors import DataError, MissingExtraError, quoted
from wincook.files import open_regular, path_text

Shape = tuple[int | str, ...]
"""Sizes, and the names of those that are open."""

_LARGEST = 1 << 31  # bytes: protobuf takes no more
_GRAPH, _NODE = 7, 1  # numbers of fields in onnx.proto: of a model, and of its graph
_MOST_FIELDS = 2_000_000  # of all nodes
_FEW_NUMBERS = 1024  # of tensors that may be shapes or indices, which inference reads


@dataclass(frozen=True, slots=True)
class Graph:
    """A model that was read from a file, with the functions that are its own put in where they are called."""

    file: Path
    model: Any

    @property
    def nodes(self) -> tuple[Any, ...]:
        """In their order."""
        return tuple(self.model.graph.node)

    @property
    def inner_nodes(self) -> tuple[Any, ...]:
        """Those of branches and loops."""
        return tuple(inner for node in self.nodes for subgraph in _subgraphs(node) for inner in _all_nodes(subgraph))


def read_graph(file: Path) -> Graph:
    """The graph of a file.

    Raises:
        MissingExtraError: onnx is not installed.
        OutputError: the file cannot be read.
        DataError: it is no ONNX model, or a damaged one.
    """
    try:
        from onnx import ModelProto, inliner  # noqa: PLC0415 (an extra)
    except ImportError:
        raise MissingExtraError(f"{path_text(file)} needs onnx: pip install 'wincook[onnx]'") from None
    with open_regular(file, _LARGEST) as stream:
        contents = stream.read()
    try:
        _check_fields(memoryview(contents))
        model = ModelProto.FromString(contents)
        _forget_weights(model.graph)
        model = inliner.inline_local_functions(model) if model.functions else model
    except Exception as error:  # protobuf's and those of the C++ library have no common class
        raise DataError(f"{path_text(file)} is no ONNX model, or a damaged one") from error
    if not model.HasField("graph"):
        raise DataError(f"{path_text(file)} is no ONNX model")
    return Graph(file, model)


def shapes_of(graph: Graph, batch: int | None = None) -> dict[str, Shape]:
    """The shapes that are known, by name of the value, with so many images where their number is open; one if left out.

    Raises:
        DataError: shapes contradict one another; a batch for a model that leaves none open.
    """
    from onnx import ModelProto, shape_inference  # noqa: PLC0415 (an extra)

    model, where = ModelProto.FromString(graph.model.SerializeToString()), path_text(graph.file)
    if not _fix_batch(model.graph, batch or 1) and batch is not None:
        raise DataError(f"{where} leaves no batch open, so it cannot be {batch}; leave it out")
    try:
        inferred = shape_inference.infer_shapes(model, data_prop=True)
    except Exception as error:  # as above
        reason = str(error).strip().splitlines()[-1:]
        raise DataError(f"the shapes of {where} cannot be inferred: {quoted(' '.join(reason))}") from error
    return dict(_shapes(inferred.graph))


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
    from onnx import helper  # noqa: PLC0415 (an extra)

    tensors, inputs = list(graph.initializer), {value.name for value in graph.input}
    del graph.initializer[:]
    for tensor in tensors:
        if prod(tensor.dims) <= _FEW_NUMBERS:
            graph.initializer.append(tensor)
        elif tensor.name not in inputs:
            graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))


def _fix_batch(graph: Any, batch: int) -> bool:
    """Give the open batch of inputs a number, and all sizes of its name; whether there was one."""
    shapes = [value.type.tensor_type.shape for value in graph.input if value.type.tensor_type.HasField("shape")]
    opened = [shape.dim[0] for shape in shapes if len(shape.dim) and not shape.dim[0].HasField("dim_value")]
    names = {dim.dim_param for dim in opened if dim.dim_param}
    for dim in [*opened, *(dim for shape in shapes for dim in shape.dim if dim.dim_param in names)]:
        dim.dim_value = batch
    return bool(opened)


def _shapes(graph: Any) -> Iterator[tuple[str, Shape]]:
    for value in (*graph.value_info, *graph.output, *graph.input):
        if value.type.tensor_type.HasField("shape"):
            dims = value.type.tensor_type.shape.dim
            yield (
                value.name,
                tuple(dim.dim_value if dim.HasField("dim_value") else dim.dim_param or "?" for dim in dims),
            )
    for tensor in graph.initializer:
        yield tensor.name, tuple(tensor.dims)


def _subgraphs(node: Any) -> Iterator[Any]:
    for attribute in node.attribute:
        yield from attribute.graphs
        if attribute.HasField("g"):
            yield attribute.g


def _all_nodes(graph: Any) -> Iterator[Any]:
    for node in graph.node:
        yield node
        for inner in _subgraphs(node):
            yield from _all_nodes(inner)
