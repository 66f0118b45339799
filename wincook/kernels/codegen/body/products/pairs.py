"""The filter transform into words of two channels: weights into U, once per set of weights."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import IN_WORD, LANES, TAPS
from wincook.kernels.codegen.body.lanes.elements import rounded_to_bfloat16
from wincook.kernels.codegen.body.lanes.vectors import BYTES, INTEGERS, at, load, pointer
from wincook.kernels.codegen.body.nested.transforms import FILTERS, KEPT, filter_along, filter_down
from wincook.kernels.codegen.body.products.taps import TAP_FLOATS, gather_taps
from wincook.machine_code import c_function

FLOATS_OF_CHANNEL = KEPT[0] * KEPT[1] * LANES  # of what one channel of LANES filters becomes
PACKING_FLOATS = TAP_FLOATS + max(LANES, KEPT[0] * TAPS[1]) * LANES + IN_WORD * FLOATS_OF_CHANNEL


@intrinsic
def join(typingctx: Any, source: Any, apart: Any, target: Any) -> Any:
    """Round two vectors, so many floats apart, and write them as the even and the odd channels of words."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, apart, target = arguments
        even = pointer(builder, source)
        halves = [
            builder.zext(rounded_to_bfloat16(builder, load(builder, place)), INTEGERS)
            for place in (even, at(builder, even, apart))
        ]
        words = builder.or_(halves[0], builder.shl(halves[1], INTEGERS([16] * LANES)))
        builder.store(words, pointer(builder, target), align=BYTES)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate


@c_function(*[types.int64] * 5)
def pack_filters(weights: int, U: int, strip: int, channels: int, filters: int) -> None:
    """U = G g Gt for every filter and channel, products with equal filters once; what lacks its channel gets zeros.

    `weights` is (K, C, *taps); `strip` holds PACKING_FLOATS. Filters beyond K get zeros.
    """
    filter_blocks = -(-filters // FILTERS)
    words = -(-channels // IN_WORD)
    half = strip + TAP_FLOATS * BYTES
    pair = strip + (PACKING_FLOATS - IN_WORD * FLOATS_OF_CHANNEL) * BYTES
    for lane in range(0, filter_blocks * FILTERS, LANES):
        for word in range(words):
            for part in range(IN_WORD):
                channel = word * IN_WORD + part
                gather_taps(weights, strip, half, lane, channel, channels, filters if channel < channels else 0)
                for j in range(TAPS[1]):
                    tap = j * LANES * BYTES
                    filter_down(strip + tap, TAPS[1] * LANES, half + tap, TAPS[1] * LANES)
                for i in range(KEPT[0]):
                    target = pair + (part * FLOATS_OF_CHANNEL + i * KEPT[1] * LANES) * BYTES
                    filter_along(half + i * TAPS[1] * LANES * BYTES, LANES, target, LANES)
            for product in range(KEPT[0] * KEPT[1]):
                place = ((product * filter_blocks + lane // FILTERS) * words + word) * FILTERS + lane % FILTERS
                join(pair + product * LANES * BYTES, FLOATS_OF_CHANNEL, U + place * BYTES)
