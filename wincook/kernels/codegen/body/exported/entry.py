"""The functions that C calls. They return a status, allocate nothing, and touch no memory that they are not told of.

Packed weights start with a line that tells what they were packed for. U follows, then a row of numbers for each
filter: the bias, the scale and the shift if there are any, and what scales of 8 bits say. A call computes some of the
items of a layer, in a job on the stack; so callers share them out among threads of their own.
"""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.constants import CODE_NUMBER, RESIDUAL, ROWS_SAID, SCALE_OF_X, SCALED
from wincook.kernels.codegen.body.exported.nested import KERNELS, put_kernels
from wincook.kernels.codegen.body.exported.sizes import ARGUMENT, NO_IMPLEMENTATION, OK, TOO_SMALL, scaled_floats
from wincook.kernels.codegen.body.exported.structures import (
    ARRAY_WORDS,
    ARRAYS_AT,
    DESCRIBED_WORDS,
    STRIDE_WORDS,
    Described,
    Dims,
    described_at,
    dims_at,
    geometry_after,
    operands_in,
)
from wincook.kernels.codegen.body.exported.words import (
    ALIGNMENT,
    WORD,
    address_of,
    copy_float,
    copy_product,
    exported,
    put_float,
    put_words,
    room,
    status_of,
)
from wincook.kernels.codegen.body.job import GEOMETRY, MICRO_KERNELS, STRIDES, Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.elements import RESIDUAL_BYTES, X_BYTES, Y_BYTES
from wincook.kernels.codegen.body.lanes.finish import FILTER_ROWS, GIVEN_ROWS, SIDE
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call, word
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST, STRIDED
from wincook.kernels.codegen.body.weights.floats import pack_weights

NEIGHBOURS = ARRAYS_AT + (2 if CHANNELS_LAST else STRIDE_WORDS)  # the word of the stride that must be 1

described_room, job_room = room(DESCRIBED_WORDS), room(MICRO_KERNELS + KERNELS)
described = status_of("describe", 2)
stripe_place = address_of("stripe")


@exported(*[types.int64] * 4)
def query(dims: int, workspace_bytes: int, packed_bytes: int, alignment: int) -> int:
    """How much memory a call works in, how much packed weights take, and where both must start."""
    if workspace_bytes == 0 or packed_bytes == 0 or alignment == 0:
        return ARGUMENT
    place = described_room()
    status: int = described((dims, place))
    if status == OK:
        sizes = described_at(place)
        put_words(workspace_bytes, 0, (sizes.workspace_bytes,))
        put_words(packed_bytes, 0, (sizes.packed_bytes,))
        put_words(alignment, 0, (ALIGNMENT,))
    return status


@exported(*[types.int64] * 3)
def shape(dims: int, output: int, items: int) -> int:
    """The four sizes of y, and how many items there are to compute, in any order."""
    if output == 0 or items == 0:
        return ARGUMENT
    place = described_room()
    status: int = described((dims, place))
    if status == OK:
        geometry = geometry_after(place)
        height, width = geometry.out_height // SIDE, geometry.out_width // SIDE
        if CHANNELS_LAST:
            put_words(output, 0, (geometry.batch, height, width, geometry.filters))
        else:
            put_words(output, 0, (geometry.batch, geometry.filters, height, width))
        put_words(items, 0, (described_at(place).items,))
    return status


@njit(inline="always", error_model="numpy")
def packed_for(dims: Dims) -> tuple[int, ...]:
    """What the first words of packed weights must be."""
    return CODE_NUMBER, dims.filters, dims.channels, dims.groups, dims.taps_down, dims.taps_across


@exported(*[types.int64] * 7)
def pack(dims: int, weights: int, bias: int, scale: int, shift: int, packed: int, packed_bytes: int) -> int:
    """Weights (K, C/groups, *taps), and numbers for each filter, (K,), into packed ones.

    Without a bias or a shift these are 0, and without a scale 1.
    """
    place = described_room()
    status: int = described((dims, place))
    if status != OK:
        return status
    sizes, layer = described_at(place), dims_at(dims)
    status = status_of_packing(sizes, weights, bias, scale, shift, packed, packed_bytes)
    if status == OK:
        pack_weights(scaled_weights(weights, packed, sizes, layer), packed + ALIGNMENT, layer)
        finish_packing(layer, sizes, bias, scale, shift, packed)
    return status


@njit(inline="always", error_model="numpy")
def status_of_packing(
    sizes: Described, weights: int, bias: int, scale: int, shift: int, packed: int, packed_bytes: int
) -> int:
    """Whether what is to be packed, and where to, can be used."""
    if weights == 0 or packed == 0 or packed % ALIGNMENT or (not SCALED and (scale | shift) != 0):
        return ARGUMENT
    if (weights | bias | scale | shift) % BYTES:
        return ARGUMENT
    return TOO_SMALL if packed_bytes < sizes.packed_bytes else OK


@njit(inline="always", error_model="numpy")
def scaled_weights(weights: int, packed: int, sizes: Described, layer: Dims) -> int:
    """Weights times the scale of an x of 8 bits, behind where U is to be; as they are, where there is none."""
    number: int = scaled_floats(layer)
    if number == 0:
        return weights
    place: int = packed + ALIGNMENT + sizes.U_bytes - number * BYTES
    for i in range(number):
        copy_product(weights + i * BYTES, place + i * BYTES, SCALE_OF_X)
    return place


@njit(inline="always", error_model="numpy")
def finish_packing(layer: Dims, sizes: Described, bias: int, scale: int, shift: int, packed: int) -> None:
    """The numbers for each filter behind U, and what it was packed for before it."""
    row = packed + ALIGNMENT + sizes.U_bytes
    pack_row(bias, 0.0, row, layer.filters, sizes.apart)
    if SCALED:
        pack_row(scale, 1.0, row + sizes.apart * BYTES, layer.filters, sizes.apart)
        pack_row(shift, 0.0, row + 2 * sizes.apart * BYTES, layer.filters, sizes.apart)
    for number in range(FILTER_ROWS - GIVEN_ROWS):
        pack_row(0, ROWS_SAID[number], row + (GIVEN_ROWS + number) * sizes.apart * BYTES, layer.filters, sizes.apart)
    put_words(packed, 0, packed_for(layer))


@njit(inline="always", error_model="numpy")
def pack_row(values: int, default: float, target: int, filters: int, apart: int) -> None:
    """A number for each filter, or the default; zeros behind them."""
    for number in range(apart):
        if number >= filters:
            put_float(target + number * BYTES, 0.0)
        elif values == 0:
            put_float(target + number * BYTES, default)
        else:
            copy_float(values + number * BYTES, target + number * BYTES)


@exported(*[types.int64] * 3)
def run(args: int, begin: int, end: int) -> int:
    """Compute the items from `begin` to `end`."""
    place = described_room()
    status: int = described((args, place))
    if status == OK:
        status = status_of_call(args, described_at(place), begin, end)
    if status == OK:
        run_items(args, described_at(place), geometry_after(place), begin, end)
    return status


@njit(inline="always", error_model="numpy")
def status_of_call(args: int, sizes: Described, begin: int, end: int) -> int:
    """Whether what a call was given, beside its layer, can be used."""
    operands = operands_in(args)
    x, residual, y = operands.x, operands.residual, operands.y
    packed, workspace = operands.packed, operands.workspace
    if begin < 0 or begin > end or end > sizes.items:
        return ARGUMENT
    if x == 0 or y == 0 or packed == 0 or workspace == 0 or (residual != 0) != RESIDUAL:
        return ARGUMENT
    if (
        x % X_BYTES
        or residual % RESIDUAL_BYTES
        or y % Y_BYTES
        or (packed | workspace) % ALIGNMENT
        or not is_packed_for(packed, dims_at(args))
    ):
        return ARGUMENT
    if operands.workspace_bytes < sizes.workspace_bytes:
        return TOO_SMALL
    for number in range(3):
        if not are_taken(args, number):
            return NO_IMPLEMENTATION
    return OK


@njit(inline="always", error_model="numpy")
def run_items(args: int, sizes: Described, geometry: Geometry, begin: int, end: int) -> None:
    """The loops, told by a job on the stack."""
    operands = operands_in(args)
    out_height, out_width = geometry.out_height, geometry.out_width
    U = operands.packed + ALIGNMENT
    job = job_room()
    x, residual, y, workspace = operands.x, operands.residual, operands.y, operands.workspace
    put_words(job, 0, Job(x, U, U + sizes.U_bytes, residual, y, begin, workspace, sizes.apart, end))
    put_words(job, STRIDES, strides_of(args, 0, geometry.channels, geometry.height, geometry.width))
    put_words(job, STRIDES + STRIDE_WORDS, strides_of(args, 1, geometry.filters, out_height, out_width))
    put_words(
        job, STRIDES + 2 * STRIDE_WORDS, strides_of(args, 2, geometry.filters, out_height // SIDE, out_width // SIDE)
    )
    put_words(job, GEOMETRY, geometry)
    put_kernels(job + MICRO_KERNELS * WORD)
    call(stripe_place(), (job, 0))


@njit(inline="always", error_model="numpy")
def is_packed_for(packed: int, dims: Dims) -> bool:
    """Whether weights were packed for such a layer, by this code."""
    code, filters, channels, groups, taps_down, taps_across = packed_for(dims)
    is_same: bool = (
        word(packed, 0) == code
        and word(packed, 1) == filters
        and word(packed, 2) == channels
        and word(packed, 3) == groups
        and word(packed, 4) == taps_down
        and word(packed, 5) == taps_across
    )
    return is_same


@njit(inline="always", error_model="numpy")
def are_told(args: int, number: int) -> bool:
    """Whether the strides of an array are given."""
    first = ARRAYS_AT + number * ARRAY_WORDS + 1
    is_any: bool = (word(args, first) | word(args, first + 1) | word(args, first + 2) | word(args, first + 3)) != 0
    return is_any


@njit(inline="always", error_model="numpy")
def are_taken(args: int, number: int) -> bool:
    """Whether this code reads or writes an array of such strides: its channels (NHWC) or columns are neighbours."""
    has_neighbours: bool = word(args, NEIGHBOURS + number * ARRAY_WORDS) == 1
    return not are_told(args, number) or (STRIDED and has_neighbours)


@njit(inline="always", error_model="numpy")
def strides_of(args: int, number: int, channels: int, height: int, width: int) -> Strides:
    """The strides of an array in elements: those that are told, or those of places that follow one another."""
    first = ARRAYS_AT + number * ARRAY_WORDS + 1
    if are_told(args, number):
        return Strides(word(args, first), word(args, first + 1), word(args, first + 2), word(args, first + 3))
    if CHANNELS_LAST:
        return Strides(height * width * channels, 1, width * channels, channels)
    return Strides(channels * height * width, height * width, width, 1)
