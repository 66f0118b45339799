"""A panel of pixels: the terms of each, gathered from x with the steps of the taps; zeros where the image has none.

channels first   [block of pixels][channel, tap row, tap column][pixel]; LANES squares that are pooled stand apart:
                 all their first pixels, all their second ones, and so on
channels last    [pixel][tap row, tap column, channel], lines of an odd number of cache lines
narrow groups    [group of pixels][TOGETHER groups][tap row, tap column][pixel][LANES channels]
"""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import GROUP, LANES, ROWS, VECTORS
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.partial import move, move_all, move_even, move_float, move_whole
from wincook.kernels.codegen.body.lanes.vectors import BYTES

BLOCK = VECTORS * LANES
SQUARE = SIDE * SIDE  # pixels that become one output
UNIT = max(BLOCK, SQUARE * LANES)  # pixels of whole vectors of outputs, with the channels first
NARROW = GROUP != (0, 0)  # then a vector spans several groups, whose channels fit into one too
TOGETHER = LANES // max(*GROUP, 1)
LINE = 64 // BYTES  # floats of a cache line
NO_ZERO_POINT = 0  # x is of float32


@njit(inline="always", error_model="numpy")
def terms_of(geometry: Geometry) -> int:
    """Channels of a group times taps: the length of the sums."""
    terms: int = geometry.channels // geometry.groups * geometry.taps_down * geometry.taps_across
    return terms


@njit(inline="always", error_model="numpy")
def line_floats(geometry: Geometry) -> int:
    """The floats that a pixel has in V, with the channels last.

    An odd number of cache lines keeps the terms that are read together from falling into one set of the cache.
    """
    if NARROW:
        return -(-geometry.groups // TOGETHER) * geometry.taps_down * geometry.taps_across * LANES
    terms: int = terms_of(geometry)
    return (-(-terms // LINE) | 1) * LINE


@njit(inline="always", error_model="numpy")
def gather_vectors(x: int, V: int, geometry: Geometry, group: int, first: int, last: int) -> None:
    """Of images with the channels first: vectors of pixels of the outputs first..last-1 of y, one for each term."""
    channels = geometry.channels // geometry.groups
    height, width = geometry.height, geometry.width
    out_height, out_width = geometry.out_height // SIDE, geometry.out_width // SIDE  # of y
    step, terms = SIDE * geometry.stride_across, terms_of(geometry)
    for vector in range(-(-(last - first) // LANES) * SQUARE):
        start, of_square = first + vector // SQUARE * LANES, vector % SQUARE
        block, lane = vector // VECTORS, vector % VECTORS * LANES
        output, stop = start, min(start + LANES, last)
        while output < stop:
            row_of_all, place = output // out_width, output % out_width
            image, row = row_of_all // out_height, row_of_all % out_height * SIDE + of_square // SIDE
            column = place * SIDE + of_square % SIDE
            begin = output - start
            number = min(out_width - place, stop - output)
            for i in range(geometry.taps_down):
                y = row * geometry.stride_down + i * geometry.dilation_down - geometry.top
                for j in range(geometry.taps_across):
                    left = column * geometry.stride_across + j * geometry.dilation_across - geometry.left
                    low = min(number, max(0, -(left // step)))
                    high = max(low, min(number, -((left - width) // step)))
                    if y < 0 or y >= height:
                        high = low
                    plane = image * geometry.channels + group * channels
                    source = x + ((plane * height + y) * width + left - begin * step) * BYTES
                    target = V + ((block * terms + i * geometry.taps_across + j) * BLOCK + lane) * BYTES
                    gather_channels(source, target, geometry, begin + low, begin + high, begin, number)
            output += number


@njit(inline="always", error_model="numpy")
def gather_channels(source: int, target: int, geometry: Geometry, low: int, high: int, begin: int, number: int) -> None:
    """The lanes begin..begin+number-1 of one tap, for all channels: low..high-1 from x, the others zero."""
    channels, plane = geometry.channels // geometry.groups, geometry.height * geometry.width
    stride, end = SIDE * geometry.stride_across, begin + number
    step = geometry.taps_down * geometry.taps_across * BLOCK * BYTES
    if stride == 1 and number == LANES:
        for c in range(channels):
            move_whole(source + c * plane * BYTES, low, high, target + c * step, NO_ZERO_POINT)
    elif stride == 1:
        for c in range(channels):
            move(source + c * plane * BYTES, low, high, target + c * step, begin, end, NO_ZERO_POINT)
    elif stride == 2:  # noqa: PLR2004
        for c in range(channels):
            move_even(source + c * plane * BYTES, low, high, target + c * step, begin, end, NO_ZERO_POINT)
    else:
        for c in range(channels):
            move(source, 0, 0, target + c * step, begin, end, NO_ZERO_POINT)
            for lane in range(low, high):
                move_float(
                    source + (c * plane + lane * stride) * BYTES, target + c * step + lane * BYTES, NO_ZERO_POINT
                )


@njit(inline="always", error_model="numpy")
def gather_lines(x: int, V: int, geometry: Geometry, group: int, first: int, last: int) -> None:
    """Of images with the channels last: a line of terms for each pixel of the outputs first..last-1 of y."""
    out_height, out_width = geometry.out_height, geometry.out_width
    floats = line_floats(geometry)
    pixels = (last - first) * SQUARE
    lines, tall = tallest(pixels), number_of_tallest(pixels)
    pixel = 0
    row_of_all, column = first // (out_width // SIDE), first % (out_width // SIDE) * SIDE
    image, row = row_of_all // (out_height // SIDE), row_of_all % (out_height // SIDE) * SIDE
    for number in range(-(-pixels // ROWS)):
        group_lines = lines if number < tall else lines - 1
        for line in range(group_lines):
            place = V + pixel * floats * BYTES
            if NARROW:
                place = V + ((pixel - line) * floats + line * LANES) * BYTES
            gather_line(x, place, geometry, group, group_lines, image, row, column)
            pixel += 1
            row, column = next_pixel(row, column)
            if column == out_width:
                row, column = row + SIDE, 0
            if row == out_height:
                image, row = image + 1, 0


@njit(inline="always", error_model="numpy")
def gather_line(
    x: int, place: int, geometry: Geometry, group: int, lines: int, image: int, row: int, column: int
) -> None:
    """The terms of one pixel; in narrow groups, it is one of so many that stand side by side."""
    channels, height, width = geometry.channels // geometry.groups, geometry.height, geometry.width
    across, step = geometry.taps_across, geometry.dilation_across * geometry.channels * BYTES
    joined = geometry.groups == 1 and geometry.dilation_across == 1  # then the taps of a row stand side by side in x
    left = column * geometry.stride_across - geometry.left
    for i in range(geometry.taps_down):
        y = row * geometry.stride_down + i * geometry.dilation_down - geometry.top
        is_row = y >= 0 and y < height
        low = min(across, max(0, -(left // geometry.dilation_across))) if is_row else across
        high = max(low, min(across, -((left - width) // geometry.dilation_across)))
        source = x + (((image * height + y) * width + left) * geometry.channels + group * channels) * BYTES
        target = place + i * across * channels * BYTES
        if NARROW:
            for j in range(across):
                valid = geometry.channels if low <= j < high else 0
                put_groups(source + j * step, valid, place, lines, i * across + j, geometry)
        elif joined:
            put(source, low * channels, high * channels, across * channels, target)
        else:
            for j in range(across):
                valid = channels if low <= j < high else 0
                put(source + j * step, 0, valid, channels, target + j * channels * BYTES)


@njit(inline="always", error_model="numpy")
def next_pixel(row: int, column: int) -> tuple[int, int]:
    """The pixel after another, square by square, to the right."""
    if SIDE == 1:
        return row, column + 1
    if column % SIDE < SIDE - 1:
        return row, column + 1
    if row % SIDE < SIDE - 1:
        return row + 1, column - SIDE + 1
    return row - SIDE + 1, column + 1


@njit(inline="always", error_model="numpy")
def put(source: int, low: int, high: int, number: int, target: int) -> None:
    """Write `number` terms: low..high-1 from `source`, the others zero.

    Vectors are written whole, so zeros follow, in the place of terms that are written later.
    """
    for done in range(0, number, LANES):
        if low <= done and done + LANES <= high:
            move_all(source + done * BYTES, target + done * BYTES, NO_ZERO_POINT)
        else:
            move_whole(source + done * BYTES, low - done, high - done, target + done * BYTES, NO_ZERO_POINT)


@njit(inline="always", error_model="numpy")
def put_groups(source: int, valid: int, place: int, lines: int, tap: int, geometry: Geometry) -> None:
    """Write one tap of a line for all groups, in vectors of the channels of TOGETHER groups; all are valid or none is.

    Lanes beyond those channels hold channels of the next groups, which nothing uses.
    """
    step = geometry.taps_down * geometry.taps_across * lines * LANES * BYTES
    target = place + tap * lines * LANES * BYTES
    for first in range(0, geometry.channels, TOGETHER * GROUP[0]):
        if first + LANES <= valid:
            move_all(source + first * BYTES, target, NO_ZERO_POINT)
        else:
            move_whole(source + first * BYTES, 0, valid - first, target, NO_ZERO_POINT)
        target += step
