"""A model that runs as it is, and what its convolutions are given meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import torch
from torch import nn

from wincook.errors import DataError, quoted

Watch = Callable[[str, Any, Any], None]
"""Told the name of a module, the module, and its input."""


def run_watched(model: nn.Module, calls: Iterable[Any], modules: Mapping[str, nn.Module], watch: Watch) -> None:
    """Run a model on each of some inputs, in evaluation mode and without gradients; it stays as it is.

    Args:
        model: any module.
        calls: tensors, or tuples of the arguments of the model.
        modules: those that are watched, by name.
        watch: told of each of their calls, before it is done.

    Raises:
        DataError: a module is lazy and never ran, or the model fails on these inputs.
    """
    if any(
        isinstance(module, nn.modules.lazy.LazyModuleMixin) and module.has_uninitialized_params()
        for module in model.modules()
    ):
        raise DataError("the model has lazy modules that nobody ran; run it once on these inputs first")
    hooks = [module.register_forward_pre_hook(partial(_tell, watch, name)) for name, module in modules.items()]
    modes = [(module, module.training) for module in model.modules()]
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            model.eval()  # in training, batch normalisation would count this run
            for inputs in calls:
                model(*inputs) if isinstance(inputs, tuple) else model(inputs)
    except Exception as error:  # whatever the code of the model does
        raise DataError(f"the model fails on these inputs: {quoted(str(error))}") from error
    finally:
        for hook in hooks:
            hook.remove()
        for module, training in modes:
            module.training = training


def _tell(watch: Watch, name: str, module: nn.Module, inputs: tuple[Any, ...]) -> None:
    watch(name, module, inputs[0])
