"""The loop over bands of rows: all parts of a band are computed one after another, and then what follows."""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.composed.endings import end_band
from wincook.kernels.codegen.body.composed.moves import CHANNELS_LAST, add_outputs, fill, load_image
from wincook.kernels.codegen.body.composed.tables import (
    CALL_BYTES,
    OUTPUT_MOVE_BYTES,
    Call,
    call_at,
    calls_place,
    output_move_at,
    outputs_place,
    status_at,
)
from wincook.kernels.codegen.body.constants import (
    BAND,
    BAND_STEP,
    BANDS,
    CALLS,
    IMAGE_FLOATS,
    OUT_ROWS,
    SHARE_FLOATS,
    TOTAL_FILTERS,
    TOTAL_FLOATS,
    TOTAL_WIDTH,
)
from wincook.kernels.codegen.body.exported.structures import (
    ARGS_WORDS,
    ARRAY_WORDS,
    ARRAYS_AT,
    OPERANDS_AT,
    Dims,
)
from wincook.kernels.codegen.body.exported.words import ALIGNMENT, WORD, exported, put_words, room
from wincook.kernels.codegen.body.job import GEOMETRY, STRIDES, TAKEN, Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.elements import RESIDUAL_BYTES, X_BYTES, Y_BYTES
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.vectors import BYTES, take, word, words_as

NUMBER_OF_CALLS = len(CALLS)

args_room, sizes_room = room(ARGS_WORDS), room(8)
job_at, geometry_at = words_as(Job, 0), words_as(Geometry, GEOMETRY)
x_strides_at, residual_strides_at, y_strides_at = (
    words_as(Strides, STRIDES + number * len(Strides._fields)) for number in range(3)
)


@njit(inline="always", error_model="numpy")
def input_rows(call: Call, rows: int) -> int:
    """How many rows of its input a kernel reads for so many of its output."""
    return (rows - 1) * call.stride_down + (call.taps_down - 1) * call.dilation_down + 1


@njit(inline="always", error_model="numpy")
def put_dims(place: int, call: Call, rows: int) -> None:
    """The dims of a kernel's layer for so many rows of output; its turn stands where callers have a variant."""
    dims = Dims(
        call.turn,
        1,
        call.channels,
        input_rows(call, rows),
        call.columns,
        call.filters,
        call.groups,
        call.taps_down,
        call.taps_across,
        call.stride_down,
        call.stride_across,
        call.dilation_down,
        call.dilation_across,
        0,
        0,
        0,
        0,
        0,
    )
    put_words(place, 0, dims)


@njit(inline="always", error_model="numpy")
def bytes_of(call: Call, rows: int, number: int) -> int:
    """What a kernel says of so many rows, in whole lines: number 0 is its workspace, 1 its packed weights."""
    dims, sizes = args_room(), sizes_room()
    put_dims(dims, call, rows)
    status_at(call.query, (dims, sizes, sizes + WORD, sizes + 2 * WORD))
    number_of_bytes: int = word(sizes, number)
    return -(-number_of_bytes // ALIGNMENT) * ALIGNMENT


@njit(inline="always", error_model="numpy")
def rows_of(call: Call, band: int) -> int:
    """Rows of a kernel's output in a band."""
    return min(BAND, min(call.out_rows, OUT_ROWS) - band * BAND)


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> tuple[int, int, int, int]:
    """The floats that kernels work in, of the input and the output of one, and of a band of y before what follows."""
    most = 0
    for number in range(NUMBER_OF_CALLS):
        call = call_at(calls_place() + number * CALL_BYTES)
        most = max(most, bytes_of(call, rows_of(call, 0), 0))
        if rows_of(call, BANDS - 1) > 0:
            most = max(most, bytes_of(call, rows_of(call, BANDS - 1), 0))
    return most // BYTES, IMAGE_FLOATS, SHARE_FLOATS, TOTAL_FLOATS


@exported(types.int64, types.int64, returns=types.void)
def stripe(job: int, number: int) -> None:
    """The items from one on that a job tells, in workspace `number`, which is 0."""
    work, geometry = job_at(job), geometry_at(job)
    floats = workspace_floats(geometry)
    image = work.workspace + floats[0] * BYTES
    share = image + IMAGE_FLOATS * BYTES
    total = share + SHARE_FLOATS * BYTES
    index = take(job, TAKEN)
    while index < min(work.end, geometry.batch * BANDS):
        compute_band(job, index // BANDS, index % BANDS, floats[0] * BYTES, image, share, total)
        index = take(job, TAKEN)


@njit(inline="always", error_model="numpy")
def compute_band(job: int, number: int, band: int, work_bytes: int, image: int, share: int, total: int) -> None:
    """One band of rows of one image."""
    work, geometry = job_at(job), geometry_at(job)
    x_strides, residual_strides, y_strides = x_strides_at(job), residual_strides_at(job), y_strides_at(job)
    first = band * BAND * BAND_STEP
    height = min(BAND * BAND_STEP, geometry.out_height - first)
    inner = Strides(0, BAND * BAND_STEP * TOTAL_WIDTH, TOTAL_WIDTH, 1)
    if CHANNELS_LAST:
        inner = Strides(0, 1, TOTAL_WIDTH * TOTAL_FILTERS, TOTAL_FILTERS)
    fill(total, TOTAL_FLOATS, 0.0)
    x, packed = work.x + number * x_strides.image * X_BYTES, work.U
    for i in range(NUMBER_OF_CALLS):
        call = call_at(calls_place() + i * CALL_BYTES)
        rows = rows_of(call, band)
        if rows > 0:
            taken = input_rows(call, rows)
            start = band * BAND * call.stride_down
            load_image(x, x_strides, geometry.height, geometry.width, call, image, start, taken)
            run_kernel(call, rows, image, share, packed, work.workspace, work_bytes)
            for j in range(call.outputs_begin, call.outputs_end):
                move = output_move_at(outputs_place() + j * OUTPUT_MOVE_BYTES)
                add_outputs(share, call.filters, rows, call.out_columns, move, total, inner, height)
        packed += bytes_of(call, 1, 1)
    residual = work.residual + (number * residual_strides.image + first * residual_strides.row) * RESIDUAL_BYTES
    y = work.y + (number * y_strides.image + first // SIDE * y_strides.row) * Y_BYTES
    end_band(work, geometry, total, inner, residual, residual_strides, y, y_strides, height)


@njit(inline="always", error_model="numpy")
def run_kernel(
    call: Call, rows: int, image: int, share: int, packed: int, workspace: int, workspace_bytes: int
) -> None:
    """All items of a kernel, from an image to its share."""
    args, sizes = args_room(), sizes_room()
    put_dims(args, call, rows)
    put_words(args, ARRAYS_AT, (image, 0, 0, 0, 0))
    put_words(args, ARRAYS_AT + ARRAY_WORDS, (0, 0, 0, 0, 0))
    put_words(args, ARRAYS_AT + 2 * ARRAY_WORDS, (share, 0, 0, 0, 0))
    put_words(args, OPERANDS_AT, (packed, workspace, workspace_bytes))
    status_at(call.shape, (args, sizes, sizes + 4 * WORD))
    status_at(call.run, (args, 0, word(sizes, 4)))
