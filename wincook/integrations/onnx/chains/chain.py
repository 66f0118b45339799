"""A convolution of a graph and the nodes after it that its kernel takes over.

    y = pool(activation(norm(conv(x, weights) + bias) + residual))

A node is taken over if it alone reads what comes before, and the model does not give that back. What `norm` stands for,
batch normalisation and sums and products with a constant for each filter, goes into weights and bias.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from onnx import TensorProto

from wincook.epilogue.epilogue import Epilogue, Pool
from wincook.integrations.onnx.chains.activations import activation_of, attributes_of
from wincook.integrations.onnx.chains.integers import dequantiser_of, is_known, quantiser_of
from wincook.integrations.onnx.chains.uses import Uses, filters_of, per_filter
from wincook.integrations.onnx.graph import Graph, name_of
from wincook.integrations.onnx.layers import has_layer
from wincook.integrations.onnx.operands import INTEGER, QUANTISED, Operands

_NORM = "BatchNormalization"
_NORM_INPUTS = 5  # x, and the numbers of each filter
_OF_NORMS = {"training_mode": 0, "spatial": 1, "is_test": 1}  # the others are as good with any value
_POOLS: dict[str, Pool] = {"MaxPool": "max", "AveragePool": "average"}
_HALVING: dict[str, Any] = {"kernel_shape": [2, 2], "strides": [2, 2]}
_NOTHING: dict[str, Any] = {  # attributes that change nothing, so
    "auto_pad": b"NOTSET",
    "ceil_mode": 0,
    "count_include_pad": 0,
    "dilations": [1, 1],
    "pads": [0, 0, 0, 0],
    "storage_order": 0,
}


@dataclass(frozen=True, slots=True)
class Chain:
    """The nodes, the convolution first; `norms` are those that go into the weights, `residual` is the value added.

    `before` is the DequantizeLinear that makes x, `added` that of the residual, and `after` the QuantizeLinear at the
    end, if integers are around.
    """

    nodes: tuple[Any, ...]
    norms: tuple[Any, ...] = ()
    residual: str = ""
    activation: str = ""
    pool: Pool | None = None
    before: Any = None
    added: Any = None
    after: Any = None

    @property
    def reads(self) -> frozenset[str]:
        """The names of all values that it is computed from."""
        added = self.residual if self.added is None else self.added.input[0]
        return frozenset({*self.operands.names, added} - {""})

    @property
    def operands(self) -> Operands:
        """The values that it reads."""
        return Operands.of(self.convolution).between(self.before, self.after)

    @property
    def convolution(self) -> Any:
        """The node that makes the layer."""
        return self.nodes[0]

    @property
    def name(self) -> str:
        """That of the convolution, or of its output."""
        return name_of(self.convolution)

    @property
    def real(self) -> tuple[Any, ...]:
        """The nodes that compute in real numbers."""
        return self.nodes if self.after is None else self.nodes[:-1]

    @property
    def y(self) -> str:
        """The value that comes out."""
        last: str = self.nodes[-1].output[0]
        return last

    @property
    def epilogue(self) -> Epilogue:
        """What the kernel does after the convolution and its bias."""
        return Epilogue(self.activation or None, residual=bool(self.residual), pool=self.pool)


def chains_of(graph: Graph, uses: Uses) -> tuple[Chain, ...]:
    """The convolutions of float32 or integers in a graph, each with as much of what follows as its kernel can do."""
    taken: set[str] = set()
    makers = {name: node for node in graph.nodes for name in node.output}
    chains = []
    for node in graph.nodes:
        if not has_layer(node) or not Operands.of(node).weights:
            continue
        chain = Chain((node,))
        if node.op_type in {QUANTISED, INTEGER}:
            if is_known(node, uses):
                chains.append(chain)
        elif _is_float32(node, uses):
            while (longer := _grown(chain, uses)) is not None and not taken & set(_names(longer)):
                chain = longer
            after = quantiser_of(chain.y, uses)
            nodes = chain.nodes if after is None else (*chain.nodes, after)
            before, added = (dequantiser_of(name, makers, uses) for name in (node.input[0], chain.residual))
            chain = replace(chain, nodes=nodes, before=before, added=added, after=after)
            taken |= set(_names(chain))
            chains.append(chain)
    return tuple(chains)


def _names(chain: Chain) -> Iterator[str]:
    return (name for node in chain.nodes for name in node.output)


def _is_float32(node: Any, uses: Uses) -> bool:
    return any(uses.types.get(name) == TensorProto.FLOAT for name in node.input[:2])


def _grown(chain: Chain, uses: Uses) -> Chain | None:
    """The chain with what comes next, if a kernel can do that too."""
    if chain.pool:
        return None
    if not (chain.residual or chain.activation) and (node := _norm(chain, uses)) is not None:
        return replace(chain, nodes=(*chain.nodes, node), norms=(*chain.norms, node))
    if not (chain.residual or chain.activation) and (node := _sum(chain, uses)) is not None:
        (residual,) = (name for name in node.input if name != chain.y)
        return replace(chain, nodes=(*chain.nodes, node), residual=residual)
    if not chain.activation and (activated := activation_of(chain.y, uses)) is not None:
        return replace(chain, nodes=(*chain.nodes, *activated.nodes), activation=activated.text)
    node = uses.only_reader(chain.y, *_POOLS)
    if node is not None and _halves(node):
        return replace(chain, nodes=(*chain.nodes, node), pool=_POOLS[node.op_type])
    return None


def _norm(chain: Chain, uses: Uses) -> Any:
    """The node that follows, if it does the same to all outputs of a filter, with constants, as the weights are."""
    convolution = chain.convolution
    node = uses.only_reader(chain.y, _NORM, "Add", "Mul")
    if node is None or any(uses.constant(name) is None for name in convolution.input[1:] if name):
        return None
    if node.op_type == _NORM:
        is_plain = node.input[0] == chain.y and len(node.input) == _NORM_INPUTS
        is_plain = is_plain and all(_OF_NORMS.get(name, value) == value for name, value in attributes_of(node).items())
        return node if is_plain and all(uses.constant(name) is not None for name in node.input[1:]) else None
    others = [name for name in node.input if name != chain.y]
    values = uses.constant(others[0]) if len(others) == 1 and not node.attribute else None
    weights = uses.constants.of(convolution.input[1])
    if values is None or per_filter(values, filters_of(convolution, weights), weights.ndim - 2) is None:
        return None
    return node


def _sum(chain: Chain, uses: Uses) -> Any:
    """The node that follows, if it adds another value of the same shape."""
    node = uses.only_reader(chain.y, "Add", "Sum")
    others = [] if node is None or node.attribute else [name for name in node.input if name != chain.y]
    return node if len(others) == 1 and uses.are_alike(chain.y, others[0]) else None


def _halves(node: Any) -> bool:
    """Whether squares of 2×2 are pooled, and what is left over at the end of an axis is dropped."""
    given = attributes_of(node)
    usual = _NOTHING | _HALVING
    return set(_HALVING) <= set(given) and all(value == usual.get(name) for name, value in given.items())
