"""The scales of int8 and int16 for the convolutions of a model, from images that it runs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from wincook.errors import DataError, WincookError
from wincook.integrations.calibrated import observed
from wincook.integrations.torch.config import WinogradConfig
from wincook.integrations.torch.modules import calibrate_by, padded, settings_of, stay_in_float32
from wincook.integrations.torch.narrow.quantised import Quantised
from wincook.integrations.torch.narrow.watched import run_watched
from wincook.integrations.torch.tensors import array_of, layer_of
from wincook.layers import Layer
from wincook.log import LOGGER
from wincook.quantisation import Affine
from wincook.quantisation.observed import Observed

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


def images_of(model: nn.Module, calls: list[Any], modules: Mapping[str, Any]) -> dict[str, list[Tensor]]:
    """What each convolution of a model is given in these calls, by its name.

    Raises:
        DataError: the model fails on these inputs.
    """
    seen: dict[str, list[Tensor]] = {name: [] for name in modules}
    run_watched(model, calls, modules, partial(_keep, seen))
    return seen


def calibrate_(name: str, module: Any, images: list[Tensor], called_with: list[Tensor]) -> Observed | None:
    """Give a convolution the scales of its format, and its settings the algorithm that they are of.

    The algorithm is the quickest for the first tensor that it is called with, if any is known, and else for the first
    that it is calibrated with. One that has no kernel of integers gets settings of float32, which is told.

    Returns:
        What calibrations for x of integers are made of; None for one that stays in float32.
    """
    try:
        return _calibrate(module, images, [*called_with, *images])
    except WincookError as reason:
        stay_in_float32(module)
        LOGGER.warning("%s stays in float32: %s", name or "the model", reason)
        return None


def _keep(seen: dict[str, list[Tensor]], name: str, module: Any, x: Tensor) -> None:
    """Keep the images of a call, until there are enough of them."""
    left = _MOST_IMAGES - sum(map(len, seen[name]))
    if left > 0 and x.device.type == "cpu" and x.dim() == len(module.kernel_size) + 2:
        seen[name].append(x[:left].detach().clone())


def _calibrate(module: Any, images: list[Tensor], called_with: list[Tensor]) -> Observed:
    if not images:
        raise DataError("it is given no images on the CPU")
    config: WinogradConfig = module.winograd
    of_x = of_y = None
    if isinstance(module, Quantised) and module.padding_mode == "zeros":
        of_x = Affine(images[0].q_scale(), images[0].q_zero_point())
        of_y = Affine(module.scale, module.zero_point)
    real = [_real(module, image) for image in images]
    layer, called = (_layer(module, config, x) for x in (real[0], _real(module, called_with[0])))
    algorithm, seen = observed(
        replace(layer, layout="NCHW"),
        map(array_of, real),
        str(config.format),
        config.algorithm,
        called=called,
        threads=config.threads or torch.get_num_threads(),
    )
    calibration = seen.calibration(of_x, of_y)
    module.winograd = replace(config, tile=algorithm, extra=0)
    calibrate_by(module, calibration)
    if of_x is not None:
        module.scales = of_x
    return seen


def _real(module: Any, image: Tensor) -> Tensor:
    """Images as numbers, padded as the module does it itself."""
    padded_image: Tensor = padded(module, image.dequantize() if image.is_quantized else image.float())
    return padded_image


def _layer(module: Any, config: WinogradConfig, x: Tensor) -> Layer:
    """That of a convolution of x."""
    weight_shape = (module.out_channels, module.in_channels // module.groups, *module.kernel_size)
    return layer_of(x, weight_shape, *settings_of(module, config)[:4])
