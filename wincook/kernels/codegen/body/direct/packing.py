"""Weights as micro-kernels read them.

channels first   [group][group of filters][block of LANES terms][filter][channel, tap row, tap column]
channels last    [group][block of filters][tap row, tap column, channel][filter]
narrow groups    [TOGETHER groups][tap row, tap column, channel][filter of all these groups]
"""

from __future__ import annotations

from typing import Any

from wincook.kernels.codegen.body.constants import GROUP, LANES, ROWS
from wincook.kernels.codegen.body.direct.gather import BLOCK, NARROW, TOGETHER
from wincook.kernels.codegen.body.direct.stages import CHANNELS_LAST
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.machine_code import in_python


def pack_filters(weights: Any, U: Any, groups: int) -> None:
    """Weights (K, C/groups, taps down, taps across) into U, a flat array."""
    filters = len(weights) // groups
    of_groups = weights.reshape(groups, filters, *weights.shape[1:])
    if CHANNELS_LAST:
        terms = of_groups.transpose(0, 1, 3, 4, 2).reshape(groups, filters, -1)
        if NARROW:  # the filters of all groups follow one another
            groups, filters, terms = 1, len(weights), terms.reshape(1, len(weights), -1)
        width = TOGETHER * GROUP[1] if NARROW else BLOCK
        blocks = U.reshape(groups, -(-filters // width), -1, BLOCK)
        blocks[...] = 0
        for start in range(0, filters, width):
            block = terms[:, start : start + width]
            blocks[:, start // width, :, : block.shape[1]] = block.swapaxes(1, 2)
        return
    terms = of_groups.reshape(groups, filters, -1)
    length = terms.shape[2]
    lines, tall = in_python(tallest)(filters), in_python(number_of_tallest)(filters)
    packed, done = U.reshape(groups, filters, -1), 0
    for number in range(-(-filters // ROWS)):
        rows = lines if number < tall else lines - 1
        target = packed[:, done : done + rows].reshape(groups, -1, rows, LANES)
        target[...] = 0
        for start in range(0, length, LANES):
            block = terms[:, done : done + rows, start : start + LANES]
            target[:, start // LANES, :, : block.shape[2]] = block
        done += rows
