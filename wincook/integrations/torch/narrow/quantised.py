"""torch's own quantised convolutions, computed by wincook with their scales.

Modules of `torch.ao.nn.quantized` take and give integers of 8 bits with a scale and a zero point, and so do those that
have a ReLU in them; their weights are integers with scales, too. Reference modules, which `convert_to_reference_fx`
makes, take and give real numbers between nodes that quantise, and hold weights that are rounded at each call. All are
computed in the real numbers that the integers stand for, or calibrated, from integers to integers.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.ao.nn import quantized
from torch.ao.nn.intrinsic import quantized as with_relu
from torch.ao.nn.quantized import reference

from wincook.integrations.torch.calls.operators import convolve, finished, finished_by
from wincook.integrations.torch.calls.packed import packed_weights
from wincook.integrations.torch.config import WinogradConfig
from wincook.integrations.torch.modules import padded, settings_of
from wincook.quantisation import Affine

_KEPT = ("winograd", "scales", "_real")  # attributes that torch's own copies of such modules lack


class Quantised(nn.Module):
    """What the modules of integers have in common."""

    winograd = WinogradConfig()
    scales: Affine | None = None
    """Those of x that it was calibrated for: such x is read as it is, and y written so."""

    _activation = ""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (torch's name)
        """y as integers, of x as integers."""
        if not _is_plain(input):
            return super().forward(input)  # of torch's class
        weight, bias = self._real_filters()
        settings = settings_of(self, self.winograd)
        if self.scales == Affine(input.q_scale(), input.q_zero_point()):
            integers = input.int_repr()
            y = finished_by(packed_weights.of, integers, weight, bias, None, self._activation, *settings)
            return torch._make_per_tensor_quantized_tensor(y, self.scale, self.zero_point)  # noqa: SLF001 (it has no other name)
        y = finished(padded(self, input.dequantize()), weight, bias, None, self._activation, *settings)
        return torch.quantize_per_tensor(y, self.scale, self.zero_point, torch.quint8)

    def _real_filters(self) -> tuple[Tensor, Tensor | None]:
        """The numbers that the weights stand for, and the bias; the same tensors each time."""
        if "_real" not in self.__dict__:
            weight, bias = self._weight_bias()
            self.__dict__["_real"] = weight.dequantize(), None if bias is None else bias.detach()
        real: tuple[Tensor, Tensor | None] = self.__dict__["_real"]
        return real

    def set_weight_bias(self, *given: Any) -> None:
        """Take other weights."""
        self.__dict__.pop("_real", None)
        super().set_weight_bias(*given)  # of torch's class

    def __deepcopy__(self, memo: Any) -> Any:
        copied = super().__deepcopy__(memo)  # of torch's class
        copied.__dict__.update({name: value for name, value in self.__dict__.items() if name in _KEPT})
        copied._buffers = dict(self._buffers)  # noqa: SLF001 (the calibration, which does not change)
        return copied


class Reference(nn.Module):
    """What the modules of real numbers have in common."""

    winograd = WinogradConfig()

    def forward(self, x: Tensor) -> Tensor:
        """y of x, real numbers."""
        is_plain = x.dtype == torch.float32 and x.device.type == "cpu" and self.padding_mode == "zeros"
        if not is_plain or x.dim() != len(self.kernel_size) + 2 or not x.numel():
            return super().forward(x)  # of torch's class
        return convolve(x, self._rounded(), self.bias, *settings_of(self, self.winograd))

    def _rounded(self) -> Tensor:
        """The weights, rounded to their integers; the same tensor until they change."""
        version = self.weight._version, self.weight.data_ptr()  # noqa: SLF001 (it has no other name)
        if self.__dict__.get("_rounded_of") != version:
            self.__dict__["_rounded_weight"], self.__dict__["_rounded_of"] = self.get_weight().detach(), version
        weight: Tensor = self.__dict__["_rounded_weight"]
        return weight


def _is_plain(x: Tensor) -> bool:
    """Whether wincook computes such a tensor of integers."""
    return bool(x.is_quantized and x.dtype == torch.quint8 and x.device.type == "cpu" and x.numel())


class WinogradQuantisedConv1d(Quantised, quantized.Conv1d):
    """`torch.ao.nn.quantized.Conv1d` computed by wincook."""


class WinogradQuantisedConv2d(Quantised, quantized.Conv2d):
    """`torch.ao.nn.quantized.Conv2d` computed by wincook."""


class WinogradQuantisedConv3d(Quantised, quantized.Conv3d):
    """`torch.ao.nn.quantized.Conv3d` computed by wincook."""


class WinogradQuantisedConvReLU1d(Quantised, with_relu.ConvReLU1d):
    """`torch.ao.nn.intrinsic.quantized.ConvReLU1d` computed by wincook."""

    _activation = "relu"


class WinogradQuantisedConvReLU2d(Quantised, with_relu.ConvReLU2d):
    """`torch.ao.nn.intrinsic.quantized.ConvReLU2d` computed by wincook."""

    _activation = "relu"


class WinogradQuantisedConvReLU3d(Quantised, with_relu.ConvReLU3d):
    """`torch.ao.nn.intrinsic.quantized.ConvReLU3d` computed by wincook."""

    _activation = "relu"


class WinogradReferenceConv1d(Reference, reference.Conv1d):
    """`torch.ao.nn.quantized.reference.Conv1d` computed by wincook."""


class WinogradReferenceConv2d(Reference, reference.Conv2d):
    """`torch.ao.nn.quantized.reference.Conv2d` computed by wincook."""


class WinogradReferenceConv3d(Reference, reference.Conv3d):
    """`torch.ao.nn.quantized.reference.Conv3d` computed by wincook."""


_CLASSES: tuple[tuple[type[nn.Module], type[nn.Module]], ...] = (
    (quantized.Conv1d, WinogradQuantisedConv1d),
    (quantized.Conv2d, WinogradQuantisedConv2d),
    (quantized.Conv3d, WinogradQuantisedConv3d),
    (with_relu.ConvReLU1d, WinogradQuantisedConvReLU1d),
    (with_relu.ConvReLU2d, WinogradQuantisedConvReLU2d),
    (with_relu.ConvReLU3d, WinogradQuantisedConvReLU3d),
    (reference.Conv1d, WinogradReferenceConv1d),
    (reference.Conv2d, WinogradReferenceConv2d),
    (reference.Conv3d, WinogradReferenceConv3d),
)


def turned_quantised(module: nn.Module) -> tuple[type[nn.Module], type[nn.Module]] | None:
    """torch's class and wincook's of a quantised convolution; None for all other modules."""
    return next((classes for classes in _CLASSES if type(module) in classes), None)
