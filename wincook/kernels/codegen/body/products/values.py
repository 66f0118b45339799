"""The steps of the inputs: down the columns into the strip, and along the rows from the strip into V."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import INPUT_PROGRAMS, LANES, TILE_INPUTS
from wincook.kernels.codegen.body.job import Geometry, Job, Strides
from wincook.kernels.codegen.body.nested.transforms import input_down, transform_of
from wincook.kernels.codegen.body.products.float32 import put_in_V

AT_ONCE = LANES  # channels that are transformed at once
PLANES = AT_ONCE // LANES  # of channels that are transformed at once if lanes are pixels

input_along = transform_of(INPUT_PROGRAMS[1], TILE_INPUTS[1], put_in_V)


@njit(inline="always", error_model="numpy")
def columns_into_strip(
    work: Job,
    geometry: Geometry,
    source: int,
    strides: Strides,
    rows: tuple[int, int],
    numbers: tuple[int, int],
    target: int,
    step: int,
) -> None:
    """Transform TILE_INPUTS[0] rows from address `source` on: those from rows[0] to before rows[1] are in the image.

    `numbers` tells how many lanes of a row are read, and how many channels there are if lanes are pixels.
    """
    input_down(source, strides.row, *rows, numbers[0], target, step)


@njit(inline="always", error_model="numpy")
def row_into_V(work: Job, geometry: Geometry, source: int, target: int, stride: int, block: int, row: int) -> None:
    """Transform a row of inputs of a block of AT_ONCE channels into a row of products, `stride` words apart."""
    input_along(source, LANES, target, stride)
