"""The filter transform: weights into U, once per set of weights."""

from __future__ import annotations

from numba import types

from wincook.kernels.codegen.body.constants import HALF_FILTERS, LANES, TAPS
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.transforms import FILTERS, KEPT, filter_along, filter_down
from wincook.kernels.codegen.body.products.taps import SQUARE, TAP_FLOATS, gather_taps
from wincook.machine_code import c_function

PACKING_FLOATS = TAP_FLOATS + max(SQUARE, KEPT[0] * TAPS[1] * LANES)


@c_function(*[types.int64] * 5)
def pack_filters(weights: int, U: int, strip: int, channels: int, filters: int) -> None:
    """U = G g Gt, or G g alone, for every filter and channel, products with equal filters once.

    `weights` is (K, C, *taps); `strip` holds PACKING_FLOATS. Filters beyond K get zeros.
    """
    filter_blocks = -(-filters // FILTERS)
    stride = filter_blocks * channels * FILTERS
    half = strip + TAP_FLOATS * BYTES
    for lane in range(0, filter_blocks * FILTERS, LANES):
        for channel in range(channels):
            gather_taps(weights, strip, half, lane, channel, channels, filters)
            if HALF_FILTERS:
                target = U + (lane // LANES * KEPT[0] * channels + channel) * TAPS[1] * LANES * BYTES
                for j in range(TAPS[1]):
                    tap = j * LANES * BYTES
                    filter_down(strip + tap, TAPS[1] * LANES, target + tap, channels * TAPS[1] * LANES)
                continue
            for j in range(TAPS[1]):
                filter_down(strip + j * LANES * BYTES, TAPS[1] * LANES, half + j * LANES * BYTES, TAPS[1] * LANES)
            target = U + ((lane // FILTERS * channels + channel) * FILTERS + lane % FILTERS) * BYTES
            for i in range(KEPT[0]):
                row = half + i * TAPS[1] * LANES * BYTES
                filter_along(row, LANES, target + i * KEPT[1] * stride * BYTES, stride)
