"""x into V: for each pixel of y the channels of each of its taps, by way of `put_tap` of the format."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import IN_WORD, LANES
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.panels import group_of, word_blocks_of
from wincook.kernels.codegen.body.terms.numbers import terms_of_tap
from wincook.kernels.codegen.body.terms.whole import TAKES_LINES, put_line, put_tap

LINE_OF_V = IN_WORD * LANES  # channels


@njit(inline="always", error_model="numpy")
def load_panel(
    work: Job, strides: Strides, V: int, strip: int, half: int, geometry: Geometry, first: int, last: int
) -> None:
    """The pixels first..last-1 of y."""
    channels, height, width = geometry.channels, geometry.height, geometry.width
    out_height, out_width = geometry.out_height, geometry.out_width
    word_blocks, of_tap = word_blocks_of(geometry), terms_of_tap(channels)
    lines, tall = tallest(last - first), number_of_tallest(last - first)
    for pixel in range(first, last):
        image, row, column = pixel // out_width // out_height, pixel // out_width % out_height, pixel % out_width
        group, line = group_of(pixel - first, lines, tall)
        for i in range(geometry.taps_down):
            y = row * geometry.stride_down + i * geometry.dilation_down - geometry.top
            for j in range(geometry.taps_across):
                x = column * geometry.stride_across + j * geometry.dilation_across - geometry.left
                is_inside = y >= 0 and y < height and x >= 0 and x < width
                source = work.x + (image * strides.image + y * strides.row + x * strides.column) * X_BYTES
                block = 0
                while block < channels:
                    word = ((i * geometry.taps_across + j) * of_tap + block) // IN_WORD
                    place = ((group * word_blocks + word // LANES) * lines + line) * LANES + word % LANES
                    places = (source + block * strides.channel * X_BYTES, V + place * BYTES)
                    if TAKES_LINES and is_inside and of_tap % LINE_OF_V == 0 and channels - block >= LINE_OF_V:
                        put_line(*places)
                        block += LINE_OF_V
                    else:
                        there = min(LANES, channels - block) if is_inside else 0
                        put_tap(work, geometry, places, strides.channel, (there, of_tap - block), block)
                        block += LANES
