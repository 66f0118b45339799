"""The loops: a band of rows of one channel, or of LANES filters, at a time."""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.constants import BLOCK, LANES, RESIDUAL, STRIDE, TAPS
from wincook.kernels.codegen.body.depthwise.blocks import output_block
from wincook.kernels.codegen.body.depthwise.pixels import block_of_pixels, is_of_pixels
from wincook.kernels.codegen.body.depthwise.straight import IS_STRAIGHT, ZEROS, block_of_image
from wincook.kernels.codegen.body.depthwise.strips import (
    CHANNELS_LAST,
    fill_pixels,
    fill_planes,
    row_floats,
    strip_columns,
    strip_rows,
    used_rows,
)
from wincook.kernels.codegen.body.job import GEOMETRY, STRIDES, TAKEN, Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.partial import move_whole
from wincook.kernels.codegen.body.lanes.vectors import BYTES, take, words_as
from wincook.machine_code import c_function

LINE = 64 // BYTES  # floats of a cache line
ALL_TAPS = TAPS[0] * TAPS[1]
STRIDED = True  # of x, the residual and y, only channels (NHWC) or columns (NCHW) must be neighbours

job_at, geometry_at = words_as(Job, 0), words_as(Geometry, GEOMETRY)
x_strides_at, residual_strides_at, y_strides_at = (
    words_as(Strides, STRIDES + number * len(Strides._fields)) for number in range(3)
)


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> tuple[int]:
    """The floats of the strip, a multiple of a line, or of a row of zeros where there is none."""
    if IS_STRAIGHT or is_of_pixels(geometry):
        return (ZEROS,)
    floats = strip_rows(geometry.panel * SIDE) * row_floats(geometry)
    return (-(-floats // LINE) * LINE,)


@njit(inline="always", error_model="numpy")
def place_of(array: int, strides: Strides, image: int, channel: int, row: int, column: int) -> int:
    """The address of a number in an array of images."""
    if CHANNELS_LAST:
        return array + (image * strides.image + row * strides.row + column * strides.column + channel) * BYTES
    return array + (image * strides.image + channel * strides.channel + row * strides.row + column) * BYTES


@njit(inline="always", error_model="numpy")
def grid_of(array: int, strides: Strides, image: int, channel: int, row: int) -> tuple[int, int, int]:
    """The outputs from a row on: their address, and the floats to the next row and to the next column."""
    return place_of(array, strides, image, channel, row, 0), strides.row, strides.column if CHANNELS_LAST else 1


@njit(inline="always", error_model="numpy")
def from_there(grid: tuple[int, int, int], row: int, column: int) -> tuple[int, int, int]:
    """The vectors of outputs from (row, column) of a grid on, and the floats to the next row and to the next vector."""
    address, down, across = grid
    return address + (row * down + column * across) * BYTES, down, across if CHANNELS_LAST else LANES


@njit(inline="always", error_model="numpy")
def band_of_plane(job: int, strip: int, image: int, filter_number: int, first: int, rows: int) -> None:
    """Rows first..first+rows-1 of one filter of one image."""
    work, geometry, strides = job_at(job), geometry_at(job), x_strides_at(job)
    added = grid_of(work.residual, residual_strides_at(job), image, filter_number, first)
    target = grid_of(work.y, y_strides_at(job), image, filter_number, first // SIDE)
    plane = place_of(work.x, strides, image, filter_number // (geometry.filters // geometry.channels), 0, 0)
    fill_planes(plane, strides, strip, geometry, first * STRIDE[0] - geometry.top, used_rows(rows))
    out_width, across = geometry.out_width, BLOCK[1] * LANES
    row, part = row_floats(geometry), strip_columns(geometry) * LANES
    for i in range(0, rows, BLOCK[0]):
        for j in range(0, out_width, across):
            width = min(across, out_width - j)
            columns = -(-width // LANES)
            output_block(
                strip + (i * STRIDE[0] * row + j) * BYTES,
                row,
                part,
                work.U + filter_number * ALL_TAPS * BYTES,
                work.bias + filter_number * BYTES,
                work.apart,
                from_there(added, i, j),
                from_there(target, i // SIDE, j // SIDE),
                min(BLOCK[0], rows - i),
                columns,
                width - (columns - 1) * LANES,
            )


@njit(inline="always", error_model="numpy")
def band_of_image(job: int, zeros: int, image: int, filter_number: int, first: int, rows: int) -> None:
    """As `band_of_plane`, without a strip.

    The last blocks begin earlier where they can, so that they are whole; but not where a residual may be y itself,
    which would be added twice.
    """
    work, geometry, strides = job_at(job), geometry_at(job), x_strides_at(job)
    added = grid_of(work.residual, residual_strides_at(job), image, filter_number, first)
    target = grid_of(work.y, y_strides_at(job), image, filter_number, first // SIDE)
    plane = place_of(work.x, strides, image, filter_number // (geometry.filters // geometry.channels), 0, 0)
    out_width, across = geometry.out_width, BLOCK[1] * LANES
    for begin in range(0, rows, BLOCK[0]):
        i = begin if RESIDUAL else max(0, min(begin, rows - BLOCK[0]))
        for start in range(0, out_width, across):
            j = start if RESIDUAL else max(0, min(start, out_width - across))
            width = min(across, out_width - j)
            columns = -(-width // LANES)
            block_of_image(
                plane,
                strides.row,
                zeros,
                first + i - geometry.top,
                j - geometry.left,
                geometry.height,
                geometry.width,
                work.U + filter_number * ALL_TAPS * BYTES,
                work.bias + filter_number * BYTES,
                work.apart,
                from_there(added, i, j),
                from_there(target, i // SIDE, j // SIDE),
                min(BLOCK[0], rows - i),
                columns,
                width - (columns - 1) * LANES,
            )


@njit(inline="always", error_model="numpy")
def band_of_pixels(job: int, strip: int, image: int, filter_number: int, first: int, rows: int) -> None:
    """Rows first..first+rows-1 of LANES filters of one image."""
    work, geometry, strides = job_at(job), geometry_at(job), x_strides_at(job)
    added = grid_of(work.residual, residual_strides_at(job), image, filter_number, first)
    target = grid_of(work.y, y_strides_at(job), image, filter_number, first // SIDE)
    pixels = place_of(work.x, strides, image, 0, 0, 0)
    fill_pixels(pixels, strides, strip, geometry, filter_number, first * STRIDE[0] - geometry.top, used_rows(rows))
    out_width, row = geometry.out_width, row_floats(geometry)
    for i in range(0, rows, BLOCK[0]):
        for j in range(0, out_width, BLOCK[1]):
            output_block(
                strip + (i * STRIDE[0] * row + j * STRIDE[1] * LANES) * BYTES,
                row,
                0,
                work.U + filter_number * ALL_TAPS * BYTES,
                work.bias + filter_number * BYTES,
                work.apart,
                from_there(added, i, j),
                from_there(target, i // SIDE, j // SIDE),
                min(BLOCK[0], rows - i),
                min(BLOCK[1], out_width - j),
                min(LANES, geometry.filters - filter_number),
            )


@njit(inline="always", error_model="numpy")
def band_of_rows(job: int, zeros: int, image: int, filter_number: int, first: int, rows: int) -> None:
    """As `band_of_pixels`, without a strip."""
    work, geometry, strides = job_at(job), geometry_at(job), x_strides_at(job)
    added = grid_of(work.residual, residual_strides_at(job), image, filter_number, first)
    target = grid_of(work.y, y_strides_at(job), image, filter_number, first // SIDE)
    pixels = place_of(work.x, strides, image, filter_number, 0, 0)
    for i in range(0, rows, BLOCK[0]):
        for j in range(0, geometry.out_width, BLOCK[1]):
            block_of_pixels(
                pixels,
                strides.row,
                strides.column,
                zeros,
                (first + i) * STRIDE[0] - geometry.top,
                j * STRIDE[1] - geometry.left,
                geometry.height,
                geometry.width,
                work.U + filter_number * ALL_TAPS * BYTES,
                work.bias + filter_number * BYTES,
                work.apart,
                from_there(added, i, j),
                from_there(target, i // SIDE, j // SIDE),
                min(BLOCK[0], rows - i),
                min(BLOCK[1], geometry.out_width - j),
                LANES,
            )


@njit(inline="always", error_model="numpy")
def rows_of_band(geometry: Geometry) -> int:
    """The rows of outputs of a band, before they are pooled."""
    rows: int = BLOCK[0] if is_of_pixels(geometry) else geometry.panel * SIDE
    return rows


@njit(inline="always", error_model="numpy")
def lines_of(geometry: Geometry) -> int:
    """Filters that are computed one after another, or LANES of them with the channels last."""
    lines: int = -(-geometry.filters // LANES) if CHANNELS_LAST else geometry.filters
    return lines


@c_function(types.int64, types.int64)
def stripe(job: int, number: int) -> None:
    """One thread's share of a job: bands while there are any that nobody took, with strip `number`."""
    work, geometry = job_at(job), geometry_at(job)
    band, lines = rows_of_band(geometry), lines_of(geometry)
    bands = -(-geometry.out_height // band)
    filters = LANES if CHANNELS_LAST else 1  # of a band
    total = min(geometry.batch * lines * bands, work.end)
    (floats,) = workspace_floats(geometry)
    strip = work.workspace + number * floats * BYTES
    is_straight = IS_STRAIGHT or is_of_pixels(geometry)
    if is_straight:
        for j in range(0, ZEROS, LANES):
            move_whole(work.x, 0, 0, strip + j * BYTES)
    index = take(job, TAKEN)
    while index < total:
        first, line = index % bands * band, index // bands
        if is_straight and CHANNELS_LAST:
            first, line = index // lines % bands * band, index // (lines * bands) * lines + index % lines
        rows = min(band, geometry.out_height - first)
        image, filter_number = line // lines, line % lines * filters
        if IS_STRAIGHT:
            band_of_image(job, strip, image, filter_number, first, rows)
        elif is_straight:
            band_of_rows(job, strip, image, filter_number, first, rows)
        elif CHANNELS_LAST:
            band_of_pixels(job, strip, image, filter_number, first, rows)
        else:
            band_of_plane(job, strip, image, filter_number, first, rows)
        index = take(job, TAKEN)
