"""The loops: the terms of a panel of pixels are gathered, multiplied by all filters of a group, and written to y.

A panel is a run of consecutive outputs of y, counted through all images of the batch. Where a square of pixels
becomes one output, all of it is in one panel.
"""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.constants import GROUP, LANES, LAYOUT, RESIDUAL, ROWS
from wincook.kernels.codegen.body.direct.gather import (
    BLOCK,
    LINE,
    NARROW,
    SQUARE,
    TOGETHER,
    UNIT,
    gather_lines,
    gather_vectors,
    line_floats,
    terms_of,
)
from wincook.kernels.codegen.body.direct.lines import job_at
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import GEOMETRY, MICRO_KERNELS, STRIDES, TAKEN, Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.partial import finish_filters, finish_pixels
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call, take, word, words_as
from wincook.machine_code import c_function

SETS = 4096 // BYTES  # floats after which places share a set of the nearest cache
CHANNELS_LAST = LAYOUT == "NHWC"
STRIDED = False  # x and y are contiguous

geometry_at = words_as(Geometry, GEOMETRY)
residual_strides_at = words_as(Strides, STRIDES + len(Strides._fields))


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> tuple[int, int]:
    """The floats of V and M in one thread's workspace, each a multiple of a line."""
    pixels = geometry.panel * SQUARE
    V, M = -(-pixels // UNIT) * UNIT * terms_of(geometry), ROWS * UNIT
    if CHANNELS_LAST:
        V, M = pixels * line_floats(geometry) + LANES, ROWS * BLOCK
    if CHANNELS_LAST and SIDE > 1:  # all pixels of a panel are there before they are pooled
        M = pixels * (-(-geometry.filters // (TOGETHER * GROUP[1])) * LANES if NARROW else BLOCK)
    return -(-V // LINE) * LINE, M


@njit(inline="always", error_model="numpy")
def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many floats U has, of weights of such sizes: filters, channels of a group, taps down and across, groups."""
    filters, channels, down, across, groups = sizes
    terms = channels * down * across
    if NARROW:
        return -(-groups // TOGETHER) * terms * LANES
    of_group = filters // groups
    if CHANNELS_LAST:
        of_group = -(-of_group // BLOCK) * BLOCK
    else:
        terms = -(-terms // LANES) * LANES
    return groups * of_group * terms


@njit(inline="always", error_model="numpy")
def group_floats(geometry: Geometry) -> int:
    """The floats of U for one group."""
    groups = geometry.groups
    sizes = (geometry.filters // groups, geometry.channels // groups, geometry.taps_down, geometry.taps_across, 1)
    floats: int = filter_floats(sizes)
    return floats


@njit(inline="always", error_model="numpy")
def multiply_vectors(
    job: int, work: Job, V: int, M: int, geometry: Geometry, group: int, first: int, last: int
) -> None:
    """Images with the channels first: rows of filters, vectors of pixels."""
    filters, terms = geometry.filters // geometry.groups, terms_of(geometry)
    blocks = -(-terms // LANES)
    U = work.U + group * group_floats(geometry) * BYTES
    lines, tall = tallest(filters), number_of_tallest(filters)
    higher, lower = word(job, MICRO_KERNELS + lines - 1), word(job, MICRO_KERNELS + max(lines - 2, 0))
    done = 0
    for number in range(-(-filters // ROWS)):
        rows = lines if number < tall else lines - 1
        weights = U + done * blocks * LANES * BYTES
        for start in range(first, last, UNIT // SQUARE):
            for block in range(0, UNIT, BLOCK):
                pixels = V + ((start - first) * SQUARE + block) * terms * BYTES
                if number < tall:
                    call(higher, (weights, rows, pixels, terms, M + block * BYTES, UNIT))
                else:
                    call(lower, (weights, rows, pixels, terms, M + block * BYTES, UNIT))
            for output in range(start, min(start + UNIT // SQUARE, last), LANES):
                sums = M + (output - start) * SQUARE * BYTES
                write_pixels(job, sums, group * filters + done, rows, output, min(output + LANES, last))
        done += rows


@njit(inline="always", error_model="numpy")
def write_pixels(job: int, sums: int, filter_number: int, rows: int, first: int, last: int) -> None:
    """The outputs first..last-1 of some filters; some of them may be of the next rows and images."""
    work, geometry, strides = job_at(job), geometry_at(job), residual_strides_at(job)
    out_width = geometry.out_width // SIDE
    plane = geometry.out_height // SIDE * out_width
    run = plane if SIDE == 1 else out_width  # whose pixels are neighbours in the residual, too
    output = first
    while output < last:
        image, place = output // plane, output % plane
        begin, end = output - first, min(last - first, output - first + run - place % run)
        target = work.y + ((image * geometry.filters + filter_number) * plane + place - begin) * BYTES
        pixel = place // out_width * SIDE * strides.row + place % out_width * SIDE - begin * SIDE
        if SIDE == 1:  # where rows need no turning back
            pixel = place - begin
        added = work.residual + (image * strides.image + filter_number * strides.channel + pixel) * BYTES
        for row in range(rows):
            bias = work.bias + (filter_number + row) * BYTES
            start, source = target + row * plane * BYTES, added + row * strides.channel * BYTES
            finish_pixels(sums + row * UNIT * BYTES, bias, work.apart, source, strides.row, start, begin, end)
        output = first + end


@njit(inline="always", error_model="numpy")
def reads_x(geometry: Geometry) -> bool:
    """Whether the lines of pixels are those of x, and not all in the same sets of the cache."""
    steps = geometry.taps_down * geometry.taps_across * geometry.stride_down * geometry.stride_across
    is_whole = geometry.out_height == geometry.height and geometry.out_width == geometry.width
    same_places: bool = steps == 1 and is_whole and geometry.top == 0 and geometry.left == 0 and SIDE == 1
    return same_places and geometry.channels % (SETS // 2) != 0


@njit(inline="always", error_model="numpy")
def multiply_lines(
    job: int, work: Job, lines: int, line: int, M: int, geometry: Geometry, group: int, first: int, last: int
) -> None:
    """Images with the channels last: rows of pixels, vectors of filters; lines of terms are `line` floats apart."""
    filters, terms = geometry.filters // geometry.groups, terms_of(geometry)
    pixels = (last - first) * SQUARE
    U = work.U + group * group_floats(geometry) * BYTES
    most, tall = tallest(pixels), number_of_tallest(pixels)
    higher, lower = word(job, MICRO_KERNELS + most - 1), word(job, MICRO_KERNELS + max(most - 2, 0))
    for start in range(0, filters, BLOCK):
        weights, valid = U + start * terms * BYTES, min(BLOCK, filters - start)
        filter_number = group * filters + start
        pixel = 0
        for number in range(-(-pixels // ROWS)):
            rows = most if number < tall else most - 1
            target, stride = work.y + ((first + pixel) * geometry.filters + filter_number) * BYTES, geometry.filters
            if SIDE > 1:
                target, stride = M + pixel * BLOCK * BYTES, BLOCK
            values = lines + pixel * line * BYTES
            if number < tall:
                call(higher, (values, line, weights, terms, target, stride, job, filter_number, valid))
            else:
                call(lower, (values, line, weights, terms, target, stride, job, filter_number, valid))
            pixel += rows
        if SIDE > 1:
            write_filters(job, M, BLOCK, filter_number, valid, first, last)


@njit(inline="always", error_model="numpy")
def write_filters(job: int, sums: int, line: int, filter_number: int, number: int, first: int, last: int) -> None:
    """So many filters of the outputs first..last-1, from lines of sums that are so many floats apart."""
    work, geometry, strides = job_at(job), geometry_at(job), residual_strides_at(job)
    out_width = geometry.out_width // SIDE
    plane = geometry.out_height // SIDE * out_width
    for output in range(first, last):
        target = work.y + (output * geometry.filters + filter_number) * BYTES
        added = target + (work.residual - work.y)  # which lies as y does, unless that is pooled
        if RESIDUAL and SIDE > 1:
            image, row, column = output // plane, output % plane // out_width * SIDE, output % out_width * SIDE
            pixel = image * strides.image + row * strides.row + column * strides.column
            added = work.residual + (pixel + filter_number) * BYTES
        for lane in range(0, number, LANES):
            finish_filters(
                sums + ((output - first) * SQUARE * line + lane) * BYTES,
                line,
                work.bias + (filter_number + lane) * BYTES,
                work.apart,
                (added + lane * BYTES, strides.row, strides.column),
                target + lane * BYTES,
                min(LANES, number - lane),
            )


@njit(inline="always", error_model="numpy")
def multiply_groups(job: int, work: Job, V: int, M: int, geometry: Geometry, first: int, last: int) -> None:
    """Images with the channels last and narrow groups: rows of pixels, vectors of the filters of TOGETHER groups."""
    taps = geometry.taps_down * geometry.taps_across
    floats, filters, pixels = line_floats(geometry), TOGETHER * GROUP[1], (last - first) * SQUARE
    lines, tall = tallest(pixels), number_of_tallest(pixels)
    higher, lower = word(job, MICRO_KERNELS + lines - 1), word(job, MICRO_KERNELS + max(lines - 2, 0))
    pixel = 0
    for number in range(-(-pixels // ROWS)):
        rows = lines if number < tall else lines - 1
        values = V + pixel * floats * BYTES
        for start in range(0, geometry.filters, filters):
            weights = work.U + start // filters * terms_of(geometry) * LANES * BYTES
            sums = M if SIDE == 1 else M + (start // filters * pixels + pixel) * LANES * BYTES
            if number < tall:
                call(higher, (values, rows, weights, taps, sums, LANES))
            else:
                call(lower, (values, rows, weights, taps, sums, LANES))
            values += taps * rows * LANES * BYTES
            if SIDE == 1:
                some = min(filters, geometry.filters - start)
                write_filters(job, sums, LANES, start, some, first + pixel, first + pixel + rows)
        pixel += rows
    if SIDE > 1:
        for start in range(0, geometry.filters, filters):
            sums = M + start // filters * pixels * LANES * BYTES
            write_filters(job, sums, LANES, start, min(filters, geometry.filters - start), first, last)


@c_function(types.int64, types.int64)
def stripe(job: int, number: int) -> None:
    """One thread's share of a job: panels of each group while there are any that nobody took, in workspace `number`."""
    work, geometry = job_at(job), geometry_at(job)
    outputs = geometry.batch * (geometry.out_height // SIDE) * (geometry.out_width // SIDE)
    turns = 1 if NARROW else geometry.groups  # of one panel
    panels = min(-(-outputs // geometry.panel) * turns, work.end)
    V_floats, M_floats = workspace_floats(geometry)
    V = work.workspace + number * (V_floats + M_floats) * BYTES
    M = V + V_floats * BYTES
    straight = reads_x(geometry)
    index = take(job, TAKEN)
    while index < panels:
        group = index % turns
        first = index // turns * geometry.panel
        last = min(first + geometry.panel, outputs)
        if NARROW:
            gather_lines(work.x, V, geometry, group, first, last)
            multiply_groups(job, work, V, M, geometry, first, last)
        elif CHANNELS_LAST:
            lines, line = V, line_floats(geometry)
            if straight:
                line = geometry.channels
                lines = work.x + (first * line + group * terms_of(geometry)) * BYTES
            else:
                gather_lines(work.x, V, geometry, group, first, last)
            multiply_lines(job, work, lines, line, M, geometry, group, first, last)
        else:
            gather_vectors(work.x, V, geometry, group, first, last)
            multiply_vectors(job, work, V, M, geometry, group, first, last)
        index = take(job, TAKEN)
