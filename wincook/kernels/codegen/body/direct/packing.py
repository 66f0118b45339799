"""Weights as micro-kernels read them.

channels first   [group][group of filters][block of LANES terms][filter][channel, tap row, tap column]
channels last    [group][block of filters][tap row, tap column, channel][filter]
"""

from __future__ import annotations

from typing import Any

from wincook.kernels.codegen.body.constants import LANES, ROWS
from wincook.kernels.codegen.body.direct.gather import BLOCK
from wincook.kernels.codegen.body.direct.stages import CHANNELS_LAST
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest


def pack_filters(weights: Any, U: Any, groups: int) -> None:
    """Weights (K, C/groups, taps down, taps across) into U, a flat array."""
    filters = len(weights) // groups
    of_groups = weights.reshape(groups, filters, *weights.shape[1:])
    if CHANNELS_LAST:
        terms = of_groups.transpose(0, 1, 3, 4, 2).reshape(groups, filters, -1)
        blocks = U.reshape(groups, -(-filters // BLOCK), -1, BLOCK)
        blocks[...] = 0
        for start in range(0, filters, BLOCK):
            block = terms[:, start : start + BLOCK]
            blocks[:, start // BLOCK, :, : block.shape[1]] = block.swapaxes(1, 2)
        return
    terms = of_groups.reshape(groups, filters, -1)
    length = terms.shape[2]
    lines, tall = tallest.py_func(filters), number_of_tallest.py_func(filters)
    packed, done = U.reshape(groups, filters, -1), 0
    for number in range(-(-filters // ROWS)):
        rows = lines if number < tall else lines - 1
        target = packed[:, done : done + rows].reshape(groups, -1, rows, LANES)
        target[...] = 0
        for start in range(0, length, LANES):
            block = terms[:, done : done + rows, start : start + LANES]
            target[:, start // LANES, :, : block.shape[2]] = block
        done += rows
