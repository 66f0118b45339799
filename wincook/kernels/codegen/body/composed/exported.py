"""What a layer of several kernels says of dims that C gives: whether they are its own, bands, memory for weights."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.composed.moves import fill
from wincook.kernels.codegen.body.composed.stages import NUMBER_OF_CALLS, bytes_of
from wincook.kernels.codegen.body.composed.tables import CALL_BYTES, call_at, calls_place
from wincook.kernels.codegen.body.constants import BANDS, KNOWN, LANES, PART_FILTERS, PART_WEIGHTS
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import ALIGNMENT, put_addresses
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.vectors import BYTES

KERNELS = 0  # addresses that a job has: none
LINE = ALIGNMENT // BYTES

put_kernels = put_addresses("", KERNELS)


@njit(inline="always", error_model="numpy")
def knows(dims: Dims) -> bool:
    """Whether these are the sizes, taps and steps that the layer was planned for, of any number of images."""
    return (
        dims.channels == KNOWN[0]
        and dims.height == KNOWN[1]
        and dims.width == KNOWN[2]
        and dims.filters == KNOWN[3]
        and dims.groups == KNOWN[4]
        and dims.taps_down == KNOWN[5]
        and dims.taps_across == KNOWN[6]
        and dims.stride_down == KNOWN[7]
        and dims.stride_across == KNOWN[8]
        and dims.dilation_down == KNOWN[9]
        and dims.dilation_across == KNOWN[10]
        and dims.top == KNOWN[11]
        and dims.bottom == KNOWN[12]
        and dims.left == KNOWN[13]
        and dims.right == KNOWN[14]
    )


@njit(inline="always", error_model="numpy")
def bias_floats(filters: int) -> int:
    """Numbers for each filter are read in whole vectors."""
    return -(-filters // LANES) * LANES


@njit(inline="always", error_model="numpy")
def filter_floats(sizes: tuple[int, ...]) -> int:
    """Floats of the packed weights of all kernels, and of room to pack those of one, whatever the sizes."""
    floats = -(-PART_WEIGHTS // LINE) * LINE + PART_FILTERS
    for number in range(NUMBER_OF_CALLS):
        floats += bytes_of(call_at(calls_place() + number * CALL_BYTES), 1, 1) // BYTES
    return floats


@njit(inline="always", error_model="numpy")
def terms_of_pixel(dims: Dims) -> int:
    """Floats of a pixel in memory to work in, beside its channels and filters."""
    return 1


@njit(inline="always", error_model="numpy")
def items_of(geometry: Geometry) -> int:
    """Bands of rows: what can be computed one by one."""
    return geometry.batch * BANDS


@njit(inline="always", error_model="numpy")
def panel_of(dims: Dims, out_height: int, out_width: int) -> int:
    """Bands have the rows that were planned, whatever is asked for."""
    return 1


@njit(inline="always", error_model="numpy")
def packing_floats(dims: Dims) -> int:
    """Floats behind U that packing works in."""
    return 0


@njit(inline="always", error_model="numpy")
def weights_taken(U: int) -> int:
    """Where the weights of one kernel are put together: behind the packed ones of all."""
    place = U
    for number in range(NUMBER_OF_CALLS):
        place += bytes_of(call_at(calls_place() + number * CALL_BYTES), 1, 1)
    return place


@njit(inline="always", error_model="numpy")
def no_bias(U: int) -> int:
    """Where -0 stands for each filter of a kernel: a bias that changes no number."""
    place: int = weights_taken(U) + -(-PART_WEIGHTS // LINE) * LINE * BYTES
    fill(place, PART_FILTERS, -0.0)
    return place
