"""Values of a model that are known before it runs: initialisers, constants, and what is computed of them alone."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from wincook.arrays import Array
from wincook.errors import DataError, quoted
from wincook.integrations.onnx.graph import Graph, Shape, subgraphs
from wincook.integrations.onnx.tensors import numbers_of

_LARGEST = 1 << 30  # bytes of a value that is computed
_MOST = 1 << 32  # of all of them
_BYTES = 8  # of a number, at most
_DEEPEST = 64  # nodes between a value and the initialisers
_LATER = {
    "QuantizeLinear": 19,
    "DequantizeLinear": 19,
}  # since when the evaluator has them; earlier models lose nothing
_CHANGING = frozenset({"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli"})


class Constants:
    """The constant values of a graph by name, each read or computed when it is first asked for."""

    def __init__(self, graph: Graph, shapes: Mapping[str, Shape]) -> None:
        self._graph, self._shapes = graph, shapes
        self._depths = dict.fromkeys(graph.tensors, 0)  # of constants: how many nodes they take
        self._makers: dict[str, Any] = {}
        self._kept: dict[str, Array] = {}
        self._computed = 0
        for node in graph.nodes:
            if self._is_constant(node):
                depth = 1 + max((self._depths[name] for name in node.input if name), default=0)
                self._depths |= dict.fromkeys(node.output, depth)
                self._makers |= dict.fromkeys(node.output, node)

    def __contains__(self, name: str) -> bool:
        """Whether a value is constant, and not too large to be computed."""
        return name in self._depths

    def of(self, name: str) -> Array:
        """The value.

        Raises:
            DataError: an initialiser without the numbers that its shape asks for; what makes the value fails; or
                constants that are computed take too much memory.
            KeyError: it is no constant.
        """
        if name not in self._kept:
            self._kept[name] = self._read(name)
        return self._kept[name]

    def _is_constant(self, node: Any) -> bool:
        """Whether the outputs of a node are constant and small."""
        if node.op_type in _CHANGING or next(subgraphs(node), None) is not None:
            return False
        if node.op_type == "Constant":
            return True
        shapes = [self._shapes.get(name, ("?",)) for name in node.output if name]
        are_small = all(
            all(isinstance(size, int) for size in shape) and _BYTES * prod(map(int, shape)) <= _LARGEST
            for shape in shapes
        )
        return are_small and all(self._depths.get(name, _DEEPEST) < _DEEPEST for name in node.input if name)

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
            helper.make_graph([node], "constant", values, [output]), opset_imports=self._opsets(node)
        )
        try:
            (value,) = ReferenceEvaluator(only).run([name], given)
        except Exception as error:  # of whatever operator it is
            raise DataError(f"{self._graph.place(node)} cannot be computed: {quoted(str(error))}") from error
        array = np.asarray(value)
        self._computed += array.nbytes
        if self._computed > _MOST:
            raise DataError(f"{self._graph.place(node)} and other constants take more than {_MOST >> 30} GiB")
        return array

    def _opsets(self, node: Any) -> list[Any]:
        """The versions of operators that a node is computed with: those of the model, or what means the same."""
        least = _LATER.get(node.op_type, 0)
        return [
            helper.make_opsetid(each.domain, each.version if each.domain else max(each.version, least))
            for each in self._graph.model.opset_import
        ]
