"""All convolutions of a model in the domain of the products, and their pruning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from wincook.arguments import flag, function, instance
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import DataError, quoted
from wincook.integrations.torch.domain.module import DomainConv2d, is_plain

_HINT = "give a torch.nn.Module"


def to_domain_(
    model: nn.Module,
    tile: Subject = "F(2x2,3x3)",
    filter_fn: Callable[[nn.Module, str], bool] | None = None,
    **settings: Any,
) -> nn.Module:
    """Put a `DomainConv2d` in the place of each convolution that a tile is for, in place.

    These have filters of its size, and no strides, dilation or groups. An optimizer must be made anew.

    Args:
        model: any module that has convolutions.
        tile: F(m,r), or an algorithm.
        filter_fn: of a convolution and its name in the model, whether to turn it; all if left out.
        settings: `block` and `relu`, as for `DomainConv2d`.

    Returns:
        The model.

    Raises:
        DataError: no module.
        NotationError: a filter that fails or gives something other than true or false.
        WincookError: as `DomainConv2d`.
    """
    algorithm = correlation_of(tile, "are trained")
    wanted = None if filter_fn is None else function("filter_fn", filter_fn, "of a module and its name")
    for parent_name, parent in list(instance("model", model, nn.Module, _HINT, DataError).named_modules()):
        for name, child in list(parent.named_children()):
            whole_name = f"{parent_name}.{name}".lstrip(".")
            fits = isinstance(child, nn.Conv2d) and is_plain(child) and child.kernel_size == algorithm.tile.taps
            if fits and (wanted is None or flag("what filter_fn gives", wanted(child, whole_name))):
                setattr(parent, name, DomainConv2d.of(child, algorithm, **settings))
    return model


def prune_(model: nn.Module, sparsity: float, example_inputs: Any) -> nn.Module:
    """Choose the masks of all `DomainConv2d` of a model anew, each by its own inputs, in place.

    Args:
        model: the model, which runs once, in evaluation mode.
        sparsity: the share of the blocks of each that are to be zero.
        example_inputs: a tensor, or a tuple of the arguments of the model.

    Returns:
        The model.

    Raises:
        DataError: no module, or one that fails on these inputs.
        WincookError: as `wincook.sparse.prune`.
    """
    seen: dict[DomainConv2d, Tensor] = {}
    modules = instance("model", model, nn.Module, _HINT, DataError).modules()
    hooks = [
        module.register_forward_pre_hook(lambda module, given: seen.setdefault(module, given[0].detach()))
        for module in modules
        if isinstance(module, DomainConv2d)
    ]
    training = model.training
    try:
        with torch.no_grad():
            model.eval()
            model(*example_inputs) if isinstance(example_inputs, tuple) else model(example_inputs)
    except Exception as error:  # whatever the code of the model does
        raise DataError(f"the model fails on these inputs: {quoted(str(error))}") from error
    finally:
        model.train(training)
        for hook in hooks:
            hook.remove()
    for module, inputs in seen.items():
        module.prune_(sparsity, inputs)
    return model
