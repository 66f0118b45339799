"""The steps of the inputs: down the columns into the strip, and along the rows from the strip into V."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import INPUT_PROGRAMS, LANES, TILE_INPUTS
from wincook.kernels.codegen.body.job import Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.inputs import zero_of_x
from wincook.kernels.codegen.body.lanes.vectors import at, load, pointer, run_program
from wincook.kernels.codegen.body.nested.transforms import input_down
from wincook.kernels.codegen.body.products.float32 import STRIPS, put_in_V

AT_ONCE = LANES  # channels that are transformed at once
PLANES = AT_ONCE // LANES  # of channels that are transformed at once if lanes are pixels


def input_along_of(strips: int) -> Any:
    """The second program of the inputs: from so many strips, `apart` floats apart, to products `stride` words apart."""

    @intrinsic
    def input_along(typingctx: Any, source: Any, apart: Any, target: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            source, apart, target, stride = arguments
            starts = [at(builder, pointer(builder, source), builder.mul(apart, apart.type(k))) for k in range(strips)]
            grid = [[load(builder, at(builder, start, i * LANES)) for i in range(TILE_INPUTS[1])] for start in starts]
            products = [run_program(builder, INPUT_PROGRAMS[1], values) for values in grid]
            for number, vectors in enumerate(zip(*products, strict=True)):
                place = at(builder, pointer(builder, target), builder.mul(stride, stride.type(number)))
                put_in_V(builder, list(vectors), place)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 4), generate

    return input_along


input_along, inputs_along = input_along_of(1), input_along_of(STRIPS)


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
    input_down(source, strides.row, *rows, numbers[0], target, step, zero_of_x(work))


@njit(inline="always", error_model="numpy")
def row_into_V(
    work: Job,
    geometry: Geometry,
    source: int,
    strips: tuple[int, int],
    target: int,
    stride: int,
    block: int,
    row: int,
) -> None:
    """Transform a row of inputs of a block of AT_ONCE channels into a row of products, `stride` words apart.

    Blocks of several strips, so many floats apart, go there together.
    """
    if STRIPS > 1:
        if strips[0] == STRIPS:
            inputs_along(source, strips[1], target, stride)
        else:
            input_along(source, strips[1], target, stride)
    else:
        input_along(source, 0, target, stride)
