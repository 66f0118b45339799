"""The loops: the terms of a panel of pixels are gathered, multiplied by all filters of a group, and written to y.

A panel is a run of consecutive pixels of the output, counted through all images of the batch.
"""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.constants import GROUP, LANES, LAYOUT, ROWS
from wincook.kernels.codegen.body.direct.gather import (
    BLOCK,
    NARROW,
    TOGETHER,
    gather_lines,
    gather_vectors,
    line_blocks,
    terms_of,
)
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import GEOMETRY, MICRO_KERNELS, TAKEN, Geometry, Job
from wincook.kernels.codegen.body.lanes.partial import finish_filters, finish_pixels
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call, take, word, words_as
from wincook.machine_code import c_function

LINE = 64 // BYTES  # floats of a cache line
CHANNELS_LAST = LAYOUT == "NHWC"
STRIDED = False  # x and y are contiguous

job_at, geometry_at = words_as(Job, 0), words_as(Geometry, GEOMETRY)


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> tuple[int, int]:
    """The floats of V and M in one thread's workspace, each a multiple of a line."""
    terms = terms_of(geometry)
    V = -(-geometry.panel // BLOCK) * BLOCK * terms
    if CHANNELS_LAST:
        V = geometry.panel * line_blocks(geometry) * LANES
    return -(-V // LINE) * LINE, ROWS * BLOCK


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
        for start in range(first, last, BLOCK):
            pixels = V + (start - first) * terms * BYTES
            if number < tall:
                call(higher, (weights, rows, pixels, terms, M, BLOCK))
            else:
                call(lower, (weights, rows, pixels, terms, M, BLOCK))
            for pixel in range(start, min(start + BLOCK, last), LANES):
                sums = M + (pixel - start) * BYTES
                write_pixels(sums, work, geometry, group * filters + done, rows, pixel, min(pixel + LANES, last))
        done += rows


@njit(inline="always", error_model="numpy")
def write_pixels(
    sums: int, work: Job, geometry: Geometry, filter_number: int, rows: int, first: int, last: int
) -> None:
    """The pixels first..last-1 of some filters; some of the pixels may be of the next images."""
    plane = geometry.out_height * geometry.out_width
    pixel = first
    while pixel < last:
        image, place = pixel // plane, pixel % plane
        begin, end = pixel - first, min(last - first, pixel - first + plane - place)
        target = work.y + ((image * geometry.filters + filter_number) * plane + place - begin) * BYTES
        for row in range(rows):
            bias = work.bias + (filter_number + row) * BYTES
            start = target + row * plane * BYTES
            added = start + (work.residual - work.y)  # which lies as y does
            finish_pixels(sums + row * BLOCK * BYTES, bias, work.apart, added, start, begin, end)
        pixel = first + end


@njit(inline="always", error_model="numpy")
def multiply_lines(job: int, work: Job, V: int, M: int, geometry: Geometry, group: int, first: int, last: int) -> None:
    """Images with the channels last: rows of pixels, vectors of filters."""
    filters, terms = geometry.filters // geometry.groups, terms_of(geometry)
    blocks = -(-terms // LANES)
    U = work.U + group * group_floats(geometry) * BYTES
    lines, tall = tallest(last - first), number_of_tallest(last - first)
    higher, lower = word(job, MICRO_KERNELS + lines - 1), word(job, MICRO_KERNELS + max(lines - 2, 0))
    for start in range(0, filters, BLOCK):
        weights = U + start * terms * BYTES
        pixel = first
        for number in range(-(-(last - first) // ROWS)):
            rows = lines if number < tall else lines - 1
            values = V + (pixel - first) * blocks * LANES * BYTES
            if number < tall:
                call(higher, (values, rows, weights, terms, M, BLOCK))
            else:
                call(lower, (values, rows, weights, terms, M, BLOCK))
            for row in range(rows):
                for lane in range(start, min(start + BLOCK, filters), LANES):
                    place = group * filters + lane
                    target = work.y + ((pixel + row) * geometry.filters + place) * BYTES
                    sums = M + (row * BLOCK + lane - start) * BYTES
                    added = target + (work.residual - work.y)  # which lies as y does
                    some = min(LANES, filters - lane)
                    finish_filters(sums, work.bias + place * BYTES, work.apart, added, target, some)
            pixel += rows


@njit(inline="always", error_model="numpy")
def multiply_groups(job: int, work: Job, V: int, M: int, geometry: Geometry, first: int, last: int) -> None:
    """Images with the channels last and narrow groups: rows of pixels, vectors of the filters of TOGETHER groups."""
    taps = geometry.taps_down * geometry.taps_across
    blocks, filters = line_blocks(geometry), TOGETHER * GROUP[1]
    lines, tall = tallest(last - first), number_of_tallest(last - first)
    higher, lower = word(job, MICRO_KERNELS + lines - 1), word(job, MICRO_KERNELS + max(lines - 2, 0))
    pixel = first
    for number in range(-(-(last - first) // ROWS)):
        rows = lines if number < tall else lines - 1
        values = V + (pixel - first) * blocks * LANES * BYTES
        for start in range(0, geometry.filters, filters):
            weights = work.U + start // filters * terms_of(geometry) * LANES * BYTES
            if number < tall:
                call(higher, (values, rows, weights, taps, M, LANES))
            else:
                call(lower, (values, rows, weights, taps, M, LANES))
            values += taps * rows * LANES * BYTES
            some = min(filters, geometry.filters - start)
            for row in range(rows):
                target = work.y + ((pixel + row) * geometry.filters + start) * BYTES
                added = target + (work.residual - work.y)  # which lies as y does
                finish_filters(M + row * LANES * BYTES, work.bias + start * BYTES, work.apart, added, target, some)
        pixel += rows


@c_function(types.int64, types.int64)
def stripe(job: int, number: int) -> None:
    """One thread's share of a job: panels of each group while there are any that nobody took, in workspace `number`."""
    work, geometry = job_at(job), geometry_at(job)
    pixels = geometry.batch * geometry.out_height * geometry.out_width
    turns = 1 if NARROW else geometry.groups  # of one panel
    panels = min(-(-pixels // geometry.panel) * turns, work.end)
    V_floats, M_floats = workspace_floats(geometry)
    V = work.workspace + number * (V_floats + M_floats) * BYTES
    M = V + V_floats * BYTES
    index = take(job, TAKEN)
    while index < panels:
        group = index % turns
        first = index // turns * geometry.panel
        last = min(first + geometry.panel, pixels)
        if NARROW:
            gather_lines(work.x, V, geometry, group, first, last)
            multiply_groups(job, work, V, M, geometry, first, last)
        elif CHANNELS_LAST:
            gather_lines(work.x, V, geometry, group, first, last)
            multiply_lines(job, work, V, M, geometry, group, first, last)
        else:
            gather_vectors(work.x, V, geometry, group, first, last)
            multiply_vectors(job, work, V, M, geometry, group, first, last)
        index = take(job, TAKEN)
