"""The strip: rows of a band of the image, padded with zeros.

channels first   [row][place modulo the stride][place over the stride]: one channel
channels last    [row][place][filter]: LANES filters, each with the channel that it reads
"""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import BLOCK, DILATION, LANES, STRIDE, TAPS
from wincook.kernels.codegen.body.depthwise.places import CHANNELS_LAST
from wincook.kernels.codegen.body.job import Geometry, Strides
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.partial import move, move_all, move_even, move_float, move_whole
from wincook.kernels.codegen.body.lanes.vectors import BYTES


@njit(inline="always", error_model="numpy")
def used_rows(rows: int) -> int:
    """The rows that so many rows of outputs read."""
    return (rows - 1) * STRIDE[0] + (TAPS[0] - 1) * DILATION[0] + 1


@njit(inline="always", error_model="numpy")
def strip_rows(rows: int) -> int:
    """The rows that so many rows of outputs read, in whole blocks."""
    number: int = used_rows(-(-rows // BLOCK[0]) * BLOCK[0])
    return number


@njit(inline="always", error_model="numpy")
def strip_columns(geometry: Geometry) -> int:
    """Vectors of LANES floats in a row of the strip, or of one part of it with the channels first."""
    reach = (TAPS[1] - 1) * DILATION[1]
    if CHANNELS_LAST:
        whole: int = -(-geometry.out_width // BLOCK[1]) * BLOCK[1]
        return (whole - 1) * STRIDE[1] + reach + 1
    across = BLOCK[1] * LANES
    return -(-(-(-geometry.out_width // across) * across + reach // STRIDE[1]) // LANES)


@njit(inline="always", error_model="numpy")
def row_floats(geometry: Geometry) -> int:
    """From one row of the strip to the next."""
    parts = 1 if CHANNELS_LAST else STRIDE[1]
    floats: int = parts * strip_columns(geometry) * LANES
    return floats


@njit(inline="always", error_model="numpy")
def fill_planes(plane: int, strides: Strides, strip: int, geometry: Geometry, first: int, rows: int, zero: int) -> None:
    """Of images with the channels first: the rows of one channel from row `first` on, as far as outputs read them.

    `zero` is the address of the zero point of x, if it has one.
    """
    columns, left = strip_columns(geometry), geometry.left
    used = geometry.out_width + (TAPS[1] - 1) * DILATION[1] // STRIDE[1]
    for i in range(rows):
        y = first + i
        is_row = y >= 0 and y < geometry.height
        for part in range(STRIDE[1]):
            target = strip + (i * row_floats(geometry) + part * columns * LANES) * BYTES
            source = plane + (y * strides.row + part - left) * X_BYTES
            last = -((part - left - geometry.width) // STRIDE[1]) if is_row else 0
            low = max(0, -((part - left) // STRIDE[1]))
            for j in range(-(-low // LANES) * LANES, last // LANES * LANES if STRIDE[1] == 1 else 0, LANES):
                move_all(source + j * X_BYTES, target + j * BYTES, zero)
            for j in range(0, used, LANES):
                here, place = source + j * STRIDE[1] * X_BYTES, target + j * BYTES
                begin, end = max(0, low - j), min(LANES, last - j)
                if STRIDE[1] == 1 and begin == 0 and end == LANES:
                    continue
                if STRIDE[1] == 1:
                    move_whole(here, begin, end, place, zero)
                elif STRIDE[1] == 2:  # noqa: PLR2004
                    move_even(here, begin, end, place, 0, LANES, zero)
                else:
                    move(plane, 0, 0, place, 0, LANES, zero)
                    for lane in range(begin, end):
                        move_float(here + lane * STRIDE[1] * X_BYTES, place + lane * BYTES, zero)


@njit(inline="always", error_model="numpy")
def fill_pixels(
    image: int, strides: Strides, strip: int, geometry: Geometry, filter_number: int, first: int, rows: int, zero: int
) -> None:
    """Of images with the channels last: the rows of LANES filters from row `first` on."""
    columns, left = strip_columns(geometry), geometry.left
    begin, end = min(columns, left), max(left, min(columns, left + geometry.width))
    for i in range(rows):
        y = first + i
        target = strip + i * row_floats(geometry) * BYTES
        if y < 0 or y >= geometry.height:
            for j in range(columns):
                move_whole(image, 0, 0, target + j * LANES * BYTES, zero)
            continue
        for j in range(begin):
            move_whole(image, 0, 0, target + j * LANES * BYTES, zero)
        source = image + (y * strides.row - left * strides.column) * X_BYTES
        copy_pixels(source, strides.column, target, geometry, filter_number, begin, end, zero)
        for j in range(end, columns):
            move_whole(image, 0, 0, target + j * LANES * BYTES, zero)


@njit(inline="always", error_model="numpy")
def copy_pixels(
    source: int, step: int, target: int, geometry: Geometry, filter_number: int, begin: int, end: int, zero: int
) -> None:
    """The pixels begin..end-1 of a row, `step` elements apart: of each the channels that LANES filters read."""
    filters_of_channel = geometry.filters // geometry.channels
    valid = min(LANES, geometry.filters - filter_number)
    here = source + filter_number // filters_of_channel * X_BYTES
    if filters_of_channel == 1 and valid == LANES:
        for j in range(begin, end):
            move_all(here + j * step * X_BYTES, target + j * LANES * BYTES, zero)
    elif filters_of_channel == 1:
        for j in range(begin, end):
            move_whole(here + j * step * X_BYTES, 0, valid, target + j * LANES * BYTES, zero)
    else:
        for lane in range(valid):
            channel = source + (filter_number + lane) // filters_of_channel * X_BYTES
            for j in range(begin, end):
                move_float(channel + j * step * X_BYTES, target + (j * LANES + lane) * BYTES, zero)
