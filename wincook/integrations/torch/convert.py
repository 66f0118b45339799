"""Models whose convolutions are turned into wincook's, in place, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from wincook.arguments import flag, function, instance
from wincook.errors import DataError
from wincook.integrations.torch.config import WinogradConfig, config_of
from wincook.integrations.torch.fusing.in_place import fuse_, unfuse_
from wincook.integrations.torch.modules import Winograd, turned
from wincook.integrations.torch.operators import packed_weights
from wincook.integrations.torch.plan import plan

Filter = Callable[[nn.Module, str], bool]


def convert_(
    model: nn.Module,
    config: WinogradConfig | None = None,
    filter_fn: Filter | None = None,
    example_inputs: Any = None,
) -> nn.Module:
    """Turn the convolutions of a model into wincook's, in place.

    Each module stays the same object, with its parameters, hooks and name, so `state_dict` is what it was; only its
    class is another. What is turned already gets the new settings. Classes derived from torch's are left alone.

    Args:
        model: any module, or a convolution itself.
        config: the settings; the default ones if left out.
        filter_fn: of a convolution and its name in the model, whether to turn it; all if left out.
        example_inputs: a tensor, or a tuple of the arguments of the model. With them each convolution is measured, as
            by `plan`, and those that wincook does not make quicker stay torch's; kernels are then compiled as well.
            A model in evaluation mode that torch.fx can trace moreover lets kernels do what follows their
            convolutions, wherever no gradients are recorded, as under `torch.no_grad()`.

    Returns:
        The model.

    Raises:
        DataError: no module; it fails on the inputs.
        NotationError: no settings, or a filter that fails or gives something other than true or false.
    """
    settings = config_of(config)
    wanted = None if filter_fn is None else function("filter_fn", filter_fn, "of a module and its name")
    slower = set()
    unfuse_(_module(model))
    if example_inputs is not None:
        table = plan(model, example_inputs, settings)
        slower = {module.name for module in table.modules if module.after > module.before}
        packed_weights.clear()  # of what was measured, and perhaps is not used again
    for name, module in model.named_modules():
        of_module, classes = settings.of(name), turned(module)
        if of_module is None or classes is None or name in slower:
            continue
        if wanted is None or flag("what filter_fn gives", wanted(module, name)):
            _, module.__class__ = classes
            module.winograd = of_module
    if example_inputs is not None:
        fuse_(model, example_inputs)
    return model


def unconvert_(model: nn.Module) -> nn.Module:
    """Turn wincook's convolutions of a model back into torch's, in place.

    Raises:
        DataError: no module.
    """
    unfuse_(_module(model))
    for module in model.modules():
        classes = turned(module)
        if isinstance(module, Winograd) and classes is not None:
            module.__class__, _ = classes
            del module.winograd
    return model


def _module(model: object) -> nn.Module:
    return instance("model", model, nn.Module, "give a torch.nn.Module", DataError)
