"""The products of one filter, or one vector of filters, with tiles of few channels.

With the channels first, a vector has LANES tiles, and a number of U goes to all lanes; with the channels last, a
vector has LANES filters, and a number of V goes to all lanes.

    V  [column of products][channel][row of products][tile]
    U  [filter][column of products][channel][row of products], products with equal filters once
    U  [block of filters][column of products][channel][row of products][filter], with the channels last
"""

from __future__ import annotations

from llvmlite import ir

from wincook.kernels.codegen.body.constants import LANES, LAYOUT, OUTPUT_PROGRAMS, RANKS
from wincook.kernels.codegen.body.job import GEOMETRY, STRIDES, Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.partial import load_everywhere
from wincook.kernels.codegen.body.lanes.vectors import at, constant, fma, load, pointer, run_program, words_as
from wincook.kernels.codegen.body.nested.transforms import ACROSS, DOWN, KEPT

CHANNELS_LAST = LAYOUT == "NHWC"
STRIDED = not CHANNELS_LAST  # then only columns must be neighbours, of x, the residual and y
KEPT_PRODUCTS = KEPT[0] * KEPT[1]

job_at, geometry_at = words_as(Job, 0), words_as(Geometry, GEOMETRY)
x_strides_at, residual_strides_at, y_strides_at = (
    words_as(Strides, STRIDES + number * len(Strides._fields)) for number in range(3)
)


def transformed_down(builder: ir.IRBuilder, V: ir.Value, U: ir.Value, channels: int) -> list[list[ir.Value]]:
    """Rows of AT M: each column of products is summed, and goes through the output transform at once."""
    V, U = pointer(builder, V), pointer(builder, U)
    columns = [run_program(builder, OUTPUT_PROGRAMS[0], _column(builder, V, U, channels, j)) for j in range(RANKS[1])]
    return [list(row) for row in zip(*columns, strict=True)]


def _column(builder: ir.IRBuilder, V: ir.Value, U: ir.Value, channels: int, column: int) -> list[ir.Value]:
    """A column of products: as in `gemm`, each is one chain of fmas in channel order, starting from zero."""
    sums = [constant(0.0)] * RANKS[0]
    for channel in range(channels):
        for i, total in enumerate(sums):
            value = at(builder, V, ((column * channels + channel) * RANKS[0] + i) * LANES)
            place = (ACROSS[column] * channels + channel) * KEPT[0] + DOWN[i]
            if CHANNELS_LAST:
                factors = load_everywhere(builder, value), load(builder, at(builder, U, place * LANES))
            else:
                factors = load(builder, value), load_everywhere(builder, at(builder, U, place))
            sums[i] = fma(builder, *factors, total)
    builder.fence("seq_cst", "singlethread")  # no instruction: the next column is begun after this one
    return sums
