"""The loops: a panel of tiles at a time is loaded, multiplied and stored, all within the cache.

A panel is a run of consecutive tiles, counted row by row through all images of the batch. Where there are fewer than
threads, each is done by several, for a share of the filters each. Its inputs pass through
a strip, one row of tiles and LANES channels wide; its outputs pass through another. The strips make NCHW and NHWC,
edges and interiors alike for the programs along the rows. V and M lie as `nested/panels` says, U as

    U  [product, those with equal filters once][block of filters][word][filter]

or as `nested/half` says. The loops are inlined into one C function, `stripe`, which reads its arguments from a job in
memory. Compiled once and called by address, it serves one thread or many.
"""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.constants import HALF_FILTERS, LANES, OUTPUTS, ROWS
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import GEOMETRY, MICRO_KERNELS, STRIDES, TAKEN, Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call, take, word, words_as
from wincook.kernels.codegen.body.nested.ahead import Ahead, fetch_share, rows_ahead
from wincook.kernels.codegen.body.nested.half import multiply_half
from wincook.kernels.codegen.body.nested.inputs import load_panel
from wincook.kernels.codegen.body.nested.outputs import store_panel
from wincook.kernels.codegen.body.nested.panels import (
    product_stride,
    word_blocks_of,
    words_of,
    workspace_floats,
)
from wincook.kernels.codegen.body.nested.transforms import FILTERS, PRODUCTS
from wincook.kernels.codegen.body.products.blocks import PLACES_IN_U, block_floats
from wincook.machine_code import c_function

job_at, geometry_at = words_as(Job, 0), words_as(Geometry, GEOMETRY)
x_strides_at, residual_strides_at, y_strides_at = (
    words_as(Strides, STRIDES + number * len(Strides._fields)) for number in range(3)
)


@njit(inline="always", error_model="numpy")
def multiply_panel(
    job: int, V: int, U: int, M: int, geometry: Geometry, share: tuple[int, int], tiles: int, ahead: Ahead
) -> None:
    """All products of a panel and a share of the blocks of filters: M = V U, for each product position."""
    words, blocks = words_of(geometry), word_blocks_of(geometry)
    filter_blocks = -(-geometry.filters // FILTERS)
    tile_floats = filter_blocks * PRODUCTS * FILTERS
    stride = product_stride(geometry)
    groups, lines, tall = -(-tiles // ROWS), tallest(tiles), number_of_tallest(tiles)
    higher, lower = word(job, MICRO_KERNELS + lines - 1), word(job, MICRO_KERNELS + max(lines - 2, 0))
    fetched = -(-ahead.planes * ahead.lines // (PRODUCTS * (share[1] - share[0]) * groups))
    plane, line = 0, 0
    for product in range(PRODUCTS):
        for block in range(*share):
            weights = U + (PLACES_IN_U[product] * filter_blocks + block) * block_floats(words) * BYTES
            target = M + (block * PRODUCTS + product) * FILTERS * BYTES
            for group in range(groups):
                plane, line = fetch_share(ahead, plane, line, fetched)
                values = V + (product * stride + group * blocks * lines * LANES) * BYTES
                if group < tall:
                    call(higher, (values, lines, weights, words, target, tile_floats))
                    target += lines * tile_floats * BYTES
                else:
                    call(lower, (values, lines, weights, words, target, tile_floats))
                    target += (lines - 1) * tile_floats * BYTES


@c_function(types.int64, types.int64)
def stripe(job: int, number: int) -> None:
    """One thread's share of a job: panels while there are any that nobody took, in workspace `number`."""
    work, geometry = job_at(job), geometry_at(job)
    x_strides, residual_strides, y_strides = x_strides_at(job), residual_strides_at(job), y_strides_at(job)
    tiles = geometry.batch * -(-geometry.out_height // OUTPUTS[0]) * -(-geometry.out_width // OUTPUTS[1])
    shares, filter_blocks = geometry.shares, -(-geometry.filters // FILTERS)
    items = min(-(-tiles // geometry.panel) * shares, work.end)
    floats = workspace_floats(geometry)
    V = work.workspace + number * sum(floats) * BYTES
    M = V + floats.V * BYTES
    strip = M + floats.M * BYTES
    out_strip = strip + floats.strip * BYTES
    half = out_strip + floats.out_strip * BYTES
    index = take(job, TAKEN)
    while index < items:
        first, number_of_share = index // shares * geometry.panel, index % shares
        share = (number_of_share * filter_blocks // shares, (number_of_share + 1) * filter_blocks // shares)
        last = min(first + geometry.panel, tiles)
        load_panel(work, x_strides, V, strip, half, geometry, first, last)
        next_first = tiles  # another share has the same tiles
        if shares == 1:
            next_first = min(word(job, TAKEN) * geometry.panel, tiles)  # unless another thread takes it meanwhile
        ahead = rows_ahead(work.x, x_strides, geometry, last, next_first, min(next_first + geometry.panel, tiles))
        if HALF_FILTERS:
            multiply_half(job, V, work.U, M, geometry, share, last - first)
        else:
            multiply_panel(job, V, work.U, M, geometry, share, last - first, ahead)
        store_panel(work, residual_strides, y_strides, M, out_strip, half, geometry, share, (first, last))
        index = take(job, TAKEN)
