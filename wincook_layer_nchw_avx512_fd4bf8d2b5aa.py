"""3 convolution, 64 -> 64 channels, 56 -> 54 in float32, NCHW.

kernels         F(1x2,1x3)
error bound     |y - exact| <= 0.0011 max|x| max|w| wherever y is finite, without bias
target          avx512
made by         wincook 0.1.0
code            fd4bf8d2b5aa, the first digits of the SHA-256 of all that follows this docstring and a blank line

Needs numpy, numba and the modules beside it. `pack(weights, bias)` once, then `convolve(x, packed)`, for images of the
size that the layer was planned for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import wincook_f1x2_1x3_nchw_avx512_1f9d1c35c1e5 as kernel_0

KERNELS = (kernel_0,)
LAYOUT = "NCHW"
CHANNELS = 64
FILTERS = 64
GROUPS = 1
SIZE = (56,)
OUT_SIZE = (54,)
WEIGHTS = (64, 64, 3)
STRIDE = (1,)
DILATION = (1,)
TRANSPOSED = False
PADDING = ((0, 0),)
PADDING_MODE = "zeros"
FUSED = False
SCALED = False
RESIDUAL = False
ACTIVATION = ()
POOLING = ()
ONE = None
PHASES = ()
JOINED = 0
PARTS = (
    (
        0,
        True,
        (slice(None, None, None), slice(0, 64, 1), slice(0, 56, 1)),
        (slice(0, 64, 1), slice(None, None, None), slice(0, 3, 1)),
        (slice(None, None, None), slice(0, 64, 1), slice(0, 54, 1)),
        (64, 1, 56),
        (64, 64, 1, 3),
    ),
)


# Operations on each number by itself, as a straight-line list.
#
# A step is (kind, operand, ...). An operand is the place of an earlier value, the inputs first, or a constant: a float
# of Python that float32 holds. The last value is the result. The generator of kernels makes LLVM IR of the same list.
# There is no fma among the kinds, so that numpy has the same bits by itself.
#
#     add, sub, mul, div    rounded once
#     max a b               b where a < b or b is NaN, else a: NaN passes, and of 0 and -0 the first stays
#     min a b               b where a > b or b is NaN, else a
#     where a b c d         c where a < b, else d
#     power a               2^n of a = n + MAGIC, for whole n from -126 to 127, infinity for 128

Step = tuple[str | int | float, ...]
Steps = tuple[Step, ...]

MAGIC = 1.5 * 2.0**23  # adding it rounds to a whole number, which the last bits of the sum then hold
_ONE, _FRACTION_BITS = np.int32(0x3F800000), 23  # of float32: 1 as an integer, and the bits after the exponent


def run_steps(steps: Steps, *inputs: Array) -> Array:
    """The last value, in the type of the inputs, which is float32 where a step is `power`.

    >>> run_steps((("max", 0, 0.0),), np.array([-1.5, 2.5], np.float32)).tolist()
    [0.0, 2.5]
    """
    number = inputs[0].dtype.type
    values: list[Any] = list(inputs)
    with np.errstate(all="ignore"):
        for kind, *operands in steps:
            values.append(_KINDS[str(kind)](*(values[a] if isinstance(a, int) else number(a) for a in operands)))
    return np.asarray(values[-1])


def _power(a: Any) -> Any:
    return ((a.view(np.int32) << _FRACTION_BITS) + _ONE).view(np.float32)


_KINDS: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "max": lambda a, b: np.where((a < b) | np.isnan(b), b, a),
    "min": lambda a, b: np.where((a > b) | np.isnan(b), b, a),
    "where": lambda a, b, c, d: np.where(a < b, c, d),
    "power": _power,
}


# The functions for Python: pack the weights once, then convolve arrays of the sizes that the layer was planned for.
#
# Arrays are told with their channels before the axes of the image, and moved from and to the layout where they come in
# and go out.


MODES: Any = {"zeros": "constant", "replicate": "edge", "reflect": "reflect"}
SIDE = 2 if POOLING else 1  # of the squares that become one output


class Part(NamedTuple):
    """A part of the layer: its kernel, whether it is the first at its places in y, and where it reads and adds up.

    `image` is the shape of one of its images, `taps` that of its weights.
    """

    kernel: int
    begins: bool
    x: tuple[slice, ...]
    weights: tuple[slice, ...]
    y: tuple[slice, ...]
    image: tuple[int, ...]
    taps: tuple[int, ...]


class One(NamedTuple):
    """The only kernel of a layer: the shape of an image and of its weights, and how it steps."""

    image: tuple[int, ...]
    taps: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    stride: tuple[int, int]
    dilation: tuple[int, int]


class Phase(NamedTuple):
    """Where taps of a transposed layer stand in the filters of one phase of its outputs."""

    number: tuple[int, ...]
    places: tuple[slice, ...]
    taps: tuple[tuple[int, ...], ...]


class Packed(NamedTuple):
    """Weights as the kernels packed them, and the numbers for each filter that no kernel adds or multiplies."""

    contents: tuple[Any, ...]
    bias: Any
    scale: Any
    shift: Any


def pack(weights: Any, bias: Any = None, *, scale: Any = None, shift: Any = None) -> Packed:
    """Transform weights, and a bias, a scale and a shift for each filter, (K,), of any real type.

    Weights are (K, C/groups, *kernel), or (C, K/groups, *kernel) of a transposed layer.

    Raises:
        ValueError: other shapes, elements that are not real numbers, or a scale or shift where the layer has none.
    """
    weights = real(weights, "weights", WEIGHTS)
    if not SCALED and not (scale is None and shift is None):
        raise ValueError("this layer was made without a scale and a shift for each filter")
    bias, scale, shift = (
        None if values is None else real(values, name, (FILTERS,))
        for name, values in (("bias", bias), ("scale", scale), ("shift", shift))
    )
    if SCALED:
        scale = np.ones(FILTERS, np.float32) if scale is None else scale
        shift = np.zeros(FILTERS, np.float32) if shift is None else shift
    if TRANSPOSED:
        grouped = weights.reshape(GROUPS, CHANNELS // GROUPS, *weights.shape[1:]).swapaxes(1, 2)
        weights = grouped.reshape(FILTERS, CHANNELS // GROUPS, *weights.shape[2:])
    if ONE is not None:
        taps = One._make(ONE).taps
        if PHASES:
            weights = weights_of_phases(weights, taps)
            bias = None if bias is None else bias.reshape(GROUPS, 1, -1).repeat(np.prod(STRIDE), axis=1).reshape(-1)
        kernel = KERNELS[0]
        if FUSED:
            of_filters = {"scale": scale, "shift": shift} if SCALED else {}
            return Packed((kernel.pack(weights.reshape(taps), bias, GROUPS, **of_filters),), None, None, None)
        return Packed((kernel.pack(weights.reshape(taps), bias, GROUPS),), None, scale, shift)
    parts = [Part._make(part) for part in PARTS]
    is_added = bias is not None and all(part.begins for part in parts)
    contents = tuple(
        KERNELS[part.kernel].pack(weights[part.weights].reshape(part.taps), bias[part.y[1]] if is_added else None)
        for part in parts
    )
    return Packed(contents, None if is_added else bias, scale, shift)


def convolve(x: Any, packed: Packed, *, threads: int = 1, residual: Any = None) -> Any:
    """The layer of any number of images x, with weights that this module packed, and what follows it.

    Raises:
        TypeError: other weights.
        ValueError: an x of another shape, or a residual that is not of the shape of the convolution in a layer that
            adds one.
    """
    if not isinstance(packed, Packed):
        raise TypeError(f"packed must be what pack of this module returns, not a {type(packed).__name__}")
    x = np.asarray(x)
    batch = len(x) if x.ndim else 0
    if batch < 1:
        raise ValueError(f"x has the shape {x.shape}; it must hold images of shape {laid_out(CHANNELS, SIZE)}")
    x = real(x, "x", (batch, *laid_out(CHANNELS, SIZE)))
    added = None
    if RESIDUAL:
        added = real(residual, "residual", (batch, *laid_out(FILTERS, OUT_SIZE)))
    elif residual is not None:
        raise ValueError("this layer was made without a residual")
    padded = np.pad(channels_first(x), ((0, 0), (0, 0), *PADDING), MODES[PADDING_MODE])
    if ONE is None:
        total = sum_of_parts(padded, packed, threads)
    elif FUSED:
        return outputs_of_one(padded, packed, threads, added)
    elif PHASES:
        total = interleaved(channels_first(outputs_of_one(padded, packed, threads, None)))
    else:
        total = channels_first(outputs_of_one(padded, packed, threads, None))
    return finished(total, packed, None if added is None else channels_first(added))


def laid_out(channels: int, size: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of an image in the layout of the layer."""
    return (*size, channels) if LAYOUT == "NHWC" else (channels, *size)


def channels_first(array: Any) -> Any:
    """(N, channels, *size), as a view."""
    return np.moveaxis(array, -1, 1) if LAYOUT == "NHWC" else array


def in_layout(array: Any) -> Any:
    """(N, channels, *size) as an array in the layout of the layer."""
    return np.ascontiguousarray(np.moveaxis(array, 1, -1) if LAYOUT == "NHWC" else array)


def real(values: Any, name: str, shape: tuple[int, ...]) -> Any:
    """Real numbers of a shape as float32.

    Raises:
        ValueError: other things, or another shape.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "fiub" and array.dtype.name != "bfloat16":
        raise ValueError(f"{name} must hold real numbers, not {array.dtype}")
    if array.shape != shape:
        raise ValueError(f"{name} has the shape {array.shape}; it must be {shape}")
    return np.require(array, np.float32, ["C", "A"])


def sum_of_parts(padded: Any, packed: Packed, threads: int) -> Any:
    """The outputs of all parts, added up where they meet: (N, K, *out)."""
    total = np.zeros((len(padded), FILTERS, *OUT_SIZE), np.float32)
    for part, contents in zip(map(Part._make, PARTS), packed.contents, strict=True):
        image, place = (np.moveaxis(array, 1, 1 + JOINED) for array in (padded[part.x], total[part.y]))
        image = np.ascontiguousarray(image).reshape(-1, *part.image)
        share = KERNELS[part.kernel].convolve(image, contents, threads=threads).reshape(place.shape)
        place[...] = share if part.begins else place + share
    return total


def outputs_of_one(padded: Any, packed: Packed, threads: int, residual: Any) -> Any:
    """What the only kernel of the layer gives, in the layout."""
    one, batch = One._make(ONE), len(padded)
    image = in_layout(padded).reshape(batch, *one.image)
    added = None
    if residual is not None:
        added = residual.reshape(batch, *lifted(residual.shape[1:], len(one.image)))
    contents = packed.contents[0]
    y = KERNELS[0].convolve(image, contents, one.padding, threads, added, stride=one.stride, dilation=one.dilation)
    return y.reshape(dropped(y.shape, len(SIZE) + 2))


def lifted(shape: tuple[int, ...], axes: int) -> tuple[int, ...]:
    """The shape of an image with axes of one place before the others, until it has as many as are told."""
    new = (1,) * (axes - len(shape))
    return (*new, *shape) if LAYOUT == "NHWC" else (shape[0], *new, *shape[1:])


def dropped(shape: tuple[int, ...], axes: int) -> tuple[int, ...]:
    """The shape of images without the axes of one place that are too many."""
    more = len(shape) - axes
    return (shape[0], *shape[1 + more :]) if LAYOUT == "NHWC" else (*shape[:2], *shape[2 + more :])


def weights_of_phases(weights: Any, taps: tuple[int, ...]) -> Any:
    """Filters of each phase of the outputs in turn, from (K, C/groups, *kernel); taps that none has are zeros."""
    grouped = weights.reshape(GROUPS, FILTERS // GROUPS, *weights.shape[1:])
    kernel = taps[len(taps) - len(STRIDE) :]
    filters = np.zeros((GROUPS, *STRIDE, *grouped.shape[1:3], *kernel), np.float32)
    every = slice(None)
    for phase in map(Phase._make, PHASES):
        taps_of_phase: Any = (every, every, every, *np.ix_(*map(np.array, phase.taps)))
        place: Any = (every, *phase.number, every, every, *phase.places)
        filters[place] += grouped[taps_of_phase]
    return filters


def interleaved(outputs: Any) -> Any:
    """The outputs of all phases at their places: (N, K, *out)."""
    places = tuple(-(-size // step) for size, step in zip(OUT_SIZE, STRIDE, strict=True))
    used = outputs[(slice(None), slice(None), *map(slice, places))]
    phases = used.reshape(len(outputs), GROUPS, *STRIDE, FILTERS // GROUPS, *places)
    axes = len(STRIDE)
    along = [axis for i in range(axes) for axis in (3 + axes + i, 2 + i)]
    ordered = phases.transpose(0, 1, 2 + axes, *along)
    sizes = [number * step for number, step in zip(places, STRIDE, strict=True)]
    return ordered.reshape(len(outputs), FILTERS, *sizes)[(slice(None), slice(None), *map(slice, OUT_SIZE))]


def finished(total: Any, packed: Packed, residual: Any) -> Any:
    """What follows the convolution, (N, K, *out): numbers for each filter, the residual, the activation and pooling."""
    column = (-1, *(1,) * len(OUT_SIZE))
    y = total
    if packed.bias is not None:
        y = y + packed.bias.reshape(column)
    if SCALED:
        y = y * packed.scale.reshape(column) + packed.shift.reshape(column)
    if residual is not None:
        y = y + residual
    if ACTIVATION:
        y = run_steps(ACTIVATION, y)
    if POOLING:
        rows, columns = (size - size % SIDE for size in OUT_SIZE)
        y = run_steps(POOLING, *(y[..., i:rows:SIDE, j:columns:SIDE] for i in range(SIDE) for j in range(SIDE)))
    return in_layout(y)
