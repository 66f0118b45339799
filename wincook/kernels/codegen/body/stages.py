"""The loops: a panel of tiles at a time is loaded, multiplied and stored, all within the cache.

A panel is a run of consecutive tiles, counted row by row through all images of the batch. Its inputs pass
through a strip: one row of tiles, LANES channels wide, with the padding and missing channels filled in as zeros;
its outputs pass through another. The strips make NCHW and NHWC, edges and interiors alike for the transforms.

    V  [product][group of tiles][block of LANES channels][tile][channel]
    U  [product, equal ones once][block of filters][channel][filter]
    M  [tile][block of filters][product][filter]

The loops are inlined into one C function, `stripe`, which reads its arguments from a job in memory. Compiled once and
called by address, it serves one thread or many.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from wincook.kernels.codegen.body.constants import (
    FILTER_PROGRAMS,
    LANES,
    LAYOUT,
    OUTPUTS,
    RANKS,
    ROWS,
    STRIDES,
    TILE_INPUTS,
    VECTORS,
)
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Floats, Geometry, Job
from wincook.kernels.codegen.body.transforms import (
    KEPT_PROGRAMS,
    copy,
    copy_back,
    input_tile,
    output_tile,
    turn,
    turn_back,
)
from wincook.kernels.codegen.body.vectors import BYTES, call, word, words_as
from wincook.machine_code import c_function

PRODUCTS = RANKS[0] * RANKS[1]
STEPS = (OUTPUTS[0] * STRIDES[0], OUTPUTS[1] * STRIDES[1])  # inputs from one tile to the next
KEPT = (len(KEPT_PROGRAMS[0][1]), len(KEPT_PROGRAMS[1][1]))  # products along each axis that have filters of their own
DOWN, ACROSS = (
    [kept.index(value) for value in outputs]
    for (_, kept), (_, outputs) in zip(KEPT_PROGRAMS, FILTER_PROGRAMS, strict=True)
)
PLACES_IN_U = np.array([i * KEPT[1] + j for i in DOWN for j in ACROSS])  # of each product
FILTERS = VECTORS * LANES  # of one block
LINE = 64 // BYTES  # floats of a cache line: strides are offset by one, lest all products fall into one cache set
CHANNELS_LAST = LAYOUT == "NHWC"

MICRO_KERNELS = len(Job._fields) + len(Geometry._fields)  # words of a job before their addresses
job_at, geometry_at = words_as(Job, 0), words_as(Geometry, len(Job._fields))


@njit(inline="always", error_model="numpy")
def product_stride(geometry: Geometry) -> int:
    """Floats from one product of V to the next."""
    groups = -(-geometry.panel // ROWS)
    return groups * -(-geometry.channels // LANES) * min(ROWS, geometry.panel) * LANES + LINE


@njit(inline="always", error_model="numpy")
def group_of(tile: int, lines: int, tall: int) -> tuple[int, int]:
    """The group of a tile, and its place there: `tall` groups have as many lines as are told, the others one less."""
    if tile < tall * lines:
        return tile // lines, tile % lines
    rest = tile - tall * lines
    return tall + rest // (lines - 1), rest % (lines - 1)


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> Floats:
    """The sizes of the parts of one thread's workspace, each a multiple of a line."""
    filters, out_width, panel = geometry.filters, geometry.out_width, geometry.panel
    across = min(panel, -(-out_width // OUTPUTS[1]))
    V = PRODUCTS * product_stride(geometry)
    M = panel * -(-filters // FILTERS) * PRODUCTS * FILTERS + LINE
    strip = TILE_INPUTS[0] * ((across - 1) * STEPS[1] + TILE_INPUTS[1] + LANES) * LANES
    out_strip = OUTPUTS[0] * (across * OUTPUTS[1] + LANES) * LANES
    return Floats(V, M, strip, out_strip)


@njit(inline="always", error_model="numpy")
def fill_strip(
    x: int, strip: int, width: int, geometry: Geometry, image: int, block: int, row: int, column: int
) -> None:
    """Copy inputs from (row, column) on, `width` columns wide, zeros where the image has none."""
    channels, height, image_width = geometry.channels, geometry.height, geometry.width
    line = (width + LANES) * LANES * BYTES
    valid = min(LANES, channels - block)
    left = min(width, max(0, -column))
    right = max(left, min(width, image_width - column))
    for i in range(TILE_INPUTS[0]):
        place = strip + i * line
        if row + i < 0 or row + i >= height:
            for j in range(width):
                copy(x, 0, place + j * LANES * BYTES)
            continue
        for j in range(left):
            copy(x, 0, place + j * LANES * BYTES)
        if CHANNELS_LAST:
            source = x + (((image * height + row + i) * image_width + column) * channels + block) * BYTES
            for j in range(left, right):
                copy(source + j * channels * BYTES, valid, place + j * LANES * BYTES)
        else:
            source = x + (((image * channels + block) * height + row + i) * image_width + column) * BYTES
            for j in range(left, right, LANES):
                turn(
                    source + j * BYTES,
                    height * image_width,
                    valid,
                    min(LANES, right - j),
                    place + j * LANES * BYTES,
                    LANES,
                )
        for j in range(right, width):
            copy(x, 0, place + j * LANES * BYTES)


@njit(inline="always", error_model="numpy")
def load_panel(x: int, V: int, strip: int, geometry: Geometry, first: int, last: int) -> None:
    """Input transforms of the tiles first..last-1 into V."""
    channels, height, image_width = geometry.channels, geometry.height, geometry.width
    across = -(-geometry.out_width // OUTPUTS[1])
    down = -(-geometry.out_height // OUTPUTS[0])
    blocks = -(-channels // LANES)
    stride = product_stride(geometry)
    lines, tall = tallest(last - first), number_of_tallest(last - first)
    tile = first
    while tile < last:
        tile_row, start = tile // across, tile % across
        number = min(across - start, last - tile)
        width = (number - 1) * STEPS[1] + TILE_INPUTS[1]
        image = tile_row // down
        row, column = (tile_row % down) * STEPS[0] - geometry.top, start * STEPS[1] - geometry.left
        inside = CHANNELS_LAST and row >= 0 and row + TILE_INPUTS[0] <= height
        for block in range(blocks):
            full = inside and (block + 1) * LANES <= channels
            if not CHANNELS_LAST:
                fill_strip(x, strip, width, geometry, image, block * LANES, row, column)
            for j in range(number):
                group, line_of_tile = group_of(tile - first + j, lines, tall)
                target = V + ((group * blocks + block) * lines + line_of_tile) * LANES * BYTES
                here = column + j * STEPS[1]
                source, line, step = strip + j * STEPS[1] * LANES * BYTES, (width + LANES) * LANES, LANES
                if CHANNELS_LAST:
                    if full and here >= 0 and here + TILE_INPUTS[1] <= image_width:
                        pixel = (image * height + row) * image_width + here
                        source = x + (pixel * channels + block * LANES) * BYTES
                        line, step = image_width * channels, channels
                    else:
                        fill_strip(x, strip, TILE_INPUTS[1], geometry, image, block * LANES, row, here)
                        source, line = strip, (TILE_INPUTS[1] + LANES) * LANES
                input_tile(source, line, step, target, stride)
        tile += number


@njit(inline="always", error_model="numpy")
def multiply_panel(job: int, V: int, U: int, M: int, geometry: Geometry, tiles: int) -> None:
    """All products of a panel: M = V U, for each product position and block of filters."""
    channels = geometry.channels
    blocks = -(-channels // LANES)
    filter_blocks = -(-geometry.filters // FILTERS)
    tile_floats = filter_blocks * PRODUCTS * FILTERS
    stride = product_stride(geometry)
    groups, lines, tall = -(-tiles // ROWS), tallest(tiles), number_of_tallest(tiles)
    higher, lower = word(job, MICRO_KERNELS + lines - 1), word(job, MICRO_KERNELS + max(lines - 2, 0))
    for product in range(PRODUCTS):
        for block in range(filter_blocks):
            weights = U + (PLACES_IN_U[product] * filter_blocks + block) * channels * FILTERS * BYTES
            target = M + (block * PRODUCTS + product) * FILTERS * BYTES
            for group in range(groups):
                values = V + (product * stride + group * blocks * lines * LANES) * BYTES
                if group < tall:
                    call(higher, (values, lines, weights, channels, target, tile_floats))
                    target += lines * tile_floats * BYTES
                else:
                    call(lower, (values, lines, weights, channels, target, tile_floats))
                    target += (lines - 1) * tile_floats * BYTES


@njit(inline="always", error_model="numpy")
def empty_strip(
    strip: int, line: int, y: int, geometry: Geometry, image: int, lane: int, row: int, column: int, width: int
) -> None:
    """Copy outputs to (row, column) on, as far as the image goes."""
    filters, out_height, out_width = geometry.filters, geometry.out_height, geometry.out_width
    valid = min(LANES, filters - lane)
    width = min(width, out_width - column)
    for i in range(min(OUTPUTS[0], out_height - row)):
        source = strip + i * line * BYTES
        if CHANNELS_LAST:
            target = y + (((image * out_height + row + i) * out_width + column) * filters + lane) * BYTES
            for j in range(width):
                copy_back(source + j * LANES * BYTES, valid, target + j * filters * BYTES)
        else:
            target = y + (((image * filters + lane) * out_height + row + i) * out_width + column) * BYTES
            plane = out_height * out_width
            for j in range(0, width, LANES):
                number = min(LANES, width - j)
                turn_back(source + j * LANES * BYTES, LANES, valid, number, target + j * BYTES, plane)


@njit(inline="always", error_model="numpy")
def store_panel(M: int, bias: int, y: int, strip: int, geometry: Geometry, first: int, last: int) -> None:
    """Output transforms of the tiles first..last-1 into y."""
    filters, out_height, out_width = geometry.filters, geometry.out_height, geometry.out_width
    across = -(-out_width // OUTPUTS[1])
    down = -(-out_height // OUTPUTS[0])
    filter_blocks = -(-filters // FILTERS)
    tile = first
    while tile < last:
        tile_row, start = tile // across, tile % across
        number = min(across - start, last - tile)
        image, row, column = tile_row // down, (tile_row % down) * OUTPUTS[0], start * OUTPUTS[1]
        line = (number * OUTPUTS[1] + LANES) * LANES
        for lane in range(0, filters, LANES):
            valid = min(LANES, filters - lane)
            full = CHANNELS_LAST and valid == LANES and row + OUTPUTS[0] <= out_height
            for j in range(number):
                place = (tile - first + j) * filter_blocks + lane // FILTERS
                products = M + (place * PRODUCTS * FILTERS + lane % FILTERS) * BYTES
                here = column + j * OUTPUTS[1]
                direct = full and here + OUTPUTS[1] <= out_width
                target, row_step, step = strip + j * OUTPUTS[1] * LANES * BYTES, line, LANES
                if direct:
                    target = y + (((image * out_height + row) * out_width + here) * filters + lane) * BYTES
                    row_step, step = out_width * filters, filters
                output_tile(products, FILTERS, bias + lane * BYTES, target, row_step, step)
                if CHANNELS_LAST and not direct:
                    empty_strip(target, line, y, geometry, image, lane, row, here, OUTPUTS[1])
            if not CHANNELS_LAST:
                empty_strip(strip, line, y, geometry, image, lane, row, column, number * OUTPUTS[1])
        tile += number


@c_function(types.int64, types.int64)
def stripe(job: int, number: int) -> None:
    """One thread's share of a job: stripe `number` of its panels, with a workspace of its own."""
    work, geometry = job_at(job), geometry_at(job)
    tiles = geometry.batch * -(-geometry.out_height // OUTPUTS[0]) * -(-geometry.out_width // OUTPUTS[1])
    panels = -(-tiles // geometry.panel)
    floats = workspace_floats(geometry)
    V = work.workspace + number * (floats.V + floats.M + floats.strip + floats.out_strip) * BYTES
    M = V + floats.V * BYTES
    strip = M + floats.M * BYTES
    out_strip = strip + floats.strip * BYTES
    for index in range(panels * number // work.stripes, panels * (number + 1) // work.stripes):
        first = index * geometry.panel
        last = min(first + geometry.panel, tiles)
        load_panel(work.x, V, strip, geometry, first, last)
        multiply_panel(job, V, work.U, M, geometry, last - first)
        store_panel(M, work.bias, work.y, out_strip, geometry, first, last)
