"""The convolution of arrays in one call, for those who have this module and no wincook."""

from __future__ import annotations

import math
from operator import index
from typing import Any

from numba import config

from wincook.kernels.codegen.body.calls.arrays import shape_of
from wincook.kernels.codegen.body.calls.entry import Packed, check, run, workspace
from wincook.kernels.codegen.body.calls.memory import aligned, contiguous
from wincook.kernels.codegen.body.constants import LAYOUT, OUTPUTS, RESIDUAL, ROWS, TAPS, TILE_STRIDES
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST


def convolve(x: Any, packed: Packed, padding: Any = ((0, 0), (0, 0)), threads: int = 1, residual: Any = None) -> Any:
    """The convolution of x with filters that this module packed, and what this module does after it.

    Padding is (before, after) for H and W, of zeros. A module that adds a residual takes it, of the shape of the
    convolution.

    Raises:
        ValueError: an x of other channels or elements, other filters, or filters that do not fit into x.
    """
    x = contiguous(x, "x")
    check(packed)
    batch, *image = x.shape if x.ndim == len(LAYOUT) else (0, 0, 0, 0)
    height, width, channels = image if CHANNELS_LAST else (*image[1:], image[0])
    if channels != packed.channels:
        raise ValueError(f"x has the shape {x.shape}; the filters need {LAYOUT} with {packed.channels} channels")
    (top, bottom), (left, right) = (map(index, pair) for pair in padding)
    rest = (height + top + bottom - TAPS[0], width + left + right - TAPS[1])  # beyond the first output's inputs
    size = (rest[0] // TILE_STRIDES[0] + 1, rest[1] // TILE_STRIDES[1] + 1)
    size = (size[0] // SIDE * SIDE, size[1] // SIDE * SIDE)
    if min(*size, batch) < 1:
        raise ValueError(f"a filter of {TAPS} does not fit into {x.shape} with padding {padding}")
    threads = max(1, min(threads, config.NUMBA_NUM_THREADS))
    tiles = batch * -(-size[0] // OUTPUTS[0]) * -(-size[1] // OUTPUTS[1])
    panel = min(4, -(-tiles // (ROWS * threads))) * ROWS
    work = workspace(Geometry(batch, channels, height, width, packed.filters, top, left, *size, panel), threads)
    shape = shape_of(batch, packed.filters, (size[0] // SIDE, size[1] // SIDE))
    y = aligned(math.prod(shape)).reshape(shape)
    run(work, x, packed, y, contiguous(residual, "residual") if RESIDUAL else None)
    return y
