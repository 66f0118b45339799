"""The nodes that make an activation of one value: relu, clamp, leaky, silu and gelu, as models spell them.

silu is y · Sigmoid(y), two nodes. gelu is one node, or in older models five: y · (1 + Erf(y / √2)) / 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isclose, sqrt
from typing import Any

from onnx import helper

from wincook.integrations.onnx.chains.uses import Uses, is_one

_LARGEST = 3.4028234663852886e38  # of float32


@dataclass(frozen=True, slots=True)
class Activated:
    """An activation as `wincook.epilogue` writes it, and its nodes, the last of which gives the result."""

    text: str
    nodes: tuple[Any, ...]


def activation_of(name: str, uses: Uses) -> Activated | None:
    """The activation that alone reads a value, if a kernel has it."""
    for kind in (_single, _silu, _gelu):
        if (activated := kind(name, uses)) is not None:
            return activated
    return None


def attributes_of(node: Any) -> dict[str, Any]:
    """The attributes of a node by name."""
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def _single(name: str, uses: Uses) -> Activated | None:
    node = uses.only_reader(name, *_SINGLE)
    text = None if node is None or node.input[0] != name else _SINGLE[node.op_type](node, uses)
    return None if text is None else Activated(text, (node,))


def _clip(node: Any, uses: Uses) -> str | None:
    """Both bounds are in attributes, as up to version 6 of the operator, or constants."""
    given = attributes_of(node)
    low, high = given.get("min"), given.get("max")
    if len(node.input) > 1:
        low, high = (uses.number(bound) for bound in (*node.input[1:], "")[:2])
        if any(bound and uses.number(bound) is None for bound in node.input[1:]):
            return None
    low, high = (None if bound is None or abs(bound) >= _LARGEST else bound for bound in (low, high))
    if low == 0 and high is None:
        return "relu"
    return None if low is None or high is None or low > high else f"clamp({low!r}, {high!r})"


def _gelu_node(node: Any, uses: Uses) -> str | None:  # noqa: ARG001 (as the others)
    return "gelu" if attributes_of(node).get("approximate", b"none") == b"none" else None


_SINGLE: dict[str, Callable[[Any, Uses], str | None]] = {
    "Relu": lambda *_: "relu",
    "Clip": _clip,
    "LeakyRelu": lambda node, _: f"leaky({attributes_of(node).get('alpha', 0.01)!r})",
    "Gelu": _gelu_node,
}


def _silu(name: str, uses: Uses) -> Activated | None:
    readers = uses.readers_of(name)
    sigmoid = next((node for node in readers if is_one(node, "Sigmoid")), None)
    if sigmoid is None:
        return None
    product = uses.only_reader(sigmoid.output[0], "Mul")
    if product is None or not _are(readers, sigmoid, product) or set(product.input) != {name, sigmoid.output[0]}:
        return None
    return Activated("silu", (sigmoid, product))


def _gelu(name: str, uses: Uses) -> Activated | None:
    readers = uses.readers_of(name)
    for scaled in readers:
        if not _is_over_root_two(scaled, name, uses):
            continue
        erf = uses.only_reader(scaled.output[0], "Erf")
        more = erf and uses.only_reader(erf.output[0], "Add")
        product = more and uses.only_reader(more.output[0], "Mul")
        if not product or not _has_number(more, erf.output[0], 1.0, uses):
            continue
        (other,) = (each for each in product.input if each != more.output[0])
        if other == name and _are(readers, scaled, product):
            half = uses.only_reader(product.output[0], "Mul")
            if half is not None and _has_number(half, product.output[0], 0.5, uses):
                return Activated("gelu", (scaled, erf, more, product, half))
        for half in readers:
            is_half = is_one(half, "Mul") and other in half.output and _has_number(half, name, 0.5, uses)
            if is_half and _are(readers, scaled, half) and uses.only_reader(other, "Mul") is not None:
                return Activated("gelu", (scaled, half, erf, more, product))
    return None


def _is_over_root_two(node: Any, name: str, uses: Uses) -> bool:
    if is_one(node, "Div"):
        return node.input[0] == name and _is_near(uses.number(node.input[1]), sqrt(2))
    return is_one(node, "Mul") and _has_number(node, name, sqrt(0.5), uses)


def _has_number(node: Any, name: str, number: float, uses: Uses) -> bool:
    """Whether a node adds or multiplies a value and a number."""
    others = [given for given in node.input if given != name]
    return len(others) == 1 and _is_near(uses.number(others[0]), number)


def _is_near(number: float | None, wanted: float) -> bool:
    return number is not None and isclose(number, wanted, rel_tol=1e-6)


def _are(readers: tuple[Any, ...], *nodes: Any) -> bool:
    """Whether these nodes are all readers of a value."""
    return len(readers) == len(nodes) and all(any(reader.output == node.output for reader in readers) for node in nodes)
