"""Convolutions of torch.nn that wincook computes; their parameters and states are those of torch's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wincook.arguments import instance
from wincook.integrations.torch.calls.kernels import Settings
from wincook.integrations.torch.calls.operators import convolve, convolved
from wincook.integrations.torch.calls.packed import as_tensor
from wincook.integrations.torch.calls.watchers import is_unseen
from wincook.integrations.torch.config import WinogradConfig
from wincook.integrations.torch.tensors import NARROW
from wincook.quantisation import Calibration

_COMPUTED = (torch.float32, torch.float64)
FORMAT_WANTED = "format_wanted"
"""An attribute of convolutions that stay in float32."""

_CALIBRATION = "calibration"  # a buffer that is no part of the state


class Winograd(nn.modules.conv._ConvNd):  # noqa: SLF001 (what the three have in common has no other name)
    """Computes float32 and float64 on the CPU by wincook; all else, and all under autocast, as torch does.

    Where the settings have a narrow format, bfloat16 and float16 are computed as well, and what autocast makes of x.
    """

    winograd = WinogradConfig()

    def __init__(self, *args: Any, winograd: WinogradConfig | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        if winograd is not None:
            self.winograd = instance("winograd", winograd, WinogradConfig, "make it with WinogradConfig(1e-5)")

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:  # noqa: A002 (torch's name)
        x = self._entering(input)
        if not self._takes(x, weight):
            return super()._conv_forward(input, weight, bias)
        if x.dim() == len(self.kernel_size) + 1:
            return self._conv_forward(x[None], weight, bias)[0]
        compute = convolved if is_unseen(x, weight, bias) else convolve
        return compute(padded(self, x), weight, bias, *settings_of(self, self.winograd))

    @property
    def _is_narrow(self) -> bool:
        return self.winograd.format != "float32"

    def _entering(self, x: Tensor) -> Tensor:
        """x in the type that autocast has for convolutions, if kernels read it."""
        if self._is_narrow and torch.is_autocast_enabled("cpu") and x.dtype in NARROW:
            return x.to(torch.get_autocast_dtype("cpu"))
        return x

    def _takes(self, x: Tensor, weight: Tensor) -> bool:
        """Whether wincook computes such tensors; torch does the others, or says what is wrong with them."""
        axes, is_narrow = len(self.kernel_size), self._is_narrow and {x.dtype, weight.dtype} <= NARROW
        is_plain = x.dtype == weight.dtype and x.dtype in _COMPUTED and not torch.is_autocast_enabled("cpu")
        return (
            x.device.type == weight.device.type == "cpu"
            and (is_narrow or is_plain)
            and x.dim() in {axes + 1, axes + 2}
            and x.shape[-axes - 1] == self.in_channels
            and x.numel() > 0
        )


def padded(convolution: Any, x: Tensor) -> Tensor:
    """The input of a convolution, padded unless zeros are to be, which are left to the operator."""
    if convolution.padding_mode == "zeros":
        return x
    from_last = [pad for pair in reversed(pads_of(convolution)) for pad in pair]
    return functional.pad(x, from_last, convolution.padding_mode)


def settings_of(convolution: Any, config: WinogradConfig) -> Settings:
    """The arguments of the operator after its tensors, for any of torch's convolutions."""
    by_operator = convolution.padding_mode == "zeros"
    pads = [pad if by_operator else 0 for pair in pads_of(convolution) for pad in pair]
    return Settings(
        list(convolution.stride),
        pads,
        list(convolution.dilation),
        convolution.groups,
        config.tile or "",
        config.extra,
        float(config.max_error),
        config.threads or 0,
        str(config.format),
        getattr(convolution, _CALIBRATION, None),
    )


def calibrate_by(convolution: Any, calibration: Calibration | None) -> None:
    """Give a convolution the scales of a format of integers, or take them away."""
    if hasattr(convolution, _CALIBRATION):
        delattr(convolution, _CALIBRATION)
    if calibration is not None:
        convolution.register_buffer(_CALIBRATION, as_tensor(calibration), persistent=False)


def stay_in_float32(convolution: Any) -> None:
    """Give a convolution settings of float32, in the place of those of a format that it has no kernel in."""
    setattr(convolution, FORMAT_WANTED, str(convolution.winograd.format))
    convolution.winograd = replace(convolution.winograd, format="float32")


def format_wanted(convolution: Any) -> str:
    """The format that a convolution was turned to, whether it has kernels in it or not."""
    wanted: str = vars(convolution).get(FORMAT_WANTED, str(convolution.winograd.format))
    return wanted


def pads_of(convolution: Any) -> list[tuple[int, int]]:
    """(before, after) for each axis of a convolution of torch."""
    if convolution.padding == "valid":
        return [(0, 0)] * len(convolution.kernel_size)
    if convolution.padding == "same":
        columns = zip(convolution.dilation, convolution.kernel_size, strict=True)
        totals = [apart * (taps - 1) for apart, taps in columns]
        return [(total // 2, total - total // 2) for total in totals]
    return [(int(pad), int(pad)) for pad in convolution.padding]


class WinogradConv1d(Winograd, nn.Conv1d):
    """`torch.nn.Conv1d` with all its arguments, and `winograd`, which says how it is computed."""


class WinogradConv2d(Winograd, nn.Conv2d):
    """`torch.nn.Conv2d` with all its arguments, and `winograd`, which says how it is computed."""


class WinogradConv3d(Winograd, nn.Conv3d):
    """`torch.nn.Conv3d` with all its arguments, and `winograd`, which says how it is computed."""


_CLASSES: tuple[tuple[type[nn.Module], type[nn.Module]], ...] = (
    (nn.Conv1d, WinogradConv1d),
    (nn.Conv2d, WinogradConv2d),
    (nn.Conv3d, WinogradConv3d),
)


def turned(module: nn.Module) -> tuple[type[nn.Module], type[nn.Module]] | None:
    """torch's class and wincook's of a convolution; None for all other modules, derived classes among them."""
    return next((classes for classes in _CLASSES if type(module) in classes), None)
