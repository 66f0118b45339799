"""The scales of int8 and int16 for the convolutions of a model, from images that it runs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from wincook.errors import DataError, WincookError
from wincook.integrations.torch.config import WinogradConfig
from wincook.integrations.torch.modules import calibrate_by, padded, settings_of
from wincook.integrations.torch.narrow.watched import run_watched
from wincook.integrations.torch.tensors import array_of, layer_of
from wincook.kernels import make_plan
from wincook.kernels.plans.plan import Plan
from wincook.layers import Layer
from wincook.log import LOGGER
from wincook.quantisation import calibrate

_MOST_IMAGES = 32  # that are kept of the inputs of each convolution


def calls_of(calibrate_with: Any) -> list[Any]:
    """What a model is to be called with: one tensor, or one tuple of arguments, or several of them.

    Raises:
        DataError: nothing of the kind.
    """
    if isinstance(calibrate_with, Tensor | tuple):
        return [calibrate_with]
    calls = list(calibrate_with) if isinstance(calibrate_with, Iterable) else []
    if not calls or not all(isinstance(each, Tensor | tuple) for each in calls):
        raise DataError(
            "calibrate_with must be a tensor of images, a tuple of the arguments of the model, or several of them: "
            "(images for images, _ in loader), say"
        )
    return calls


def calibrate_(model: nn.Module, calls: list[Any], modules: Mapping[str, Any]) -> None:
    """Give each convolution the scales of its format, and its settings the algorithm that they are of.

    One that has no kernel of integers gets settings of float32, which is told.

    Raises:
        DataError: the model fails on these inputs.
    """
    seen: dict[str, list[Tensor]] = {name: [] for name in modules}
    run_watched(model, calls, modules, partial(_keep, seen))
    for name, module in modules.items():
        try:
            _calibrate(module, seen[name])
        except WincookError as reason:
            module.winograd = replace(module.winograd, format="float32")
            LOGGER.warning("%s stays in float32: %s", name or "the model", reason)


def _keep(seen: dict[str, list[Tensor]], name: str, module: Any, x: Tensor) -> None:
    """Keep the images of a call, until there are enough of them."""
    left = _MOST_IMAGES - sum(map(len, seen[name]))
    if left > 0 and x.device.type == "cpu" and x.dim() == len(module.kernel_size) + 2:
        real = x[:left].dequantize() if x.is_quantized else x[:left]
        seen[name].append(padded(module, real).detach().to(torch.float32, copy=True))


def _calibrate(module: Any, images: list[Tensor]) -> None:
    if not images:
        raise DataError("it is given no images on the CPU")
    config: WinogradConfig = module.winograd
    geometry = settings_of(module, config)[:4]
    weight_shape = (module.out_channels, module.in_channels // module.groups, *module.kernel_size)
    layer = replace(layer_of(images[0], weight_shape, *geometry), layout="NCHW")
    algorithm = _algorithm(layer, config)
    calibration = calibrate(layer, algorithm, map(array_of, images), format=str(config.format))
    module.winograd = replace(config, tile=algorithm, extra=0)
    calibrate_by(module, calibration)


def _algorithm(layer: Layer, config: WinogradConfig) -> str:
    """The name of the algorithm by which a layer is computed.

    Raises:
        WincookError: there is none in this format.
        DataError: the layer takes several kernels.
    """
    plan = make_plan(layer, config.algorithm, format=config.format)
    if not plan.whole:
        raise DataError(f"{layer} takes several kernels, which have scales of their own")
    single: Plan = plan.plans[0]
    return single.algorithm.name if single.tiled else single.family
