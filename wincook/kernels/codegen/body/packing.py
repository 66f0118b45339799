"""The filter transform: weights into U, once per set of weights."""

from __future__ import annotations

from numba import types

from wincook.kernels.codegen.body.constants import LANES, TAPS
from wincook.kernels.codegen.body.stages import FILTERS
from wincook.kernels.codegen.body.transforms import copy, filter_tile, turn
from wincook.kernels.codegen.body.vectors import BYTES
from wincook.machine_code import c_function


@c_function(*[types.int64] * 5)
def pack_filters(weights: int, U: int, strip: int, channels: int, filters: int) -> None:
    """U = G g Gt for every filter and channel.

    `weights` is (K, C, *taps); `strip` holds (taps rounded up to LANES) × LANES floats. Filters beyond K get zeros.
    """
    taps = TAPS[0] * TAPS[1]
    filter_blocks = -(-filters // FILTERS)
    stride = filter_blocks * channels * FILTERS
    for lane in range(0, filter_blocks * FILTERS, LANES):
        valid = max(0, min(LANES, filters - lane))
        for channel in range(channels):
            for tap in range(0, taps, LANES):
                source = weights + ((lane * channels + channel) * taps + tap) * BYTES
                if valid > 0:
                    turn(source, channels * taps, valid, min(LANES, taps - tap), strip + tap * LANES * BYTES, LANES)
                else:
                    for j in range(LANES):
                        copy(weights, 0, strip + (tap + j) * LANES * BYTES)
            target = U + ((lane // FILTERS * channels + channel) * FILTERS + lane % FILTERS) * BYTES
            filter_tile(strip, target, stride)
