"""Where the numbers of a layer lie: what outputs are made with, where they go, and the pixels that they stand on."""

from __future__ import annotations

from typing import Any, NamedTuple

from numba import njit

from wincook.kernels.codegen.body.constants import BLOCK, LANES, LAYOUT, TAPS
from wincook.kernels.codegen.body.job import GEOMETRY, STRIDES, Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.elements import X_BYTES, Y_BYTES
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.vectors import BYTES, words_as

ALL_TAPS = TAPS[0] * TAPS[1]
CHANNELS_LAST = LAYOUT == "NHWC"
ACROSS = BLOCK[1] * LANES  # outputs of a row of vectors, where lanes are pixels

job_at, geometry_at = words_as(Job, 0), words_as(Geometry, GEOMETRY)
x_strides_at, residual_strides_at, y_strides_at = (
    words_as(Strides, STRIDES + number * len(Strides._fields)) for number in range(3)
)


class Outputs(NamedTuple):
    """Outputs of one filter, or of LANES filters with the channels last: their weights, and what follows the sums.

    The residual and y are told as (address, elements to the next row, and to the next column or vector). Code that is
    compiled has integers here, and the code that writes LLVM has values of it.
    """

    weights: Any
    bias: Any
    apart: Any
    residual: Any
    y: Any


class Window(NamedTuple):
    """What outputs see of an image: the first tap of the first one stands on (row, column) of height × width pixels.

    Rows and columns are so many elements apart. At `zeros` there are elements beside the image, enough for the widest
    row that is read; `zero_point` is the address of what those of 8 bits are.
    """

    image: Any
    down: Any
    across: Any
    row: Any
    column: Any
    height: Any
    width: Any
    zeros: Any
    zero_point: Any


@njit(inline="always", error_model="numpy")
def place_of(strides: Strides, image: int, channel: int, row: int) -> int:
    """How many elements stand before the first of a row in an array of images."""
    if CHANNELS_LAST:
        return image * strides.image + row * strides.row + channel
    return image * strides.image + channel * strides.channel + row * strides.row


@njit(inline="always", error_model="numpy")
def grid_of(array: int, strides: Strides, image: int, channel: int, row: int, size: int) -> tuple[int, int, int]:
    """The outputs from a row on, of so many bytes: their address, and elements to the next row and the next column."""
    first = array + place_of(strides, image, channel, row) * size
    return first, strides.row, strides.column if CHANNELS_LAST else 1


@njit(inline="always", error_model="numpy")
def from_there(grid: tuple[int, int, int], row: int, column: int, size: int) -> tuple[int, int, int]:
    """The vectors of outputs from (row, column) of a grid on, and elements to the next row and to the next vector."""
    address, down, across = grid
    return address + (row * down + column * across) * size, down, across if CHANNELS_LAST else LANES


@njit(inline="always", error_model="numpy")
def outputs_of(job: int, image: int, filter_number: int, first: int) -> Outputs:
    """Those of a filter, or of LANES from it on, and of a row and what is below it."""
    work = job_at(job)
    return Outputs(
        work.U + filter_number * ALL_TAPS * BYTES,
        work.bias + filter_number * BYTES,
        work.apart,
        grid_of(work.residual, residual_strides_at(job), image, filter_number, first, BYTES),
        grid_of(work.y, y_strides_at(job), image, filter_number, first // SIDE, Y_BYTES),
    )


@njit(inline="always", error_model="numpy")
def part_of(outputs: Outputs, row: int, column: int) -> Outputs:
    """Those from (row, column) on, in vectors."""
    return Outputs(
        outputs.weights,
        outputs.bias,
        outputs.apart,
        from_there(outputs.residual, row, column, BYTES),
        from_there(outputs.y, row // SIDE, column // SIDE, Y_BYTES),
    )


@njit(inline="always", error_model="numpy")
def plane_of(job: int, image: int, filter_number: int) -> int:
    """The address of the channel that a filter reads."""
    geometry = geometry_at(job)
    channel = filter_number // (geometry.filters // geometry.channels)
    place: int = job_at(job).x + place_of(x_strides_at(job), image, channel, 0) * X_BYTES
    return place
