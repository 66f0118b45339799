"""Convolutions of torch.nn that wincook computes; their parameters and states are those of torch's own."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wincook.arguments import instance
from wincook.integrations.torch.config import WinogradConfig
from wincook.integrations.torch.operators import convolve

_COMPUTED = (torch.float32, torch.float64)


class Winograd(nn.modules.conv._ConvNd):  # noqa: SLF001 (what the three have in common has no other name)
    """Computes float32 and float64 on the CPU by wincook; all else, and all under autocast, as torch does."""

    winograd = WinogradConfig()

    def __init__(self, *args: Any, winograd: WinogradConfig | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        if winograd is not None:
            self.winograd = instance("winograd", winograd, WinogradConfig, "make it with WinogradConfig(1e-5)")

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:  # noqa: A002 (torch's name)
        if not self._takes(input, weight):
            return super()._conv_forward(input, weight, bias)
        if input.dim() == len(self.kernel_size) + 1:
            return self._conv_forward(input[None], weight, bias)[0]
        return convolve(self.padded(input), weight, bias, *self.settings())

    def _takes(self, x: Tensor, weight: Tensor) -> bool:
        """Whether wincook computes such tensors; torch does the others, or says what is wrong with them."""
        axes = len(self.kernel_size)
        return (
            x.device.type == weight.device.type == "cpu"
            and x.dtype == weight.dtype
            and x.dtype in _COMPUTED
            and not torch.is_autocast_enabled("cpu")
            and x.dim() in {axes + 1, axes + 2}
            and x.shape[-axes - 1] == self.in_channels
            and x.numel() > 0
        )

    def padded(self, x: Tensor) -> Tensor:
        """x, padded unless zeros are to be, which are left to the operator."""
        if self.padding_mode == "zeros":
            return x
        from_last = [pad for pair in reversed(self._pads()) for pad in pair]
        return functional.pad(x, from_last, self.padding_mode)

    def settings(self) -> tuple[Any, ...]:
        """The arguments of the operator after its tensors."""
        by_operator = self.padding_mode == "zeros"
        pads = [pad if by_operator else 0 for pair in self._pads() for pad in pair]
        config = self.winograd
        return (
            list(self.stride),
            pads,
            list(self.dilation),
            self.groups,
            config.tile or "",
            config.extra,
            config.max_error,
            config.threads or 0,
        )

    def _pads(self) -> list[tuple[int, int]]:
        """(before, after) for each axis."""
        if self.padding == "valid":
            return [(0, 0)] * len(self.kernel_size)
        if self.padding == "same":
            totals = [apart * (taps - 1) for apart, taps in zip(self.dilation, self.kernel_size, strict=True)]
            return [(total // 2, total - total // 2) for total in totals]
        return [(int(pad), int(pad)) for pad in self.padding]


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
