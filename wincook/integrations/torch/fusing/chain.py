"""Which nodes of a traced model follow a convolution so that its kernel can do what they do."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import fx, nn
from torch.nn import functional

from wincook.integrations.torch.modules import turned

_BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
_IN_PLACE: tuple[Any, ...] = (operator.iadd, "add_")
_SUMS: tuple[Any, ...] = (operator.add, torch.add, "add", *_IN_PLACE)
_CALLS: dict[Any, str] = {
    functional.relu: "relu",
    torch.relu: "relu",
    torch.relu_: "relu",
    "relu": "relu",
    "relu_": "relu",
    functional.relu6: "relu6",
    functional.silu: "silu",
}
_MODULES: dict[type[nn.Module], Callable[[Any], str | None]] = {
    nn.ReLU: lambda _: "relu",
    nn.ReLU6: lambda _: "relu6",
    nn.SiLU: lambda _: "silu",
    nn.GELU: lambda module: "gelu" if module.approximate == "none" else None,
    nn.LeakyReLU: lambda module: f"leaky({module.negative_slope})",
    nn.Hardtanh: lambda module: f"clamp({module.min_val}, {module.max_val})",
}


@dataclass(frozen=True, slots=True)
class Chain:
    """A convolution, and what follows it node by node as far as a kernel computes it.

    `place` is the node after which all of it is done.
    """

    model: fx.GraphModule
    convolution: fx.Node
    last: fx.Node
    place: fx.Node
    norm: nn.Module | None = None
    residual: fx.Node | None = None
    activation: str = ""

    def grown(self) -> Chain | None:
        """The chain with the next node, if that is the only one that reads the last, and can be taken in."""
        if len(self.last.users) != 1 or self.activation:
            return None
        (following,) = self.last.users
        if (norm := self._norm(following)) is not None:
            return replace(self, last=following, norm=norm)
        if (residual := self._residual(following)) is not None:
            return replace(self, last=following, residual=residual, place=following)
        if activation := self._activation(following):
            return replace(self, last=following, activation=activation)
        return None

    def _norm(self, node: fx.Node) -> nn.Module | None:
        module: Any = _module(self.model, node)
        if self.last is not self.convolution or type(module) not in _BATCH_NORMS:
            return None
        return None if module.training or module.running_mean is None else module

    def _residual(self, node: fx.Node) -> fx.Node | None:
        if self.residual is not None or node.target not in _SUMS or node.kwargs or len(node.args) != 2:  # noqa: PLR2004
            return None
        if node.target in _IN_PLACE and node.args[0] is not self.last:
            return None  # what it writes to may be read again
        others = [term for term in node.args if term is not self.last]
        is_alike = len(others) == 1 and isinstance(others[0], fx.Node) and _is_alike(others[0], self.last)
        return others[0] if is_alike and not self._is_written_before(node) else None

    def _is_written_before(self, node: fx.Node) -> bool:
        """Whether something between the convolution and a node may write to what the convolution reads."""
        between = self.convolution.next
        while between is not node:
            if _may_write(self.model, between):
                return True
            between = between.next
        return False

    def _activation(self, node: fx.Node) -> str | None:
        if node.op in {"call_function", "call_method"}:
            return _CALLS.get(node.target)
        word_of = _MODULES.get(type(_module(self.model, node)))
        return None if word_of is None else word_of(_module(self.model, node))


def starts(model: fx.GraphModule, node: fx.Node) -> bool:
    """Whether a node is a convolution, by torch or by wincook, of a batch of float32."""
    module: Any = _module(model, node)
    about = node.meta.get("tensor_meta")
    if module is None or turned(module) is None or about is None:
        return False
    return about.dtype == torch.float32 and len(about.shape) == len(module.kernel_size) + 2


def _module(model: fx.GraphModule, node: fx.Node) -> nn.Module | None:
    """The module that a node calls, unless it has hooks, which see what goes in and what comes out."""
    if node.op != "call_module":
        return None
    module = model.get_submodule(str(node.target))
    return None if has_hooks(module) else module


def has_hooks(module: nn.Module) -> bool:
    """Whether something else runs when the module does."""
    return bool(module._forward_hooks or module._forward_pre_hooks)  # noqa: SLF001 (they have no other names)


def _may_write(model: fx.GraphModule, node: fx.Node) -> bool:
    """Whether a node may change a tensor in place, as its name and arguments tell."""
    if node.op == "call_module":
        return bool(getattr(model.get_submodule(str(node.target)), "inplace", False))
    name = node.target if isinstance(node.target, str) else node.target.__name__
    is_operator = getattr(node.target, "__module__", "") == operator.iadd.__module__
    said = any(argument is True for argument in (*node.args, node.kwargs.get("inplace"))) or "out" in node.kwargs
    return said or name.endswith("_") or (is_operator and name.startswith(("i", "set")))


def _is_alike(term: fx.Node, other: fx.Node) -> bool:
    """Whether two tensors have one shape and type, so that their sum broadcasts neither."""
    about, of_other = (node.meta.get("tensor_meta") for node in (term, other))
    return about is not None and of_other is not None and (about.shape, about.dtype) == (of_other.shape, of_other.dtype)
