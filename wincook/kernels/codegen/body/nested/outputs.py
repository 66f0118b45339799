"""M into y: tiles go down the columns and along the rows, through what follows, and by way of a strip into y.

Whole tiles of images with the channels last go there directly.
"""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import LANES, OUTPUTS, RANKS, RESIDUAL
from wincook.kernels.codegen.body.job import Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.elements import ADDED_BYTES, ADDED_STEP, RESIDUAL_BYTES, STRIP_BYTES, Y_BYTES
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.moves import copy_back, copy_residual, turn, turn_back
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST
from wincook.kernels.codegen.body.nested.transforms import (
    FILTERS,
    OUTPUTS_IN_REGISTERS,
    PRODUCTS,
    STORED,
    output_down,
    output_rows,
    output_tile,
)


@njit(inline="always", error_model="numpy")
def store_panel(
    work: Job,
    residual_strides: Strides,
    strides: Strides,
    M: int,
    strip: int,
    half: int,
    geometry: Geometry,
    share: tuple[int, int],
    tiles: tuple[int, int],
) -> None:
    """Output transforms, and what follows them, into y: of a share of the blocks of filters, of a run of tiles."""
    filters, out_height, out_width = geometry.filters, geometry.out_height, geometry.out_width
    across = -(-out_width // OUTPUTS[1])
    down = -(-out_height // OUTPUTS[0])
    filter_blocks = -(-filters // FILTERS)
    first, last = tiles
    tile = first
    while tile < last:
        tile_row, start = tile // across, tile % across
        number = min(across - start, last - tile)
        image, row, column = tile_row // down, (tile_row % down) * OUTPUTS[0], start * OUTPUTS[1]
        y = work.y + image * strides.image * Y_BYTES
        residual = work.residual + image * residual_strides.image * RESIDUAL_BYTES
        line = (number * OUTPUTS[1] + LANES) * LANES
        for lane in range(share[0] * FILTERS, min(share[1] * FILTERS, filters), LANES):
            valid = min(LANES, filters - lane)
            full = CHANNELS_LAST and valid == LANES and row + OUTPUTS[0] <= out_height
            if RESIDUAL and not CHANNELS_LAST:
                width = number * OUTPUTS[1]
                whole = (strip, line * ADDED_STEP, LANES * ADDED_STEP)
                fill_out_strip(whole, residual, residual_strides, half, geometry, lane, row, column, width)
            for j in range(number):
                place = (tile - first + j) * filter_blocks + lane // FILTERS
                products = M + (place * PRODUCTS * FILTERS + lane % FILTERS) * BYTES
                here = column + j * OUTPUTS[1]
                direct = full and here + OUTPUTS[1] <= out_width
                added = (strip + j * OUTPUTS[1] * LANES * BYTES, line * ADDED_STEP, LANES * ADDED_STEP)
                target = (strip + j * STORED[1] * LANES * STRIP_BYTES, line, LANES)
                if direct:
                    start_of_tile = (
                        residual + (row * residual_strides.row + here * residual_strides.column + lane) * RESIDUAL_BYTES
                    )
                    added = (start_of_tile, residual_strides.row, residual_strides.column)
                    start_of_tile = y + (row // SIDE * strides.row + here // SIDE * strides.column + lane) * Y_BYTES
                    target = (start_of_tile, strides.row, strides.column)
                elif RESIDUAL and CHANNELS_LAST:
                    fill_out_strip(added, residual, residual_strides, half, geometry, lane, row, here, OUTPUTS[1])
                transform_tile(products, half, work.bias + lane * BYTES, work.apart, added, target)
                if CHANNELS_LAST and not direct:
                    empty_strip(target[0], line, y, strides, geometry, lane, row // SIDE, here // SIDE, STORED[1])
            if not CHANNELS_LAST:
                width = number * STORED[1]
                empty_strip(strip, line, y, strides, geometry, lane, row // SIDE, column // SIDE, width)
        tile += number


@njit(inline="always", error_model="numpy")
def transform_tile(
    products: int, half: int, bias: int, apart: int, added: tuple[int, int, int], target: tuple[int, int, int]
) -> None:
    """y = AT M A, and what follows, of one tile; `added` and `target` as for `output_tile`."""
    if OUTPUTS_IN_REGISTERS:
        output_tile(products, FILTERS, bias, apart, added, target)
        return
    for j in range(RANKS[1]):
        output_down(products + j * FILTERS * BYTES, RANKS[1] * FILTERS, half + j * LANES * BYTES, RANKS[1] * LANES)
    for i in range(STORED[0]):
        rows = half + i * SIDE * RANKS[1] * LANES * BYTES
        added_here = (added[0] + i * SIDE * added[1] * ADDED_BYTES, added[1], added[2])
        output_rows(rows, bias, apart, added_here, (target[0] + i * target[1] * STRIP_BYTES, target[1], target[2]))


@njit(inline="always", error_model="numpy")
def empty_strip(
    strip: int, line: int, y: int, strides: Strides, geometry: Geometry, lane: int, row: int, column: int, width: int
) -> None:
    """Copy outputs to (row, column) of an image on, as far as it goes."""
    valid = min(LANES, geometry.filters - lane)
    width = min(width, geometry.out_width // SIDE - column)
    for i in range(min(STORED[0], geometry.out_height // SIDE - row)):
        source = strip + i * line * STRIP_BYTES
        target = y + (lane * strides.channel + (row + i) * strides.row + column * strides.column) * Y_BYTES
        if CHANNELS_LAST:
            for j in range(width):
                copy_back(source + j * LANES * STRIP_BYTES, valid, target + j * strides.column * Y_BYTES)
        else:
            for j in range(0, width, LANES):
                number = min(LANES, width - j)
                turn_back(source + j * LANES * STRIP_BYTES, valid, number, target + j * Y_BYTES, strides.channel)


@njit(inline="always", error_model="numpy")
def fill_out_strip(
    grid: tuple[int, int, int],
    residual: int,
    strides: Strides,
    half: int,
    geometry: Geometry,
    lane: int,
    row: int,
    column: int,
    width: int,
) -> None:
    """Copy a residual from (row, column) of an image on, as far as it goes, to where outputs are made of it.

    Vectors of narrow elements start where those of floats would, so that no output is written over what is read later.
    """
    valid = min(LANES, geometry.filters - lane)
    width = min(width, geometry.out_width - column)
    for i in range(min(OUTPUTS[0], geometry.out_height - row)):
        target = grid[0] + i * grid[1] * ADDED_BYTES
        place = lane * strides.channel + (row + i) * strides.row + column * strides.column
        source = residual + place * RESIDUAL_BYTES
        if CHANNELS_LAST:
            for j in range(width):
                copy_residual(source + j * strides.column * RESIDUAL_BYTES, valid, target + j * LANES * BYTES)
        else:
            for j in range(0, width, LANES):
                for channel in range(valid):
                    here = source + (channel * strides.channel + j) * RESIDUAL_BYTES
                    copy_residual(here, min(LANES, width - j), half + channel * LANES * BYTES)
                turn(half, target + j * LANES * BYTES)
