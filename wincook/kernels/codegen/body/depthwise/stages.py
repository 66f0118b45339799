"""The loops: a band of rows of one channel, or of LANES filters, at a time."""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.constants import BLOCK, LANES, STRIDE, TAPS
from wincook.kernels.codegen.body.depthwise.blocks import output_block
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
from wincook.kernels.codegen.body.job import GEOMETRY, TAKEN, Geometry, Job
from wincook.kernels.codegen.body.lanes.partial import move_whole
from wincook.kernels.codegen.body.lanes.vectors import BYTES, take, words_as
from wincook.machine_code import c_function

LINE = 64 // BYTES  # floats of a cache line
ALL_TAPS = TAPS[0] * TAPS[1]
STRIDED = False  # x and y are contiguous

job_at, geometry_at = words_as(Job, 0), words_as(Geometry, GEOMETRY)


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> tuple[int]:
    """The floats of the strip, a multiple of a line, or of a row of zeros where there is none."""
    if IS_STRAIGHT:
        return (ZEROS,)
    floats = strip_rows(geometry.panel) * row_floats(geometry)
    return (-(-floats // LINE) * LINE,)


@njit(inline="always", error_model="numpy")
def band_of_plane(
    work: Job,
    strip: int,
    geometry: Geometry,
    plane: int,
    first: int,
    rows: int,
) -> None:
    """Rows first..first+rows-1 of one filter of one image; `plane` counts filters through the batch."""
    image, filter_number = plane // geometry.filters, plane % geometry.filters
    channel = image * geometry.channels + filter_number // (geometry.filters // geometry.channels)
    fill_planes(work.x, strip, geometry, channel, first * STRIDE[0] - geometry.top, used_rows(rows))
    out_width, across = geometry.out_width, BLOCK[1] * LANES
    row, part = row_floats(geometry), strip_columns(geometry) * LANES
    for i in range(0, rows, BLOCK[0]):
        target = work.y + (plane * geometry.out_height + first + i) * out_width * BYTES
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
                target + j * BYTES,
                out_width,
                LANES,
                min(BLOCK[0], rows - i),
                columns,
                width - (columns - 1) * LANES,
            )


@njit(inline="always", error_model="numpy")
def band_of_image(
    work: Job,
    zeros: int,
    geometry: Geometry,
    plane: int,
    first: int,
    rows: int,
) -> None:
    """As `band_of_plane`, without a strip. The last blocks begin earlier where they can, so that they are whole."""
    image, filter_number = plane // geometry.filters, plane % geometry.filters
    channel = image * geometry.channels + filter_number // (geometry.filters // geometry.channels)
    out_width, across = geometry.out_width, BLOCK[1] * LANES
    for begin in range(0, rows, BLOCK[0]):
        i = first + max(0, min(begin, rows - BLOCK[0]))
        for start in range(0, out_width, across):
            j = max(0, min(start, out_width - across))
            width = min(across, out_width - j)
            columns = -(-width // LANES)
            block_of_image(
                work.x + channel * geometry.height * geometry.width * BYTES,
                zeros,
                i - geometry.top,
                j - geometry.left,
                geometry.height,
                geometry.width,
                work.U + filter_number * ALL_TAPS * BYTES,
                work.bias + filter_number * BYTES,
                work.apart,
                work.y + ((plane * geometry.out_height + i) * out_width + j) * BYTES,
                out_width,
                LANES,
                min(BLOCK[0], rows),
                columns,
                width - (columns - 1) * LANES,
            )


@njit(inline="always", error_model="numpy")
def band_of_pixels(
    work: Job,
    strip: int,
    geometry: Geometry,
    block: int,
    first: int,
    rows: int,
) -> None:
    """Rows first..first+rows-1 of LANES filters of one image; `block` counts them through the batch."""
    blocks = -(-geometry.filters // LANES)
    image, filter_number = block // blocks, block % blocks * LANES
    fill_pixels(work.x, strip, geometry, image, filter_number, first * STRIDE[0] - geometry.top, used_rows(rows))
    out_width, row = geometry.out_width, row_floats(geometry)
    for i in range(0, rows, BLOCK[0]):
        pixel = (image * geometry.out_height + first + i) * out_width
        for j in range(0, out_width, BLOCK[1]):
            output_block(
                strip + (i * STRIDE[0] * row + j * STRIDE[1] * LANES) * BYTES,
                row,
                0,
                work.U + filter_number * ALL_TAPS * BYTES,
                work.bias + filter_number * BYTES,
                work.apart,
                work.y + ((pixel + j) * geometry.filters + filter_number) * BYTES,
                out_width * geometry.filters,
                geometry.filters,
                min(BLOCK[0], rows - i),
                min(BLOCK[1], out_width - j),
                min(LANES, geometry.filters - filter_number),
            )


@c_function(types.int64, types.int64)
def stripe(job: int, number: int) -> None:
    """One thread's share of a job: bands while there are any that nobody took, with strip `number`."""
    work, geometry = job_at(job), geometry_at(job)
    bands = -(-geometry.out_height // geometry.panel)
    lines = -(-geometry.filters // LANES) if CHANNELS_LAST else geometry.filters
    total = min(geometry.batch * lines * bands, work.end)
    (floats,) = workspace_floats(geometry)
    strip = work.workspace + number * floats * BYTES
    if IS_STRAIGHT:
        for j in range(0, ZEROS, LANES):
            move_whole(work.x, 0, 0, strip + j * BYTES)
    index = take(job, TAKEN)
    while index < total:
        first = index % bands * geometry.panel
        rows = min(geometry.panel, geometry.out_height - first)
        if IS_STRAIGHT:
            band_of_image(work, strip, geometry, index // bands, first, rows)
        elif CHANNELS_LAST:
            band_of_pixels(work, strip, geometry, index // bands, first, rows)
        else:
            band_of_plane(work, strip, geometry, index // bands, first, rows)
        index = take(job, TAKEN)
