"""Tensors as layers and arrays: which layout they lie in, and views of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import ml_dtypes
import torch
from torch import Tensor

from wincook.arrays import Array
from wincook.errors import FormatError
from wincook.layers import Layer, Layout

_Sizes = tuple[int, ...]
_LAYERS_KEPT = 1024
NARROW = frozenset({torch.float32, torch.bfloat16, torch.float16})
"""What kernels in narrow formats read and write."""

_CHANNELS_LAST = {4: torch.channels_last, 5: torch.channels_last_3d}  # by the number of axes


def layer_of(
    x: Tensor,
    weight_shape: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Layer:
    """The layer of a convolution of x, in the layout in which x lies; `padding` has two numbers for each axis."""
    layout: Layout = "NHWC" if memory_format(x) in _CHANNELS_LAST.values() else "NCHW"
    return _layer(x.shape, tuple(weight_shape), tuple(stride), tuple(padding), tuple(dilation), groups, layout)


@lru_cache(_LAYERS_KEPT)
def _layer(
    shape: _Sizes, weight_shape: _Sizes, stride: _Sizes, padding: _Sizes, dilation: _Sizes, groups: int, layout: Layout
) -> Layer:
    """The same layer for the same numbers, which takes longer to make than to look up."""
    batch, channels, *size = shape
    filters, _, *kernel = weight_shape
    pads = tuple(zip(padding[::2], padding[1::2], strict=True))
    return Layer(
        channels,
        filters,
        tuple(size),
        tuple(kernel),
        pads,
        batch,
        layout,
        stride=stride,
        dilation=dilation,
        groups=groups,
    )


def memory_format(tensor: Tensor) -> torch.memory_format:
    """Channels last, if the tensor lies so and not otherwise; else contiguous."""
    last = _CHANNELS_LAST.get(tensor.dim())
    if last is None or tensor.is_contiguous() or not tensor.is_contiguous(memory_format=last):
        return torch.contiguous_format
    return last


def output_shape(
    x: Tensor, weight: Tensor, stride: Sequence[int], padding: Sequence[int], dilation: Sequence[int]
) -> tuple[int, ...]:
    """The shape of y, (N, K, *out); sizes may be symbols."""
    size = (
        (extent + before + after - apart * (taps - 1) - 1) // step + 1
        for extent, taps, before, after, step, apart in zip(
            x.shape[2:], weight.shape[2:], padding[::2], padding[1::2], stride, dilation, strict=True
        )
    )
    return (x.shape[0], weight.shape[0], *size)


def empty_output(
    x: Tensor,
    weight: Tensor,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Any,
    kind: torch.dtype | None = None,
) -> Tensor:
    """A tensor for y that lies as x does, of the type of x if none is named."""
    shape = output_shape(x, weight, stride, padding, dilation)
    return torch.empty(shape, dtype=kind or x.dtype, device=x.device, memory_format=memory_format(x))


def empty_input(gradient: Tensor, weight: Tensor, size: Sequence[int], groups: int) -> Tensor:
    """A tensor for the gradient of x, (N, C, *size), that lies as the gradient of y does."""
    shape = (gradient.shape[0], weight.shape[1] * groups, *size)
    return torch.empty(shape, dtype=gradient.dtype, device=gradient.device, memory_format=memory_format(gradient))


def array_of(tensor: Tensor, layout: Layout = "NCHW") -> Array:
    """The same memory as an array, whose axes have the order of a layout."""
    plain = tensor.detach()
    is_bfloat16 = plain.dtype == torch.bfloat16  # a type that numpy alone has not
    array: Array = plain.view(torch.int16).numpy().view(ml_dtypes.bfloat16) if is_bfloat16 else plain.numpy()
    return array.transpose(0, *range(2, array.ndim), 1) if layout == "NHWC" else array


def check_types(*tensors: Tensor, narrow: bool = False) -> None:
    """See that all are float32, or all float64; or, for products in a narrow format, each of a type that is read.

    Raises:
        FormatError: other types, or several.
    """
    kinds = {tensor.dtype for tensor in tensors}
    if narrow and kinds <= NARROW:
        return
    if len(kinds) > 1 or not kinds <= {torch.float32, torch.float64}:
        names = ", ".join(sorted(map(str, kinds)))
        raise FormatError(f"tensors of {names} are not convolved by wincook; give all of float32, or all of float64")
