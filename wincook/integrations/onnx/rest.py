"""The nodes of a model that are no convolutions of wincook, run by onnxruntime or by the reference evaluator of onnx.

A run of such nodes is a model of its own: it reads what chains and earlier runs made, and gives what later ones read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal, cast, get_args

import numpy as np
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from wincook.arguments import choice
from wincook.errors import DataError, MissingExtraError, quoted
from wincook.files import path_text
from wincook.integrations.onnx.graph import Graph, reads_of, subgraphs
from wincook.integrations.onnx.tensors import held

Engine = Literal["onnxruntime", "reference"]
_INITIALISERS_ALONE = 4  # the version of models whose initialisers need not be inputs too

Values = Mapping[str, Any]
Compute = Callable[[dict[str, Any]], list[Any]]


def engine_of(engine: Engine | str | None) -> Engine:
    """The engine of that name; left out, onnxruntime if it is installed.

    Raises:
        NotationError: an unknown one.
        MissingExtraError: it is not installed.
    """
    is_there = find_spec("onnxruntime") is not None
    if engine is None:
        return "onnxruntime" if is_there else "reference"
    known = cast("Engine", choice("engine", engine, get_args(Engine)))
    if known == "onnxruntime" and not is_there:
        raise MissingExtraError("onnxruntime is not installed: pip install onnxruntime, or take the engine 'reference'")
    return known


@dataclass(frozen=True, slots=True)
class Rest:
    """Nodes in order, the values that they read, initialisers apart, and those that they make for others."""

    graph: Graph
    nodes: tuple[Any, ...]
    reads: tuple[str, ...]
    makes: tuple[str, ...]

    @classmethod
    def of(cls, graph: Graph, nodes: Sequence[Any], wanted: frozenset[str]) -> Rest:
        """The nodes without those that nobody needs, who wants these values."""
        needed: set[str] = set(wanted)
        taken: list[Any] = []
        for node in reversed(nodes):
            if needed & set(node.output):
                needed |= reads_of(node)
                taken.append(node)
        taken.reverse()
        read = {name for node in taken for name in reads_of(node)}
        made = [name for node in taken for name in node.output]
        reads = sorted(read - set(made) - set(graph.tensors))
        return cls(graph, tuple(taken), tuple(reads), tuple(name for name in made if name in wanted))

    def computed_by(self, engine: Engine, values: Values) -> Compute:
        """A function of the values that it reads, whose types of elements are those of these.

        Raises:
            DataError: the engine cannot load the nodes.
        """
        try:
            return _ENGINES[engine](self._model(values))
        except DataError:
            raise
        except Exception as error:  # whatever the engine raises
            raise _failed(self.graph, engine, error) from error

    def _model(self, values: Values) -> Any:
        names = {name for node in self.nodes for name in reads_of(node)} & set(self.graph.tensors)
        inner = helper.make_graph(
            self.nodes,
            "rest",
            [_declared(name, values[name]) for name in self.reads],
            [helper.make_empty_tensor_value_info(name) for name in self.makes],
            [held(self.graph.tensors[name], self.graph.file) for name in sorted(names)],
        )
        for node in inner.node:
            _hold_tensors(node, self.graph)
        whole = self.graph.model
        version = max(whole.ir_version, _INITIALISERS_ALONE)
        return helper.make_model(inner, opset_imports=whole.opset_import, ir_version=version)


def compute(graph: Graph, engine: Engine, function: Compute, values: dict[str, Any]) -> list[Any]:
    """What a function of an engine gives.

    Raises:
        DataError: it fails.
    """
    try:
        return function(values)
    except Exception as error:  # whatever the engine raises
        raise _failed(graph, engine, error) from error


def _declared(name: str, value: Any) -> Any:
    """The declaration of an input that such a value is given for: an array, or a sequence of arrays."""
    if isinstance(value, list):
        kind = helper.np_dtype_to_tensor_dtype(np.asarray(value[0]).dtype) if value else TensorProto.FLOAT
        return helper.make_tensor_sequence_value_info(name, kind, None)
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.asarray(value).dtype), None)


def _hold_tensors(node: Any, graph: Graph) -> None:
    """Put into a node, and into its branches, what lies in files beside the model: no engine opens any."""
    for attribute in node.attribute:
        for tensor in (*attribute.tensors, *([attribute.t] if attribute.HasField("t") else [])):
            tensor.CopyFrom(held(tensor, graph.file))
    for branch in subgraphs(node):
        for tensor in branch.initializer:
            tensor.CopyFrom(held(tensor, graph.file))
        for inner in branch.node:
            _hold_tensors(inner, graph)


def _by_onnxruntime(model: Any) -> Compute:
    import onnxruntime  # noqa: PLC0415 (an extra)

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda values: session.run(None, values)


def _by_reference(model: Any) -> Compute:
    evaluator = ReferenceEvaluator(model)
    return lambda values: evaluator.run(None, values)


_ENGINES: dict[Engine, Callable[[Any], Compute]] = {"onnxruntime": _by_onnxruntime, "reference": _by_reference}


def _failed(graph: Graph, engine: Engine, error: Exception) -> DataError:
    return DataError(f"{path_text(graph.file)}: the engine {engine} fails: {quoted(str(error), 200)}")
