"""What hands on numbers of tensors: max pooling picks some, joining puts several side by side, averages are rounded.

Averages of integers are those of the numbers that they stand for, in float32, rounded once to the steps that these have
(ties to even): what dequantises, pools and quantises by the same scale has the same bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional

from wincook.quantisation import Affine

_JOINING: tuple[Any, ...] = (torch.cat, torch.concat, torch.concatenate)
_ALONE = (nn.Identity, nn.Dropout, nn.Dropout2d)  # in evaluation mode
_DIVISOR, _BEFORE_DIVISOR = "divisor_override", 6  # an argument of average pooling, and how many are before it


def with_pooling(graph: fx.GraphModule) -> None:
    """Put functions that pool integers, too, in the place of max pooling, and of average pooling."""
    for node in graph.graph.nodes:
        module = module_of(node)
        if type(module) is nn.MaxPool2d and not module.return_indices and len(node.args) == 1 and not node.kwargs:
            sizes = (module.kernel_size, module.stride, module.padding, module.dilation)
            node.op, node.target, node.args = "call_function", max_pool, (*node.args, *sizes)
            node.kwargs = {"ceil_mode": module.ceil_mode}
        elif node.target is functional.max_pool2d:  # all but the first two are named in a trace
            node.target = max_pool
            node.kwargs = {name: value for name, value in node.kwargs.items() if name != "return_indices"}
        elif type(module) is nn.AvgPool2d and module.divisor_override is None and len(node.args) == 1:
            sizes = (module.kernel_size, module.stride, module.padding, module.ceil_mode, module.count_include_pad)
            node.op, node.target, node.args = "call_function", average_pool, (*node.args, *sizes)
        elif node.target is functional.avg_pool2d and _has_plain_counts(node):
            node.target = average_pool
            node.kwargs = {name: value for name, value in node.kwargs.items() if name != _DIVISOR}
    graph.recompile()


def _has_plain_counts(node: fx.Node) -> bool:
    """Whether an average pooling divides by how many numbers there are, and by nothing that is said."""
    is_said = len(node.args) > _BEFORE_DIVISOR or node.kwargs.get(_DIVISOR) is not None
    return not is_said and bool(node.args)


def take_steps_(graph: fx.GraphModule, scales: Mapping[fx.Node, Affine]) -> None:
    """Tell average pooling which integer stands for zero in what it is given, by the tensors that nodes give."""
    for node in graph.graph.nodes:
        if node.target is average_pool and node in scales:
            node.kwargs = {**node.kwargs, "zero_point": scales[node].zero_point}
    graph.recompile()


def max_pool(
    x: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, *, ceil_mode: bool = False
) -> Tensor:
    """Max pooling of floats or of integers without a sign, beside which is the lowest number."""
    if x.dtype != torch.uint8:
        return functional.max_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode)
    sizes = (kernel_size, kernel_size if stride is None else stride, padding, dilation)
    pairs = ([n, n] if isinstance(n, int) else list(n) for n in sizes)
    pooled: Tensor = torch.ops.quantized.max_pool2d(x, *pairs, ceil_mode)
    return pooled


def average_pool(
    x: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,  # noqa: FBT001, FBT002 (as torch has it)
    count_include_pad: bool = True,  # noqa: FBT001, FBT002
    *,
    zero_point: int = 0,
) -> Tensor:
    """Average pooling of floats, or of integers among which one stands for zero."""
    sizes = (kernel_size, stride, padding, ceil_mode, count_include_pad)
    if x.dtype != torch.uint8:
        return functional.avg_pool2d(x, *sizes)
    steps = functional.avg_pool2d(x.float().sub_(zero_point), *sizes)
    return steps.round_().add_(zero_point).to(torch.uint8)


def passed(node: fx.Node) -> tuple[fx.Node, ...]:
    """The tensors whose numbers a node hands on; none, if it does anything else with them."""
    is_one = node.target in _POOLING or node.target in _JOINING or type(module_of(node)) in _ALONE
    return tuple(node.all_input_nodes) if is_one else ()


def module_of(node: fx.Node) -> Any:
    """The module that a node calls, or None."""
    owner: Any = node.graph.owning_module
    return owner.get_submodule(node.target) if node.op == "call_module" else None


_POOLING = (max_pool, average_pool)
