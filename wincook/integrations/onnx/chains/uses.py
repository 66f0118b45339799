"""Who reads the values of a graph, and what is known of them before it runs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.integrations.onnx.constants import Constants
from wincook.integrations.onnx.graph import Graph, Shape, open_shapes_of, reads_of, types_of


@dataclass(frozen=True, slots=True)
class Uses:
    """The readers of each value, once for each time that they read it, and the shapes, types and constants there are.

    Values that the model gives back, or that a branch or loop reads, are `kept`: no kernel may take them over.
    """

    readers: dict[str, list[Any]]
    kept: frozenset[str]
    shapes: dict[str, Shape]
    types: dict[str, int]
    constants: Constants

    @classmethod
    def of(cls, graph: Graph) -> Uses:
        """Those of a graph, whatever the number of images."""
        readers: dict[str, list[Any]] = defaultdict(list)
        kept = set(graph.outputs)
        for node in graph.nodes:
            for name in node.input:
                readers[name].append(node)
            kept |= reads_of(node) - set(node.input)
        shapes = open_shapes_of(graph)
        return cls(dict(readers), frozenset(kept), shapes, types_of(graph), Constants(graph, shapes))

    def readers_of(self, name: str) -> tuple[Any, ...]:
        """All nodes that read a value; none where it is kept."""
        return () if name in self.kept else tuple(self.readers.get(name, ()))

    def only_reader(self, name: str, *kinds: str) -> Any:
        """The node that alone reads a value, and once, if it is of one of these operators and has one output."""
        readers = self.readers_of(name)
        if len(readers) != 1 or not is_one(readers[0], *kinds):
            return None
        return readers[0]

    def constant(self, name: str) -> Array | None:
        """A constant, or None for any other value."""
        return self.constants.of(name) if name and name in self.constants else None

    def number(self, name: str) -> float | None:
        """A constant that is a single number, or None."""
        value = self.constant(name)
        return float(value.reshape(())) if value is not None and value.size == 1 and value.dtype.kind == "f" else None

    def are_alike(self, name: str, other: str) -> bool:
        """Whether two values have the same shape, so that their sum broadcasts neither."""
        shape = self.shapes.get(name, ("?",))
        return "?" not in shape and shape == self.shapes.get(other)


def is_one(node: Any, *kinds: str) -> bool:
    """Whether a node is one of these operators of onnx itself, with a single output."""
    return node.op_type in kinds and node.domain in {"", "ai.onnx"} and len([name for name in node.output if name]) == 1


def filters_of(convolution: Any, weights: Array) -> int:
    """How many filters a convolution has: the number K."""
    if convolution.op_type != "ConvTranspose":
        return len(weights)
    return int(weights.shape[1] * next((each.i for each in convolution.attribute if each.name == "group"), 1))


def per_filter(values: Array, filters: int, dimension: int) -> Array | None:
    """Numbers that broadcast along the filters of (N, K, *out) alone, as (K,); None for others."""
    column = (1, filters, *(1,) * dimension)
    try:
        spread = np.broadcast_to(values, column)
    except ValueError:
        return None
    return spread.reshape(filters)
