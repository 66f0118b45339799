"""What follows from the layer that a caller in C describes: a status, and all sizes that the loops are told.

Sizes are checked before anything is computed from them in 64 bits. An array of more floats than MOST_FLOATS has no
place in any machine; so no product of sizes that are let through, workspaces among them, exceeds 64 bits.
"""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.constants import OUT_SIZE, SCALE_OF_X
from wincook.kernels.codegen.body.exported.nested import items_of, knows, panel_of, terms_of_pixel
from wincook.kernels.codegen.body.exported.structures import DESCRIBED_GEOMETRY, Described, Dims, dims_at
from wincook.kernels.codegen.body.exported.words import ALIGNMENT, exported, put_words
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.finish import FILTER_ROWS, SIDE
from wincook.kernels.codegen.body.lanes.vectors import BYTES, word
from wincook.kernels.codegen.body.nested.filters import bias_floats
from wincook.kernels.codegen.body.nested.panels import workspace_floats
from wincook.kernels.codegen.body.products.blocks import filter_floats
from wincook.kernels.codegen.body.weights.tiles import packing_floats

# What the functions return.
OK = 0
ARGUMENT = 1
NO_IMPLEMENTATION = 2
TOO_SMALL = 3

# Numbers of words in dims.
SIZES, PADDINGS, LAST = Dims._fields.index("batch"), Dims._fields.index("top"), Dims._fields.index("panel")

MOST_SIZE = (1 << 31) - 1  # of one axis
MOST_FLOATS = float(1 << 40)  # of one array


@njit(inline="always", error_model="numpy")
def are_in_range(dims: int) -> bool:
    """Whether all sizes of a layer at a place are from 1 on, paddings and the panel from 0 on, and none too large."""
    for number in range(SIZES, LAST + 1):
        size = word(dims, number)
        if size < (1 if number < PADDINGS else 0) or size > MOST_SIZE:
            return False
    return True


@njit(inline="always", error_model="numpy")
def outputs_along(size: int, padding: int, taps: int, stride: int, dilation: int) -> int:
    """Outputs along an axis, those that pooling drops left out; none if the filter does not fit."""
    rest = size + padding - (taps - 1) * dilation - 1
    return (rest // stride + 1) // SIDE * SIDE if rest >= 0 else 0


@njit(inline="always", error_model="numpy")
def are_addressable(dims: Dims, out_height: int, out_width: int) -> bool:
    """Whether all arrays have a place in memory, and those that a call works in."""
    channels = float(dims.channels)
    filters = float(dims.filters)
    inputs = float(dims.batch) * channels * dims.height * dims.width
    pixels = float(dims.batch) * out_height * out_width
    weights = filters * channels * dims.taps_down * dims.taps_across
    of_pixel = max(channels, filters, float(terms_of_pixel(dims)))
    return inputs <= MOST_FLOATS and weights <= MOST_FLOATS and pixels * of_pixel <= MOST_FLOATS


@njit(inline="always", error_model="numpy")
def scaled_floats(dims: Dims) -> int:
    """Floats behind U for weights that are multiplied by the scale of x."""
    if SCALE_OF_X == 1.0:
        return 0
    return dims.filters * (dims.channels // dims.groups) * dims.taps_down * dims.taps_across


@exported(types.int64, types.int64)
def describe(dims_place: int, target: int) -> int:
    """Write a `Described`, and behind it the `Geometry`, of the layer at a place, or return why there is none."""
    dims = dims_at(dims_place)
    if not are_in_range(dims_place) or dims.channels % dims.groups or dims.filters % dims.groups:
        return ARGUMENT
    if not knows(dims):
        return NO_IMPLEMENTATION
    height, width = OUT_SIZE
    if height == 0:
        down, across = dims.top + dims.bottom, dims.left + dims.right
        height = outputs_along(dims.height, down, dims.taps_down, dims.stride_down, dims.dilation_down)
        width = outputs_along(dims.width, across, dims.taps_across, dims.stride_across, dims.dilation_across)
    if height < 1 or width < 1 or not are_addressable(dims, height, width):
        return ARGUMENT
    geometry = Geometry(
        dims.batch,
        dims.channels,
        dims.height,
        dims.width,
        dims.filters,
        dims.top,
        dims.left,
        height,
        width,
        panel_of(dims, height, width),
        dims.groups,
        dims.taps_down,
        dims.taps_across,
        dims.stride_down,
        dims.stride_across,
        dims.dilation_down,
        dims.dilation_across,
        1,
    )
    workspace_bytes = sum(workspace_floats(geometry)) * BYTES
    sizes = (dims.filters, dims.channels // dims.groups, dims.taps_down, dims.taps_across, dims.groups)
    floats = filter_floats(sizes) + packing_floats(dims) + scaled_floats(dims)
    U_bytes = -(-floats * BYTES // ALIGNMENT) * ALIGNMENT
    apart = bias_floats(dims.filters)
    packed_bytes = ALIGNMENT + U_bytes + FILTER_ROWS * apart * BYTES
    put_words(target, 0, Described(workspace_bytes, packed_bytes, U_bytes, apart, items_of(geometry)))
    put_words(target, DESCRIBED_GEOMETRY, geometry)
    return OK
