"""x into V: inputs of a row of tiles go down the columns into a strip, and from there along the rows.

Tiles that overlap share what is transformed down the columns. What lies outside the image counts as zeros.
"""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import FORMAT, IN_WORD, LANES, OUTPUTS, RANKS, TILE_INPUTS
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.ahead import fetch
from wincook.kernels.codegen.body.nested.moves import turn
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST, group_of, product_stride, word_blocks_of
from wincook.kernels.codegen.body.nested.transforms import STEPS
from wincook.kernels.codegen.body.products.float32 import STRIPS
from wincook.kernels.codegen.body.products.values import AT_ONCE, PLANES, columns_into_strip, row_into_V

PARTS = IN_WORD * LANES // AT_ONCE  # of LANES words of one tile in V: AT_ONCE channels each
IS_DOT = FORMAT == "bfloat16"  # then zeros fill the last word: what lies there could be a NaN, whose product is no zero
PART_BYTES = LANES * BYTES // PARTS


@njit(inline="always", error_model="numpy")
def load_panel(
    work: Job, strides: Strides, V: int, strip: int, half: int, geometry: Geometry, first: int, last: int
) -> None:
    """Input transforms of the tiles first..last-1 into V."""
    across = -(-geometry.out_width // OUTPUTS[1])
    down = -(-geometry.out_height // OUTPUTS[0])
    blocks, word_blocks = -(-geometry.channels // AT_ONCE), word_blocks_of(geometry)
    stride = product_stride(geometry)
    lines, tall = tallest(last - first), number_of_tallest(last - first)
    tile = first
    while tile < last:
        tile_row, start = tile // across, tile % across
        number = min(across - start, last - tile)
        width = (number - 1) * STEPS[1] + TILE_INPUTS[1]
        image = work.x + tile_row // down * strides.image * X_BYTES
        row, column = (tile_row % down) * STEPS[0] - geometry.top, start * STEPS[1] - geometry.left
        apart = RANKS[0] * (width + LANES) * LANES
        for block in range(0, blocks, STRIPS):
            together = STRIPS if block + STRIPS <= blocks else 1
            for part in range(together):
                place, channel = strip + part * apart * BYTES, (block + part) * AT_ONCE
                fill_strip(work, image, strides, place, width, half, geometry, channel, (row, column))
            for j in range(number):
                group, line_of_tile = group_of(tile - first + j, lines, tall)
                line_in_V = (group * word_blocks + block // PARTS) * lines + line_of_tile
                target = V + (line_in_V * PARTS + block % PARTS) * PART_BYTES
                for i in range(RANKS[0]):
                    source = strip + (i * (width + LANES) + j * STEPS[1]) * LANES * BYTES
                    place = target + i * RANKS[1] * stride * BYTES
                    row_into_V(work, geometry, source, (together, apart), place, stride, block, i)
        tile += number


@njit(inline="always", error_model="numpy")
def fill_strip(
    work: Job,
    image: int,
    strides: Strides,
    strip: int,
    width: int,
    half: int,
    geometry: Geometry,
    block: int,
    corner: tuple[int, int],
) -> None:
    """Transform inputs down the columns, from a corner (row, column) on, `width` columns wide."""
    row, column = corner
    line = (width + LANES) * LANES
    valid = min(AT_ONCE, geometry.channels - block)
    rows = (-row, geometry.height - row)
    left = min(width, max(0, -column))
    right = max(left, min(width, geometry.width - column))
    source = image + (block * strides.channel + row * strides.row + column * strides.column) * X_BYTES
    if CHANNELS_LAST:
        for j in range(left, right):
            place = source + j * strides.column * X_BYTES
            target = strip + j * LANES * BYTES
            columns_into_strip(work, geometry, place, strides, rows, (valid, 0), target, line)
    else:
        for j in range(left, right, LANES):
            for channel in range(0, valid, PLANES):
                place = source + (channel * strides.channel + j) * X_BYTES
                square = half + channel // PLANES * LANES * BYTES
                for i in range(TILE_INPUTS[0]):  # of the next block of channels
                    fetch(place + (AT_ONCE * strides.channel + i * strides.row) * X_BYTES)
                numbers = (right - j, valid - channel)
                columns_into_strip(work, geometry, place, strides, rows, numbers, square, LANES * LANES)
            for channel in range(valid, -(-valid // IN_WORD) * IN_WORD if IS_DOT else 0):
                square = half + channel * LANES * BYTES
                columns_into_strip(work, geometry, image, strides, rows, (0, 0), square, LANES * LANES)
            for i in range(RANKS[0]):
                turn(half + i * LANES * LANES * BYTES, strip + (i * line + j * LANES) * BYTES)
    for j in range(left + width - right):  # of zeros
        place = strip + (j if j < left else j - left + right) * LANES * BYTES
        columns_into_strip(work, geometry, image, strides, rows, (0, 0), place, line)
