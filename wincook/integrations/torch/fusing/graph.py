"""A model as one graph, in which kernels do what follows their convolutions.

`torch.fx` shows which nodes follow which (Reed et al., arXiv 2112.08429). Batch normalisation goes into weights and
bias, a sum with another tensor and an activation into the kernel's epilogue.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import fx, nn

from wincook.arguments import instance
from wincook.errors import DataError, quoted
from wincook.integrations.torch.fusing.chain import Chain, starts
from wincook.integrations.torch.fusing.convolution import FusedConvolution
from wincook.integrations.torch.modules import Winograd


class _Tracer(fx.Tracer):
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return isinstance(m, Winograd) or super().is_leaf_module(m, module_qualified_name)


def fuse(model: nn.Module, *example_inputs: Any) -> fx.GraphModule:
    """A model for inference that computes what a converted one does, with fewer passes over memory.

    Weights are copied where batch normalisation is folded into them; later changes of the model do not reach the copy.

    Args:
        model: in evaluation mode; convolutions that `convert_` turned are done by kernels, and others by torch.
        example_inputs: what it is called with: the shapes tell which sums broadcast and stay as they are.

    Raises:
        DataError: no module, one in training mode, or one that torch.fx cannot trace, or not faithfully, as where
            the way through it depends on the data; or statistics that cannot be folded.
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
    convolutions = [node for node in graph.nodes if starts(traced, node)]
    for number, node in enumerate(convolutions):
        _replace(Chain(traced, node, node, node), f"fused_{number}")
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


def _replace(chain: Chain, name: str) -> None:
    """Put one module in the place of the nodes of a chain, as far as it grows."""
    while (longer := chain.grown()) is not None:
        chain = longer
    model = chain.model
    convolution: Any = model.get_submodule(str(chain.convolution.target))
    model.add_submodule(name, FusedConvolution(convolution, chain.norm, chain.activation))
    residual = () if chain.residual is None else (chain.residual,)
    with model.graph.inserting_after(chain.place):
        fused = model.graph.call_module(name, (chain.convolution.args[0], *residual))
    fused.meta = chain.last.meta
    chain.last.replace_all_uses_with(fused)
    model.graph.eliminate_dead_code()
