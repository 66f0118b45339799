"""Values of a model that are known before it runs: initialisers, constants, and what is computed of them alone."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from wincook.arrays import Array
from wincook.errors import DataError, quoted
from wincook.integrations.onnx.graph import Graph, Shape, subgraphs
from wincook.integrations.onnx.tensors import numbers_of

_LARGEST = 1 << 28  # numbers of a value that is computed
_DEEPEST = 64  # nodes between a value and the initialisers
_CHANGING = frozenset({"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli"})


class Constants:
    """The constant values of a graph by name, each read or computed when it is first asked for."""

    def __init__(self, graph: Graph, shapes: Mapping[str, Shape]) -> None:
        self._graph, self._shapes = graph, shapes
        self._makers = {name: node for node in graph.nodes for name in node.output}
        self._kept: dict[str, Array] = {}

    def __contains__(self, name: str) -> bool:
        """Whether a value is constant, and not too large to be computed."""
        return self._is_constant(name, _DEEPEST)

    def of(self, name: str) -> Array:
        """The value.

        Raises:
            DataError: an initialiser without the numbers that its shape asks for; or what makes the value fails.
            KeyError: it is no constant.
        """
        if name not in self._kept:
            self._kept[name] = self._read(name)
        return self._kept[name]

    def _is_constant(self, name: str, depth: int) -> bool:
        if name in self._graph.tensors:
            return True
        node = self._makers.get(name)
        if node is None or not depth or node.op_type in _CHANGING or next(subgraphs(node), None) is not None:
            return False
        if node.op_type == "Constant":
            return True
        is_known = name in self._shapes and all(isinstance(size, int) for size in self._shapes[name])
        is_small = is_known and prod(size for size in self._shapes[name] if isinstance(size, int)) <= _LARGEST
        return is_small and all(self._is_constant(given, depth - 1) for given in node.input if given)

    def _read(self, name: str) -> Array:
        if name in self._graph.tensors:
            return numbers_of(self._graph.tensors[name], self._graph.file)
        node = self._makers[name]
        if node.op_type == "Constant" and node.attribute[0].type == node.attribute[0].TENSOR:
            return numbers_of(node.attribute[0].t, self._graph.file)
        given = {key: self.of(key) for key in node.input if key}
        values = [helper.make_tensor_value_info(key, TensorProto.UNDEFINED, None) for key in given]
        output = helper.make_tensor_value_info(name, TensorProto.UNDEFINED, None)
        only = helper.make_model(
            helper.make_graph([node], "constant", values, [output]), opset_imports=self._graph.model.opset_import
        )
        try:
            (value,) = ReferenceEvaluator(only).run([name], given)
        except Exception as error:  # of whatever operator it is
            raise DataError(f"{self._graph.place(node)} cannot be computed: {quoted(str(error))}") from error
        return np.asarray(value)
