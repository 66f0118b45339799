"""A convolution layer as a value: what is to be computed, not how."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field, replace
from math import prod
from typing import Literal, get_args

from wincook.arguments import choice, flag, instance, whole_number
from wincook.errors import ShapeError
from wincook.layers.axis import Axis
from wincook.layers.sizes import Padding, PerAxis, pairs, per_axis, sizes

Layout = Literal["NCHW", "NHWC"]
PaddingMode = Literal["zeros", "reflect", "replicate"]
_MOST_AXES = 4
_PER_AXIS = ("stride", "dilation", "output_padding")


@dataclass(frozen=True, slots=True)
class Layer:
    """A batch of images with `channels` (C) channels, correlated with `filters` (K) filters.

    `size` is the image, (H, W) in two dimensions, and `kernel` the filter, (R, S); one to four axes. `padding` is one
    number, one per axis, (before, after) per axis, `valid` for none, or `same` for an output as large as the image;
    `stride`, `dilation` and `output_padding` are one number, or one per axis. A batch of 0 images is a layer with
    nothing to do; there is no layer of 0 channels or filters. With `groups`, filters see only the channels of their
    group. What the padding holds is `zeros`; `reflect`, the image mirrored at its first and last places, which are not
    repeated; or `replicate`, the nearest place of the image. A `transposed` layer is the adjoint of the convolution
    with the same stride, padding, dilation and groups. All of it is as in torch's ConvNd and ConvTransposeNd.

    Where F(m,r) computes the layer, a NaN or infinity in x may make all outputs of the tiles that read it NaN, not only
    those of direct convolution; `check_finite=True` of `convolve` and of kernels refuses such x.

    Layout NCHW has the channels before the axes of the image, however many, and NHWC after them.

    >>> layer = Layer(channels=64, filters=32, size=(56, 56), kernel=(3, 3), padding=1, stride=2)
    >>> layer.input_shape, layer.output_shape
    ((1, 64, 56, 56), (1, 32, 28, 28))
    >>> print(layer)
    3x3 convolution, 64 -> 32 channels, 56x56 -> 28x28, stride 2x2

    Raises:
        ShapeError: numbers that are not whole or out of range, axes that do not match, groups that do not divide the
            channels and the filters, a filter larger than the padded image, or a padding that does not fit:
            one to reflect must be smaller than the image, and a transposed layer has none but zeros.
        NotationError: an unknown layout, padding mode or word for the padding, or a `transposed` that is neither true
            nor false.
    """

    channels: int
    filters: int
    size: tuple[int, ...]
    kernel: tuple[int, ...]
    padding: Padding = 0
    batch: int = 1
    layout: Layout = "NCHW"
    _: KW_ONLY
    stride: PerAxis = 1
    dilation: PerAxis = 1
    groups: int = 1
    transposed: bool = False
    output_padding: PerAxis = 0
    padding_mode: PaddingMode = "zeros"
    axes: tuple[Axis, ...] = field(init=False, repr=False, compare=False)
    """The layer along each axis of the image."""

    def __post_init__(self) -> None:
        for name, least in (("batch", 0), ("channels", 1), ("filters", 1), ("groups", 1)):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), least))
        for name in ("size", "kernel"):
            object.__setattr__(self, name, sizes(name, getattr(self, name)))
        if len(self.size) != len(self.kernel) or not 1 <= len(self.size) <= _MOST_AXES:
            raise ShapeError(
                f"size {self.size} and kernel {self.kernel} must have the same number of axes, from 1 to {_MOST_AXES}; "
                "two are (H, W) and (R, S)"
            )
        object.__setattr__(self, "layout", choice("layout", self.layout, get_args(Layout)))
        object.__setattr__(self, "transposed", flag("transposed", self.transposed))
        steps = [
            per_axis(name, getattr(self, name), self.dimension, least)
            for name, least in zip(_PER_AXIS, (1, 1, 0), strict=True)
        ]
        stride, dilation, _ = steps
        pads = pairs(self.padding, self.kernel, stride, dilation, transposed=self.transposed)
        for name, values in zip((*_PER_AXIS, "padding"), (*steps, pads), strict=True):
            object.__setattr__(self, name, values)
        for name in ("channels", "filters"):
            if getattr(self, name) % self.groups:
                raise ShapeError(f"groups = {self.groups} must divide {name} = {getattr(self, name)}")
        axes = []
        for number, columns in enumerate(zip(self.size, self.kernel, *steps, pads, strict=True)):
            size, kernel, step, apart, more, (before, after) = columns
            try:
                axes.append(Axis(size, kernel, step, apart, before, after, more, self.transposed))
            except ShapeError as error:
                raise ShapeError(f"axis {number} of the image: {error}") from error
        object.__setattr__(self, "axes", tuple(axes))
        self._check_padding_mode()

    def _check_padding_mode(self) -> None:
        mode = choice("padding_mode", self.padding_mode, get_args(PaddingMode))
        if mode != "zeros" and self.transposed:
            raise ShapeError(f"padding_mode {mode!r} is for layers that are not transposed; these have zeros alone")
        for number, axis in enumerate(self.axes):
            if mode == "reflect" and max(axis.before, axis.after) >= axis.size:
                raise ShapeError(
                    f"axis {number} of the image: padding ({axis.before}, {axis.after}) cannot reflect {axis.size} "
                    f"places; it must be at most {axis.size - 1}"
                )
        if not any(axis.before + axis.after for axis in self.axes):
            mode = "zeros"  # of nothing, all modes make the same layer
        object.__setattr__(self, "padding_mode", mode)

    @property
    def dimension(self) -> int:
        """How many axes the image has."""
        return len(self.size)

    @property
    def pads(self) -> tuple[tuple[int, int], ...]:
        """The padding as (before, after) for each axis."""
        return tuple((axis.before, axis.after) for axis in self.axes)

    @property
    def strides(self) -> tuple[int, ...]:
        """The stride along each axis."""
        return tuple(axis.stride for axis in self.axes)

    @property
    def unpadded(self) -> Layer:
        """What is left to compute when x has been padded."""
        size = tuple(axis.before + axis.size + axis.after for axis in self.axes)
        return replace(self, size=size, padding=0, padding_mode="zeros")

    @property
    def of_group(self) -> Layer:
        """The layer that each group is; the layer itself, if it has one group."""
        return replace(self, channels=self.channels // self.groups, filters=self.filters // self.groups, groups=1)

    @property
    def channels_of_groups(self) -> tuple[range, ...]:
        """Which channels each group sees."""
        channels = self.channels // self.groups
        return tuple(range(first, first + channels) for first in range(0, self.channels, channels))

    @property
    def plain(self) -> bool:
        """Whether stride, dilation and groups are 1 and the layer is not transposed: F(m,r) computes such layers."""
        return self.dense and all(axis.stride == 1 for axis in self.axes)

    @property
    def dense(self) -> bool:
        """Whether dilation and groups are 1 and the layer is not transposed: F(m,r)/s computes such layers."""
        return self.groups == 1 and not self.transposed and all(axis.dilation == 1 for axis in self.axes)

    @property
    def output_size(self) -> tuple[int, ...]:
        """The image that comes out."""
        return tuple(axis.output_size for axis in self.axes)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of x in the layer's layout."""
        return self._shape(self.channels, self.size)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of y in the layer's layout."""
        return self._shape(self.filters, self.output_size)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """The shape of the weights: (K, C/groups, *kernel), or (C, K/groups, *kernel) if the layer is transposed."""
        first, second = (self.channels, self.filters) if self.transposed else (self.filters, self.channels)
        return (first, second // self.groups, *self.kernel)

    @property
    def multiplications(self) -> int:
        """Of direct convolution, those with padding among them."""
        places = self.size if self.transposed else self.output_size
        return self.batch * prod(places) * prod(self.weight_shape)

    def _shape(self, channels: int, size: tuple[int, ...]) -> tuple[int, ...]:
        return (self.batch, channels, *size) if self.layout == "NCHW" else (self.batch, *size, channels)

    def __str__(self) -> str:
        kind = "transposed convolution" if self.transposed else "convolution"
        parts = [
            f"{_times(self.kernel)} {kind}",
            f"{self.channels} -> {self.filters} channels",
            f"{_times(self.size)} -> {_times(self.output_size)}",
        ]
        for name in ("stride", "dilation"):
            steps = tuple(getattr(axis, name) for axis in self.axes)
            if max(steps) > 1:
                parts.append(f"{name} {_times(steps)}")
        if self.groups > 1:
            parts.append(f"{self.groups} groups")
        if self.padding_mode != "zeros":
            parts.append(f"{self.padding_mode} padding")
        return ", ".join(parts)


def layer_of(layer: object) -> Layer:
    """The layer itself.

    Raises:
        ShapeError: it is none.
    """
    return instance("layer", layer, Layer, "make it with wincook.Layer(channels, filters, size, kernel)", ShapeError)


def _times(numbers: tuple[int, ...]) -> str:
    return "x".join(map(str, numbers))
