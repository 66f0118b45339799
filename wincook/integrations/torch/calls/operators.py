"""Operators of torch: a convolution by wincook, the gradient of its input, and that of its weights.

    wincook::convolve(x, weight, bias, ...) -> y
    wincook::input_gradient(gradient, weight, size, ...) -> gradient of x
    wincook::weight_gradient(gradient, x, kernel, ...) -> gradient of the weights
    wincook::convolve_and_finish(x, weight, bias, residual, activation, ...) -> y with what follows, for inference

They know their shapes without running, so that `torch.compile` and `torch.export` take them whole, and their formulas
for autograd. Tensors are read and written where they lie, contiguous or with the channels last. Kernels compute
float32; float64, and gradients of weights, are computed by the matrices of F(m,r).

`padding` has two numbers for each axis, before and after. A `tile` of no letters leaves the algorithm to `max_error`,
and 0 threads are those of torch. The products have a `format`; int8 and int16 need a `calibration`, as JSON in a tensor
of bytes. Gradients are always those of float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from wincook.errors import DataError
from wincook.integrations.torch.calls import gradients
from wincook.integrations.torch.calls.kernels import Kinds, Settings, epilogue_of, kernel_of
from wincook.integrations.torch.calls.packed import packed_weights
from wincook.integrations.torch.tensors import NARROW, array_of, check_types, empty_input, empty_output, layer_of
from wincook.kernels import Kernel, Packed
from wincook.layers import Layer

Packing = Callable[[Kernel, Tensor, Tensor | None, Tensor | None], Packed]
"""Packs weights and a bias for a kernel, and a calibration if it has integers, or knows them packed."""


_TAGS = (torch.Tag.pt2_compliant_tag,)
_UNDIFFERENTIATED = 10  # arguments after the bias


def convolved(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
    tile: str,
    extra: int,
    max_error: float,
    threads: int,
    format: str = "float32",
    calibration: Tensor | None = None,
) -> Tensor:
    """y of x (N, C, *size) and weight (K, C/groups, *kernel), in the type of x."""
    check_types(x, weight, narrow=format != "float32")
    layer = layer_of(x, weight.shape, stride, padding, dilation, groups)
    y = empty_output(x, weight, stride, padding, dilation)
    if x.dtype == torch.float64:
        array_of(y)[...] = gradients.convolution(replace(layer, layout="NCHW"), array_of(x), array_of(weight))
        return y if bias is None else y.add_(bias.reshape(-1, *(1,) * len(stride)))
    kernel = kernel_of(layer, tile, extra, max_error, threads, format, Kinds(x.dtype, x.dtype))
    packed = packed_weights.of(kernel, weight, bias, calibration)
    kernel(array_of(x, layer.layout), packed, array_of(y, layer.layout))
    return y


convolve = torch.library.custom_op("wincook::convolve", convolved, mutates_args=(), device_types="cpu", tags=_TAGS)


def finished(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    residual: Tensor | None,
    activation: str,
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
    tile: str,
    extra: int,
    max_error: float,
    threads: int,
    format: str = "float32",
    calibration: Tensor | None = None,
) -> Tensor:
    """activation(y + residual), all in the kernel; tensors of float32 alone. An activation of no letters is none."""
    check_types(x, weight)
    settings = Settings(stride, padding, dilation, groups, tile, extra, max_error, threads, format, calibration)
    return finished_by(packed_weights.of, x, weight, bias, residual, activation, *settings)


def finished_by(
    packing: Packing,
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    residual: Tensor | None,
    activation: str,
    *settings: Any,
    kind: torch.dtype | None = None,
) -> Tensor:
    """The same for checked tensors, by weights that are packed as is told; it is nothing that torch knows of.

    The settings are those of `Settings`, one by one as operators take them. y has the type of x if no other kind is
    named.
    """
    told = Settings(*settings)
    layer = layer_of(x, weight.shape, told.stride, told.padding, told.dilation, told.groups)
    y = empty_output(x, weight, told.stride, told.padding, told.dilation, kind)
    kinds = Kinds(x.dtype, y.dtype, torch.float32 if residual is None else residual.dtype)
    epilogue = epilogue_of(activation, residual=residual is not None)
    choice = (told.tile, told.extra, told.max_error, told.threads, told.format)
    kernel = kernel_of(layer, *choice, kinds, epilogue=epilogue)
    packed = packing(kernel, weight, bias, told.calibration)
    added = None if residual is None else array_of(residual, layer.layout)
    kernel(array_of(x, layer.layout), packed, array_of(y, layer.layout), residual=added)
    return y


convolve_and_finish = torch.library.custom_op(
    "wincook::convolve_and_finish", finished, mutates_args=(), device_types="cpu", tags=_TAGS
)


@torch.library.custom_op("wincook::input_gradient", mutates_args=(), device_types="cpu", tags=_TAGS)
def input_gradient(
    gradient: Tensor,
    weight: Tensor,
    size: list[int],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
    max_error: float,
    threads: int,
) -> Tensor:
    """The gradient of x (N, C, *size), of that of y (N, K, *out) and weight (K, C/groups, *kernel)."""
    check_types(gradient, weight)
    x = empty_input(gradient, weight, size, groups)
    layer = layer_of(x, weight.shape, stride, padding, dilation, groups)
    if x.dtype == torch.float64:
        first = replace(layer, layout="NCHW")
        array_of(x)[...] = gradients.input_gradient(first, array_of(gradient), array_of(weight))
        return x
    kernel = kernel_of(_transposed(layer), "", 0, max_error, threads)
    kernel(array_of(gradient, layer.layout), packed_weights.of(kernel, weight, None), array_of(x, layer.layout))
    return x


@torch.library.custom_op("wincook::weight_gradient", mutates_args=(), device_types="cpu", tags=_TAGS)
def weight_gradient(
    gradient: Tensor,
    x: Tensor,
    kernel: list[int],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
) -> Tensor:
    """The gradient of the weights (K, C/groups, *kernel), of that of y (N, K, *out) and of x (N, C, *size)."""
    check_types(gradient, x)
    shape = (gradient.shape[1], x.shape[1] // groups, *kernel)
    layer = replace(layer_of(x, shape, stride, padding, dilation, groups), layout="NCHW")
    return torch.from_numpy(gradients.weight_gradient(layer, array_of(gradient), array_of(x)))


@convolve.register_fake
def _(x: Tensor, weight: Tensor, _bias: Tensor | None, stride: Any, padding: Any, dilation: Any, *_: Any) -> Tensor:
    return empty_output(x, weight, stride, padding, dilation)


@convolve_and_finish.register_fake
def _(x: Tensor, weight: Tensor, *rest: Any) -> Tensor:
    _, _, _, stride, padding, dilation, *_ = rest
    return empty_output(x, weight, stride, padding, dilation)


@input_gradient.register_fake
def _(gradient: Tensor, weight: Tensor, size: Any, *settings: Any) -> Tensor:
    *_, groups, _, _ = settings
    return empty_input(gradient, weight, size, groups)


@weight_gradient.register_fake
def _(gradient: Tensor, x: Tensor, kernel: Any, *settings: Any) -> Tensor:
    *_, groups = settings
    return x.new_empty((gradient.shape[1], x.shape[1] // groups, *kernel))


def _keep(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:  # noqa: ARG001 (torch names it)
    x, weight, _, *geometry, _, _, max_error, threads, _, _ = inputs
    ctx.save_for_backward(x, weight)
    ctx.geometry, ctx.precision = geometry, (max_error, threads)


def _backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
    entering, weight = ctx.saved_tensors
    x, weight, gradient = (_computed(tensor) for tensor in (entering, weight, gradient))
    of_x = of_weight = of_bias = None
    if ctx.needs_input_grad[0]:
        of_x = input_gradient(gradient, weight, list(x.shape[2:]), *ctx.geometry, *ctx.precision)
    if ctx.needs_input_grad[1]:
        of_weight = weight_gradient(gradient, x, list(weight.shape[2:]), *ctx.geometry)
    if ctx.needs_input_grad[2]:
        of_bias = gradient.sum((0, *range(2, gradient.dim())))
    return (of_x, of_weight, of_bias, *(None,) * _UNDIFFERENTIATED)


def _refuse(*_: Any) -> Any:
    raise DataError(
        "convolutions of wincook have no second derivatives; for gradients of gradients, turn the model back with "
        "wincook.integrations.torch.unconvert_"
    )


def _refuse_training(*_: Any) -> Any:
    raise DataError("a fused model is for inference; train the model that it was made from")


convolve.register_autograd(_backward, setup_context=_keep)
input_gradient.register_autograd(_refuse)
weight_gradient.register_autograd(_refuse)
convolve_and_finish.register_autograd(_refuse_training)


def _computed(tensor: Tensor) -> Tensor:
    """A tensor in a type that gradients are computed in."""
    return tensor.float() if tensor.dtype in NARROW else tensor


def _transposed(layer: Layer) -> Layer:
    """The layer that takes gradients of its outputs back to its inputs, with the same weights."""
    left_over = (
        (axis.before + axis.size + axis.after - axis.dilation * (taps - 1) - 1) % axis.stride
        for axis, taps in zip(layer.axes, layer.kernel, strict=True)
    )
    return replace(
        layer,
        channels=layer.filters,
        filters=layer.channels,
        size=layer.output_size,
        transposed=True,
        output_padding=tuple(left_over),
    )
