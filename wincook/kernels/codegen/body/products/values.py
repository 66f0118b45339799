"""The last step of the inputs: along the rows, from the strip into V."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import INPUT_PROGRAMS, LANES, TILE_INPUTS
from wincook.kernels.codegen.body.job import Geometry, Job
from wincook.kernels.codegen.body.nested.transforms import transform_of
from wincook.kernels.codegen.body.products.float32 import put_in_V

input_along = transform_of(INPUT_PROGRAMS[1], TILE_INPUTS[1], put_in_V)


@njit(inline="always", error_model="numpy")
def row_into_V(work: Job, geometry: Geometry, source: int, target: int, stride: int, block: int, row: int) -> None:
    """Transform a row of inputs of a block of LANES channels into a row of products, `stride` words apart."""
    input_along(source, LANES, target, stride)
