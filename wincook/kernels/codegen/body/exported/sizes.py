"""What follows from the layer that a caller in C describes: a status, and all sizes that the loops are told.

Sizes are checked before anything is computed from them in 64 bits. An array of more floats than MOST_FLOATS has no
place in any machine; so no product of sizes that are let through, workspaces among them, exceeds 64 bits.
"""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.exported.nested import U_floats, items_of, knows, panel_of, terms_of_pixel
from wincook.kernels.codegen.body.exported.structures import DESCRIBED_GEOMETRY, Described, Dims, dims_at
from wincook.kernels.codegen.body.exported.words import ALIGNMENT, exported, put_words
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.finish import FILTER_ROWS, SIDE
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.filters import bias_floats
from wincook.kernels.codegen.body.nested.panels import workspace_floats

# What the functions return.
OK = 0
ARGUMENT = 1
NO_IMPLEMENTATION = 2
TOO_SMALL = 3

MOST_SIZE = (1 << 31) - 1  # of one axis
MOST_FLOATS = float(1 << 40)  # of one array


@njit(inline="always", error_model="numpy")
def is_size(number: int) -> bool:
    """Whether it can be the size of an axis."""
    return 1 <= number <= MOST_SIZE


@njit(inline="always", error_model="numpy")
def is_padding(number: int) -> bool:
    """Whether it can be a padding, or a number that is left out."""
    return 0 <= number <= MOST_SIZE


@njit(inline="always", error_model="numpy")
def are_sizes(dims: Dims) -> bool:
    """Whether all sizes are in range, and the groups divide channels and filters."""
    return (
        is_size(dims.batch)
        and is_size(dims.channels)
        and is_size(dims.height)
        and is_size(dims.width)
        and is_size(dims.filters)
        and is_size(dims.groups)
        and is_size(dims.taps_down)
        and is_size(dims.taps_across)
        and is_size(dims.stride_down)
        and is_size(dims.stride_across)
        and is_size(dims.dilation_down)
        and is_size(dims.dilation_across)
        and is_padding(dims.top)
        and is_padding(dims.bottom)
        and is_padding(dims.left)
        and is_padding(dims.right)
        and is_padding(dims.panel)
        and dims.channels % dims.groups == 0
        and dims.filters % dims.groups == 0
    )


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


@exported(types.int64, types.int64)
def describe(dims_place: int, target: int) -> int:
    """Write a `Described`, and behind it the `Geometry`, of the layer at a place, or return why there is none."""
    dims = dims_at(dims_place)
    if not are_sizes(dims):
        return ARGUMENT
    if not knows(dims):
        return NO_IMPLEMENTATION
    height = outputs_along(dims.height, dims.top + dims.bottom, dims.taps_down, dims.stride_down, dims.dilation_down)
    width = outputs_along(
        dims.width, dims.left + dims.right, dims.taps_across, dims.stride_across, dims.dilation_across
    )
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
    )
    workspace_bytes = sum(workspace_floats(geometry)) * BYTES
    U_bytes = -(-U_floats(dims) * BYTES // ALIGNMENT) * ALIGNMENT
    apart = bias_floats(dims.filters)
    packed_bytes = ALIGNMENT + U_bytes + FILTER_ROWS * apart * BYTES
    put_words(target, 0, Described(workspace_bytes, packed_bytes, U_bytes, apart, items_of(geometry)))
    put_words(target, DESCRIBED_GEOMETRY, geometry)
    return OK
