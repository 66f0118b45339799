"""What hands on numbers of tensors as they are: max pooling picks some, joining puts several tensors side by side."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional

_JOINING: tuple[Any, ...] = (torch.cat, torch.concat, torch.concatenate)
_ALONE = (nn.Identity, nn.Dropout, nn.Dropout2d)  # in evaluation mode


def with_pooling(graph: fx.GraphModule) -> None:
    """Put a function that pools integers, too, in the place of max pooling."""
    for node in graph.graph.nodes:
        module = module_of(node)
        if type(module) is nn.MaxPool2d and not module.return_indices and len(node.args) == 1 and not node.kwargs:
            sizes = (module.kernel_size, module.stride, module.padding, module.dilation)
            node.op, node.target, node.args = "call_function", max_pool, (*node.args, *sizes)
            node.kwargs = {"ceil_mode": module.ceil_mode}
        elif node.target is functional.max_pool2d:  # all but the first two are named in a trace
            node.target = max_pool
            node.kwargs = {name: value for name, value in node.kwargs.items() if name != "return_indices"}
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


def passed(node: fx.Node) -> tuple[fx.Node, ...]:
    """The tensors whose numbers a node hands on; none, if it does anything else with them."""
    is_one = node.target is max_pool or node.target in _JOINING or type(module_of(node)) in _ALONE
    return tuple(node.all_input_nodes) if is_one else ()


def module_of(node: fx.Node) -> Any:
    """The module that a node calls, or None."""
    owner: Any = node.graph.owning_module
    return owner.get_submodule(node.target) if node.op == "call_module" else None
