"""The convolution of arrays in one call, for those who have this module and no wincook."""

from __future__ import annotations

from operator import index
from typing import Any

from numba import config

from wincook.kernels.codegen.body.calls.arrays import Y_TYPE, shape_of
from wincook.kernels.codegen.body.calls.entry import run, workspace
from wincook.kernels.codegen.body.calls.memory import aligned_array, contiguous
from wincook.kernels.codegen.body.calls.weights import Packed, check
from wincook.kernels.codegen.body.constants import LAYOUT, RESIDUAL, RESIDUAL_FORMAT, X_FORMAT
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.nested.filters import parts_for
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST
from wincook.kernels.codegen.body.nested.purpose import KNOWN_STEPS


def convolve(
    x: Any,
    packed: Packed,
    padding: Any = ((0, 0), (0, 0)),
    threads: int = 1,
    residual: Any = None,
    *,
    stride: Any = None,
    dilation: Any = None,
) -> Any:
    """The convolution of x with filters that this module packed, and what this module does after it.

    Padding is (before, after) for H and W, of zeros. A module that adds a residual takes it, of the shape of the
    convolution. Stride and dilation are numbers for H and W, for modules that are made for any; others have their own.

    Raises:
        ValueError: an x of other channels or elements, other filters, filters that do not fit into x, or a stride or
            dilation that this module was not made for.
    """
    x = contiguous(x, "x", X_FORMAT)
    check(packed)
    filters, channels, *taps, groups = packed._contents.sizes  # noqa: SLF001
    batch, *image = x.shape if x.ndim == len(LAYOUT) else (0, 0, 0, 0)
    height, width, present = image if CHANNELS_LAST else (*image[1:], image[0])
    if present != channels * groups:
        raise ValueError(f"x has the shape {x.shape}; the filters need {LAYOUT} with {channels * groups} channels")
    (top, bottom), (left, right) = (map(index, pair) for pair in padding)
    strides, dilations = steps("stride", stride, KNOWN_STEPS[0]), steps("dilation", dilation, KNOWN_STEPS[1])
    padded = (height + top + bottom, width + left + right)
    rest = [padded[i] - (taps[i] - 1) * dilations[i] - 1 for i in range(2)]  # beyond the first output's inputs
    size = [(rest[i] // strides[i] + 1) // SIDE * SIDE for i in range(2)]
    if min(*size, batch) < 1:
        raise ValueError(f"a filter of {tuple(taps)} does not fit into {x.shape} with padding {padding}")
    threads = max(1, min(threads, config.NUMBA_NUM_THREADS))
    sizes = (batch, present, height, width, filters, top, left, *size, 1, groups, *taps, *strides, *dilations)
    geometry = Geometry(*sizes)  # with a panel of 1, until it is known
    panel, shares = parts_for(geometry, threads)
    work = workspace(geometry._replace(panel=panel, shares=shares), threads)
    shape = shape_of(batch, filters, (size[0] // SIDE, size[1] // SIDE))
    y = aligned_array(shape, Y_TYPE)
    run(work, x, packed, y, contiguous(residual, "residual", RESIDUAL_FORMAT) if RESIDUAL else None)
    return y


def steps(name: str, given: Any, known: tuple[int, int] | None) -> tuple[int, int]:
    """The steps along H and W: those that this module knows, or, where it knows none, those given or ones.

    Raises:
        ValueError: others than this module knows, or no two whole numbers from 1 on.
    """
    down, across = (1, 1) if given is None else map(index, given)
    if known is not None and given is not None and (down, across) != known:
        raise ValueError(f"{name} is {(down, across)}; this module was made for {known}")
    if min(down, across) < 1:
        raise ValueError(f"{name} is {(down, across)}; it must be numbers from 1 on")
    return known or (down, across)
