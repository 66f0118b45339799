"""Images, weights and outputs between the layer and its kernels, one by one; LLVM makes vectors of what it can."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.composed.tables import Call, OutputMove, WeightMove
from wincook.kernels.codegen.body.composed.taken import INNER_BYTES, copy_element, put_beside
from wincook.kernels.codegen.body.constants import ADDS, BAND_STEP, INNER_LAST, LAYOUT, PADDING_MODE
from wincook.kernels.codegen.body.exported.words import add_float, copy_float, put_float
from wincook.kernels.codegen.body.job import Strides
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.vectors import BYTES

CHANNELS_LAST = LAYOUT == "NHWC"
REPLICATES, REFLECTS = PADDING_MODE == "replicate", PADDING_MODE == "reflect"
STRIDED = True  # of x, the residual and y, only channels (NHWC) or columns (NCHW) must be neighbours


@njit(inline="always", error_model="numpy")
def fill(target: int, number: int, value: float) -> None:
    """Write a value so many times."""
    for i in range(number):
        put_float(target + i * BYTES, value)


@njit(inline="always", error_model="numpy")
def inside(place: int, size: int) -> int:
    """Which place of an axis stands for one beyond its ends; -1 if that is a zero."""
    if 0 <= place < size:
        return place
    if REPLICATES:
        return min(max(place, 0), size - 1)
    if REFLECTS:
        return -place if place < 0 else 2 * (size - 1) - place
    return -1


@njit(inline="always", error_model="numpy")
def inner_strides(channels: int, rows: int, columns: int) -> Strides:
    """Those of an image of a kernel, whose places follow one another."""
    if INNER_LAST:
        return Strides(0, 1, columns * channels, channels)
    return Strides(0, rows * columns, columns, 1)


@njit(inline="always", error_model="numpy")
def load_image(
    x: int, strides: Strides, height: int, width: int, call: Call, target: int, first: int, rows: int
) -> None:
    """The rows of a kernel's input from one on, of one image at x."""
    to = inner_strides(call.channels, rows, call.columns)
    for channel in range(call.channels):
        for i in range(rows):
            row = inside(call.row + (first + i) * call.row_step, height)
            place = target + (channel * to.channel + i * to.row) * INNER_BYTES
            if row < 0:
                for j in range(call.columns):
                    put_beside(place + j * to.column * INNER_BYTES)
                continue
            line = x + ((call.channel + channel) * strides.channel + row * strides.row) * X_BYTES
            for j in range(call.left):
                load_beside(line, strides.column, width, call, place, to.column, j)
            start = line + call.column * strides.column * X_BYTES
            for j in range(call.left, call.right):
                source = start + j * call.column_step * strides.column * X_BYTES
                copy_element(source, place + j * to.column * INNER_BYTES)
            for j in range(call.right, call.columns):
                load_beside(line, strides.column, width, call, place, to.column, j)


@njit(inline="always", error_model="numpy")
def load_beside(line: int, stride: int, width: int, call: Call, place: int, step: int, number: int) -> None:
    """One column of a row that lies beside the image."""
    column = inside(call.column + number * call.column_step, width)
    if column < 0:
        put_beside(place + number * step * INNER_BYTES)
    else:
        copy_element(line + column * stride * X_BYTES, place + number * step * INNER_BYTES)


@njit(inline="always", error_model="numpy")
def move_weights(weights: int, target: int, move: WeightMove) -> None:
    """Some weights of the layer to where a kernel takes them from."""
    for k in range(move.filters):
        for c in range(move.channels):
            for i in range(move.rows):
                source = (
                    weights + (move.source + k * move.from_filter + c * move.from_channel + i * move.from_row) * BYTES
                )
                place = target + (move.target + k * move.to_filter + c * move.to_channel + i * move.to_row) * BYTES
                for j in range(move.columns):
                    copy_float(source + j * move.from_column * BYTES, place + j * move.to_column * BYTES)


@njit(inline="always", error_model="numpy")
def add_outputs(
    share: int, filters: int, rows: int, columns: int, move: OutputMove, total: int, strides: Strides, height: int
) -> None:
    """Outputs of a kernel to their places among those of a band of so many rows: added up, or as they are."""
    source = inner_strides(filters, rows, columns)
    for k in range(move.filters):
        for i in range(rows):
            row = move.row + i * BAND_STEP
            if row < height:
                line = share + ((move.filter + k) * source.channel + i * source.row) * BYTES
                place = total + ((move.to_filter + k) * strides.channel + row * strides.row) * BYTES
                place += move.column * strides.column * BYTES
                for j in range(move.columns):
                    target = place + j * move.column_step * strides.column * BYTES
                    if ADDS:
                        add_float(line + j * source.column * BYTES, target)
                    else:
                        copy_float(line + j * source.column * BYTES, target)
