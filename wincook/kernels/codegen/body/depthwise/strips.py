"""The strip: rows of a band of the image, padded with zeros.

channels first   [row][place modulo the stride][place over the stride]: one channel
channels last    [row][place][filter]: LANES filters, each with the channel that it reads
"""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import BLOCK, DILATION, LANES, LAYOUT, STRIDE, TAPS
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.partial import move, move_all, move_even, move_float, move_whole
from wincook.kernels.codegen.body.lanes.vectors import BYTES

CHANNELS_LAST = LAYOUT == "NHWC"


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
def fill_planes(x: int, strip: int, geometry: Geometry, plane: int, first: int, rows: int) -> None:
    """Of images with the channels first: the rows of one channel from row `first` on, as far as outputs read them."""
    columns, left = strip_columns(geometry), geometry.left
    used = geometry.out_width + (TAPS[1] - 1) * DILATION[1] // STRIDE[1]
    for i in range(rows):
        y = first + i
        is_row = y >= 0 and y < geometry.height
        for part in range(STRIDE[1]):
            target = strip + (i * row_floats(geometry) + part * columns * LANES) * BYTES
            source = x + ((plane * geometry.height + y) * geometry.width + part - left) * BYTES
            last = -((part - left - geometry.width) // STRIDE[1]) if is_row else 0
            low = max(0, -((part - left) // STRIDE[1]))
            for j in range(-(-low // LANES) * LANES, last // LANES * LANES if STRIDE[1] == 1 else 0, LANES):
                move_all(source + j * BYTES, target + j * BYTES)
            for j in range(0, used, LANES):
                here, place = source + j * STRIDE[1] * BYTES, target + j * BYTES
                begin, end = max(0, low - j), min(LANES, last - j)
                if STRIDE[1] == 1 and begin == 0 and end == LANES:
                    continue
                if STRIDE[1] == 1:
                    move_whole(here, begin, end, place)
                elif STRIDE[1] == 2:  # noqa: PLR2004
                    move_even(here, begin, end, place, 0, LANES)
                else:
                    move(x, 0, 0, place, 0, LANES)
                    for lane in range(begin, end):
                        move_float(here + lane * STRIDE[1] * BYTES, place + lane * BYTES)


@njit(inline="always", error_model="numpy")
def fill_pixels(x: int, strip: int, geometry: Geometry, image: int, filter_number: int, first: int, rows: int) -> None:
    """Of images with the channels last: the rows of LANES filters from row `first` on."""
    channels, columns, left = geometry.channels, strip_columns(geometry), geometry.left
    filters_of_channel = geometry.filters // channels
    valid = min(LANES, geometry.filters - filter_number)
    begin, end = min(columns, left), max(left, min(columns, left + geometry.width))
    for i in range(rows):
        y = first + i
        target = strip + i * row_floats(geometry) * BYTES
        if y < 0 or y >= geometry.height:
            for j in range(columns):
                move_whole(x, 0, 0, target + j * LANES * BYTES)
            continue
        for j in range(begin):
            move_whole(x, 0, 0, target + j * LANES * BYTES)
        source = x + ((image * geometry.height + y) * geometry.width - left) * channels * BYTES
        for j in range(begin, end):
            here, place = source + j * channels * BYTES, target + j * LANES * BYTES
            if filters_of_channel == 1 and valid == LANES:
                move_all(here + filter_number * BYTES, place)
            elif filters_of_channel == 1:
                move_whole(here + filter_number * BYTES, 0, valid, place)
            else:
                for lane in range(valid):
                    move_float(here + (filter_number + lane) // filters_of_channel * BYTES, place + lane * BYTES)
        for j in range(end, columns):
            move_whole(x, 0, 0, target + j * LANES * BYTES)
