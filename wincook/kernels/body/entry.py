"""The functions for Python: pack the weights once, then convolve arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import config, get_num_threads, set_num_threads
from numba.core.compiler_lock import global_compiler_lock

from wincook.kernels.body.constants import LANES, OUTPUTS, ROWS, TAPS, TILE
from wincook.kernels.body.packing import pack_filters
from wincook.kernels.body.stages import (
    CHANNELS_LAST,
    FILTERS,
    PRODUCTS,
    launch,
    stripe,
    workspace_floats,
)

stripe_in_c = stripe.ctypes  # without the interpreter's lock


@dataclass(frozen=True)
class Packed:
    """Transformed filters: U, the bias padded to whole blocks of filters, and the sizes C and K."""

    U: Any
    bias: Any
    channels: int
    filters: int


@dataclass(frozen=True)
class Workspace:
    """Memory for one call at a time, and the job that tells the compiled code where everything is."""

    memory: Any
    job: Any
    place: int
    threads: int


def aligned(floats: int) -> Any:
    """An uninitialised float32 array that starts on a cache line."""
    array = np.empty(floats + 16, np.float32)
    offset = -array.ctypes.data // 4 % 16
    return array[offset : offset + floats]


def pack(weights: Any, bias: Any = None) -> Packed:
    """Transform filters: weights (K, C, *taps) and an optional bias (K,), any float type."""
    weights = np.ascontiguousarray(weights, np.float32)
    if weights.shape[2:] != TAPS:
        raise ValueError(f"{TILE} takes weights (K, C, {TAPS[0]}, {TAPS[1]}), not {weights.shape}")
    filters, channels = weights.shape[:2]
    blocks = -(-filters // FILTERS)
    shift = np.zeros(blocks * FILTERS, np.float32)
    if bias is not None:
        if np.shape(bias) != (filters,):
            raise ValueError(f"bias must have shape ({filters},), not {np.shape(bias)}")
        shift[:filters] = bias
    U = aligned(PRODUCTS * blocks * channels * FILTERS)
    strip = aligned(-(-TAPS[0] * TAPS[1] // LANES) * LANES * LANES)
    pack_filters.ctypes(weights.ctypes.data, U.ctypes.data, strip.ctypes.data, channels, filters)
    return Packed(U, shift, channels, filters)


def workspace(geometry: Any, threads: int) -> Workspace:
    """Room for calls of one geometry on so many threads."""
    memory = aligned(threads * sum(workspace_floats.py_func(geometry)))
    job = np.array([0, 0, 0, 0, memory.ctypes.data, threads, *geometry], np.int64)
    return Workspace(memory, job, job.ctypes.data, threads)


def run(work: Workspace, x: Any, packed: Packed, y: Any) -> None:
    """Convolve contiguous float32 arrays of the right shapes; nothing is checked here."""
    work.job[:4] = (x.ctypes.data, packed.U.ctypes.data, packed.bias.ctypes.data, y.ctypes.data)
    if work.threads == 1:
        stripe_in_c(work.place, 0)
        return
    # One parallel region at a time in the whole process: where numba finds no OpenMP, its own pool aborts otherwise.
    with global_compiler_lock:
        before = get_num_threads()
        set_num_threads(work.threads)
        try:
            launch(stripe.address, work.place, work.threads)
        finally:
            set_num_threads(before)


def convolve(x: Any, packed: Packed, padding: Any = ((0, 0), (0, 0)), threads: int = 1) -> Any:
    """The convolution of x with packed filters; padding is (before, after) for H and W."""
    x = np.ascontiguousarray(x, np.float32)
    batch, *rest = x.shape
    height, width, channels = rest if CHANNELS_LAST else (*rest[1:], rest[0])
    if channels != packed.channels:
        raise ValueError(f"x has {channels} channels, the filters {packed.channels}")
    (top, bottom), (left, right) = padding
    size = (height + top + bottom - TAPS[0] + 1, width + left + right - TAPS[1] + 1)
    if min(*size, batch) < 1:
        raise ValueError(f"a filter of {TAPS} does not fit into {x.shape} with padding {padding}")
    threads = max(1, min(threads, config.NUMBA_NUM_THREADS))
    tiles = batch * -(-size[0] // OUTPUTS[0]) * -(-size[1] // OUTPUTS[1])
    panel = min(4, -(-tiles // (ROWS * threads))) * ROWS
    geometry = (batch, channels, height, width, packed.filters, top, left, *size, panel)
    shape = (batch, *size, packed.filters) if CHANNELS_LAST else (batch, packed.filters, *size)
    y = aligned(math.prod(shape)).reshape(shape)
    run(workspace(geometry, threads), x, packed, y)
    return y
