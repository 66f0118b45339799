"""The records of a layer, in memory that is never written, and calls of functions by their addresses."""

from __future__ import annotations

from typing import Any, NamedTuple

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import CALLS, OUTPUT_MOVES, WEIGHT_MOVES
from wincook.kernels.codegen.body.lanes.vectors import I32, I64, words_as


class Call(NamedTuple):
    """What a kernel is called with: its functions, and the part of the layer that it computes.

    Row i of its input is row `row + i row_step` of the image, columns likewise; those from number `left` to `right` are
    within the image. Where its weights and its outputs go, records of other tables tell, from one number to another.
    The turn is which of its calibrations a kernel packs by.
    """

    query: int
    shape: int
    pack: int
    run: int
    turn: int
    channel: int
    channels: int
    filters: int
    row: int
    row_step: int
    column: int
    column_step: int
    columns: int
    left: int
    right: int
    out_rows: int
    out_columns: int
    groups: int
    taps_down: int
    taps_across: int
    stride_down: int
    stride_across: int
    dilation_down: int
    dilation_across: int
    weights_begin: int
    weights_end: int
    outputs_begin: int
    outputs_end: int


class WeightMove(NamedTuple):
    """Weights of the layer that are weights of a kernel: from where to where, and how far along each axis."""

    source: int
    target: int
    filters: int
    from_filter: int
    to_filter: int
    channels: int
    from_channel: int
    to_channel: int
    rows: int
    from_row: int
    to_row: int
    columns: int
    from_column: int
    to_column: int


class OutputMove(NamedTuple):
    """Filters of a kernel from one on that are filters of the layer from another on, and their rows and columns."""

    filter: int
    filters: int
    to_filter: int
    row: int
    column: int
    column_step: int
    columns: int


NOTHING = ir.ArrayType(I64, 0)
ADDRESS = ir.LiteralStructType([ir.PointerType(), NOTHING])  # as long as a word, whatever the width of addresses


def constant_table(records: Any) -> Any:
    """The intrinsic that gives the address of a table of words; the name of a function stands for its address."""
    words = [word for record in records for word in record]

    @intrinsic
    def table_place(typingctx: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            module, function = builder.module, ir.FunctionType(ir.VoidType(), [])
            values = [
                ADDRESS([cgutils.get_or_insert_function(module, function, word), NOTHING([])])
                if isinstance(word, str)
                else I64(word)
                for word in words
            ]
            kind = ir.LiteralStructType([value.type for value in values])
            table = ir.GlobalVariable(module, kind, module.get_unique_name("table"))
            table.linkage, table.global_constant, table.unnamed_addr = "internal", True, True
            table.initializer = kind(values)
            return builder.ptrtoint(table, I64)

        return types.int64(), generate

    return table_place


@intrinsic
def status_at(typingctx: Any, function: Any, arguments: Any) -> Any:
    """Call a C function of integers by its address, for its status; they are given as a tuple."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, values: Any) -> ir.Value:
        function, packed = values
        numbers = cgutils.unpack_tuple(builder, packed)
        kind = ir.FunctionType(I32, [I64] * len(numbers))
        return builder.sext(builder.call(builder.inttoptr(function, kind.as_pointer()), numbers), I64)

    return types.int64(types.int64, arguments), generate


calls_place, weights_place, outputs_place = map(constant_table, (CALLS, WEIGHT_MOVES, OUTPUT_MOVES))
call_at, weight_move_at, output_move_at = words_as(Call, 0), words_as(WeightMove, 0), words_as(OutputMove, 0)
CALL_BYTES, WEIGHT_MOVE_BYTES, OUTPUT_MOVE_BYTES = (8 * len(kind._fields) for kind in (Call, WeightMove, OutputMove))
