"""The loops: a band of rows of one channel, or of LANES filters, at a time."""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.constants import BLOCK, LANES, RESIDUAL, RING, STRIDE
from wincook.kernels.codegen.body.depthwise.blocks import output_block
from wincook.kernels.codegen.body.depthwise.pixels import block_of_pixels, is_of_pixels
from wincook.kernels.codegen.body.depthwise.places import (
    ACROSS,
    CHANNELS_LAST,
    Window,
    geometry_at,
    job_at,
    outputs_of,
    part_of,
    place_of,
    plane_of,
    x_strides_at,
)
from wincook.kernels.codegen.body.depthwise.ring import ZEROS, rows_of_outputs
from wincook.kernels.codegen.body.depthwise.strips import (
    fill_pixels,
    fill_planes,
    row_floats,
    strip_columns,
    strip_rows,
    used_rows,
)
from wincook.kernels.codegen.body.job import TAKEN, Geometry
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.inputs import put_beside, zero_of_x
from wincook.kernels.codegen.body.lanes.vectors import BYTES, take
from wincook.machine_code import c_function

LINE = 64 // BYTES  # floats of a cache line
STRIDED = True  # of x, the residual and y, only channels (NHWC) or columns (NCHW) must be neighbours


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> tuple[int]:
    """The floats of the strip, a multiple of a line, or of a row of zeros where there is none."""
    if RING or is_of_pixels(geometry):
        return (ZEROS,)
    floats = strip_rows(geometry.panel * SIDE) * row_floats(geometry)
    return (-(-floats // LINE) * LINE,)


@njit(inline="always", error_model="numpy")
def vectors_of(width: int) -> tuple[int, int]:
    """How many vectors hold the next outputs of a row of which so many are left, and how many lanes of the last one."""
    outputs = min(ACROSS, width)
    columns = -(-outputs // LANES)
    return columns, outputs - (columns - 1) * LANES


@njit(inline="always", error_model="numpy")
def strip_of_plane(job: int, strip: int, image: int, filter_number: int, first: int, rows: int) -> None:
    """Rows first..first+rows-1 of one filter of one image, from a strip."""
    geometry, row = geometry_at(job), row_floats(geometry_at(job))
    outputs = outputs_of(job, image, filter_number, first)
    plane, top = plane_of(job, image, filter_number), first * STRIDE[0] - geometry.top
    fill_planes(plane, x_strides_at(job), strip, geometry, top, used_rows(rows), zero_of_x(job_at(job)))
    part = strip_columns(geometry) * LANES
    for i in range(0, rows, BLOCK[0]):
        source, height = strip + i * STRIDE[0] * row * BYTES, min(BLOCK[0], rows - i)
        for j in range(0, geometry.out_width, ACROSS):
            columns, lanes = vectors_of(geometry.out_width - j)
            output_block(source + j * BYTES, row, part, part_of(outputs, i, j), height, columns, lanes)


@njit(inline="always", error_model="numpy")
def ring_of_plane(job: int, zeros: int, image: int, filter_number: int, first: int, rows: int) -> None:
    """As `strip_of_plane`, straight from x.

    The last columns begin earlier where they can, so that they are whole; but not where a residual may be y itself,
    which would be added twice.
    """
    geometry, down = geometry_at(job), x_strides_at(job).row
    outputs = outputs_of(job, image, filter_number, first)
    plane, top, zero_point = plane_of(job, image, filter_number), first - geometry.top, zero_of_x(job_at(job))
    for start in range(0, geometry.out_width, ACROSS):
        j = start if RESIDUAL else max(0, min(start, geometry.out_width - ACROSS))
        columns, lanes = vectors_of(geometry.out_width - j)
        window = Window(plane, down, 1, top, j - geometry.left, geometry.height, geometry.width, zeros, zero_point)
        rows_of_outputs(window, part_of(outputs, 0, j), rows, columns, lanes)


@njit(inline="always", error_model="numpy")
def strip_of_pixels(job: int, strip: int, image: int, filter_number: int, first: int, rows: int) -> None:
    """Rows first..first+rows-1 of LANES filters of one image, from a strip."""
    geometry, strides, row = geometry_at(job), x_strides_at(job), row_floats(geometry_at(job))
    outputs = outputs_of(job, image, filter_number, first)
    work, top = job_at(job), first * STRIDE[0] - geometry.top
    pixels = work.x + place_of(strides, image, 0, 0) * X_BYTES
    fill_pixels(pixels, strides, strip, geometry, filter_number, top, used_rows(rows), zero_of_x(work))
    lanes = min(LANES, geometry.filters - filter_number)
    for i in range(0, rows, BLOCK[0]):
        source, height = strip + i * STRIDE[0] * row * BYTES, min(BLOCK[0], rows - i)
        for j in range(0, geometry.out_width, BLOCK[1]):
            place, columns = source + j * STRIDE[1] * LANES * BYTES, min(BLOCK[1], geometry.out_width - j)
            output_block(place, row, 0, part_of(outputs, i, j), height, columns, lanes)


@njit(inline="always", error_model="numpy")
def block_of_rows(job: int, zeros: int, image: int, filter_number: int, first: int, rows: int) -> None:
    """As `strip_of_pixels`, straight from x, and of no more rows than a block has."""
    geometry, strides = geometry_at(job), x_strides_at(job)
    outputs = outputs_of(job, image, filter_number, first)
    work, top = job_at(job), first * STRIDE[0] - geometry.top
    pixels, zero_point = work.x + place_of(strides, image, filter_number, 0) * X_BYTES, zero_of_x(work)
    height, width, left = geometry.height, geometry.width, geometry.left
    for j in range(0, geometry.out_width, BLOCK[1]):
        column = j * STRIDE[1] - left
        window = Window(pixels, strides.row, strides.column, top, column, height, width, zeros, zero_point)
        block_of_pixels(window, part_of(outputs, 0, j), rows, min(BLOCK[1], geometry.out_width - j), LANES)


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
    is_straight = RING or is_of_pixels(geometry)
    if is_straight:
        for j in range(0, ZEROS, LANES):
            put_beside(zero_of_x(work), strip + j * X_BYTES)
    index = take(job, TAKEN)
    while index < total:
        first, line = index % bands * band, index // bands
        if is_straight and CHANNELS_LAST:
            first, line = index // lines % bands * band, index // (lines * bands) * lines + index % lines
        rows = min(band, geometry.out_height - first)
        image, filter_number = line // lines, line % lines * filters
        if RING:
            ring_of_plane(job, strip, image, filter_number, first, rows)
        elif is_straight:
            block_of_rows(job, strip, image, filter_number, first, rows)
        elif CHANNELS_LAST:
            strip_of_pixels(job, strip, image, filter_number, first, rows)
        else:
            strip_of_plane(job, strip, image, filter_number, first, rows)
        index = take(job, TAKEN)
