"""A model for inference, in which kernels do what follows their convolutions.

`torch.fx` shows which nodes follow which (Reed et al., arXiv 2112.08429). Batch normalisation goes into weights and
bias, a sum with another tensor and an activation into the kernel's epilogue.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional

from wincook.arguments import instance
from wincook.errors import DataError, quoted
from wincook.integrations.torch.modules import Winograd
from wincook.integrations.torch.operators import convolve_and_finish
from wincook.integrations.torch.tensors import array_of
from wincook.layers import fold_batch_norm

_BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
_IN_PLACE: tuple[Any, ...] = (operator.iadd, "add_")
_SUMS: tuple[Any, ...] = (operator.add, torch.add, "add", *_IN_PLACE)
_CALLS: dict[Any, str] = {
    functional.relu: "relu",
    torch.relu: "relu",
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


class FusedConvolution(nn.Module):
    """A convolution with batch normalisation folded into it, and what follows; for inference."""

    def __init__(self, convolution: Winograd, norm: Any, activation: str) -> None:
        super().__init__()
        weight, bias = convolution.weight.detach(), convolution.bias
        if norm is not None:
            weight, bias = _folded(weight, bias, norm)
        self.register_buffer("weight", weight)
        self.register_buffer("bias", None if bias is None else bias.detach())
        self.activation = activation
        self._padded, self._settings = convolution.padded, convolution.settings()

    def forward(self, x: Tensor, residual: Tensor | None = None) -> Tensor:
        """activation(convolution of x + residual)."""
        return convolve_and_finish(self._padded(x), self.weight, self.bias, residual, self.activation, *self._settings)


class _Tracer(fx.Tracer):
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return isinstance(m, Winograd) or super().is_leaf_module(m, module_qualified_name)


@dataclass(frozen=True, slots=True)
class _Chain:
    """A convolution, and what follows it node by node as far as a kernel computes it."""

    model: fx.GraphModule
    convolution: fx.Node
    last: fx.Node
    norm: nn.Module | None = None
    residual: fx.Node | None = None
    activation: str = ""

    def grown(self) -> _Chain | None:
        """The chain with the next node, if that is the only one that reads the last, and can be taken in."""
        if len(self.last.users) != 1 or self.activation:
            return None
        (following,) = self.last.users
        if (norm := self._norm(following)) is not None:
            return replace(self, last=following, norm=norm)
        if (residual := self._residual(following)) is not None:
            return replace(self, last=following, residual=residual)
        if activation := self._activation(following):
            return replace(self, last=following, activation=activation)
        return None

    def _norm(self, node: fx.Node) -> nn.Module | None:
        module = self._module(node)
        if self.last is not self.convolution or not isinstance(module, _BATCH_NORMS) or module.running_mean is None:
            return None
        return module

    def _residual(self, node: fx.Node) -> fx.Node | None:
        if self.residual is not None or node.target not in _SUMS or node.kwargs or len(node.args) != 2:  # noqa: PLR2004
            return None
        if node.target in _IN_PLACE and node.args[0] is not self.last:
            return None  # what it writes to may be read again
        others = [term for term in node.args if term is not self.last]
        is_alike = len(others) == 1 and isinstance(others[0], fx.Node) and _is_alike(others[0], self.last)
        return others[0] if is_alike else None

    def _activation(self, node: fx.Node) -> str | None:
        module = self._module(node)
        if module is None:
            return _CALLS.get(node.target)
        word_of = _MODULES.get(type(module))
        return None if word_of is None else word_of(module)

    def _module(self, node: fx.Node) -> nn.Module | None:
        return self.model.get_submodule(str(node.target)) if node.op == "call_module" else None


def fuse(model: nn.Module, *example_inputs: Any) -> fx.GraphModule:
    """A model for inference that computes what a converted one does, with fewer passes over memory.

    Weights are copied where batch normalisation is folded into them; later changes of the model do not reach the copy.

    Args:
        model: with convolutions that `convert_` turned, in evaluation mode.
        example_inputs: what it is called with: the shapes tell which sums broadcast and stay as they are.

    Raises:
        DataError: no module, one in training mode, or one that torch.fx cannot trace, or not faithfully, as where
            the way through it depends on the data.
    """
    if instance("model", model, nn.Module, "give a torch.nn.Module", DataError).training:
        raise DataError("a model in training mode cannot be fused; call model.eval() first")
    tracer = _Tracer()
    try:
        graph = tracer.trace(model)
        traced = fx.GraphModule(model, graph)
        with torch.no_grad():
            fx.passes.shape_prop.ShapeProp(traced).propagate(*copy.deepcopy(example_inputs))
    except Exception as error:  # whatever the code of the model does
        raise DataError(
            f"torch.fx cannot trace this model: {quoted(str(error))}; leave it as convert_ made it"
        ) from error
    _check_same(model, traced, example_inputs)
    convolutions = [node for node in graph.nodes if _is_convolution(traced, node)]
    for number, node in enumerate(convolutions):
        _replace(_Chain(traced, node, node), f"fused_{number}")
    graph.eliminate_dead_code()
    traced.recompile()
    traced.delete_all_unused_submodules()
    return traced


def _check_same(model: nn.Module, traced: fx.GraphModule, example_inputs: tuple[Any, ...]) -> None:
    """See that the trace does what the model does: torch.fx takes `a += b` for `a = a + b`, though others may read a.

    Raises:
        DataError: it does something else.
    """
    with torch.no_grad():
        results = [module(*copy.deepcopy(example_inputs)) for module in (model, traced)]
    try:
        torch.testing.assert_close(*results, rtol=0, atol=0, equal_nan=True)
    except AssertionError:
        raise DataError(
            "torch.fx traces this model to one with other results, as where a tensor is written in place and read "
            "under another name; leave it as convert_ made it"
        ) from None


def _replace(chain: _Chain, name: str) -> None:
    """Put one module in the place of the nodes of a chain, as far as it grows."""
    while (longer := chain.grown()) is not None:
        chain = longer
    model = chain.model
    convolution: Any = model.get_submodule(str(chain.convolution.target))
    model.add_submodule(name, FusedConvolution(convolution, chain.norm, chain.activation))
    residual = () if chain.residual is None else (chain.residual,)
    with model.graph.inserting_after(chain.last):
        fused = model.graph.call_module(name, (chain.convolution.args[0], *residual))
    fused.meta = chain.last.meta
    chain.last.replace_all_uses_with(fused)
    model.graph.eliminate_dead_code()


def _is_alike(term: fx.Node, other: fx.Node) -> bool:
    """Whether two tensors have one shape and type, so that their sum broadcasts neither."""
    about, of_other = (node.meta.get("tensor_meta") for node in (term, other))
    return about is not None and of_other is not None and (about.shape, about.dtype) == (of_other.shape, of_other.dtype)


def _is_convolution(model: fx.GraphModule, node: fx.Node) -> bool:
    """Whether a node is a convolution by wincook of a batch of float32."""
    if node.op != "call_module":
        return False
    module, about = model.get_submodule(str(node.target)), node.meta.get("tensor_meta")
    if not isinstance(module, Winograd) or about is None:
        return False
    return about.dtype == torch.float32 and len(about.shape) == len(module.kernel_size) + 2


def _folded(weight: Tensor, bias: Tensor | None, norm: Any) -> tuple[Tensor, Tensor]:
    """Weights and bias that do what a convolution and its batch normalisation do."""
    ones = torch.ones_like(norm.running_mean)
    gamma, beta = (ones, torch.zeros_like(ones)) if norm.weight is None else (norm.weight, norm.bias)
    start = torch.zeros_like(norm.running_mean) if bias is None else bias
    mean, variance, gamma, beta = map(array_of, (norm.running_mean, norm.running_var, gamma, beta))
    weights, shift = fold_batch_norm(array_of(weight), array_of(start), mean, variance, gamma, beta, norm.eps)
    return torch.from_numpy(weights), torch.from_numpy(shift)
