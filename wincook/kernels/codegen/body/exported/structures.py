"""What a caller in C gives: structures of words of 64 bits, as the header of the library declares them."""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from wincook.kernels.codegen.body.exported.words import address_in
from wincook.kernels.codegen.body.job import Geometry, Strides
from wincook.kernels.codegen.body.lanes.vectors import word, words_as


class Dims(NamedTuple):
    """A layer as C describes it, and with which code: all words of 64 bits.

    The variant is 0 for the best that the processor has. The panel is how many tiles, pixels or rows are computed
    together, or 0 if the library chooses.
    """

    variant: int
    batch: int
    channels: int
    height: int
    width: int
    filters: int
    groups: int
    taps_down: int
    taps_across: int
    stride_down: int
    stride_across: int
    dilation_down: int
    dilation_across: int
    top: int
    bottom: int
    left: int
    right: int
    panel: int


class Operands(NamedTuple):
    """The addresses of what a call reads and works in.

    After its `Dims` a call has the arrays x, residual and y, each an address and its `Strides`, which are all 0 if its
    places follow one another; then come the others.
    """

    x: int
    residual: int
    y: int
    packed: int
    workspace: int
    workspace_bytes: int


class Described(NamedTuple):
    """What follows from `Dims`: bytes, how far the rows of numbers for each filter are apart, items to compute."""

    workspace_bytes: int
    packed_bytes: int
    U_bytes: int
    apart: int
    items: int


STRIDE_WORDS = len(Strides._fields)
ARRAY_WORDS = 1 + STRIDE_WORDS
ARRAYS_AT = len(Dims._fields)  # x, the residual and y, one after another
OPERANDS_AT = ARRAYS_AT + 3 * ARRAY_WORDS  # packed weights, the workspace and its bytes
ARGS_WORDS = OPERANDS_AT + 3
DESCRIBED_GEOMETRY = len(Described._fields)
DESCRIBED_WORDS = DESCRIBED_GEOMETRY + len(Geometry._fields)

dims_at = words_as(Dims, 0)
described_at, geometry_after = words_as(Described, 0), words_as(Geometry, DESCRIBED_GEOMETRY)


@njit(inline="always", error_model="numpy")
def operands_in(args: int) -> Operands:
    """What a call is told at a place."""
    x, residual, y = ARRAYS_AT, ARRAYS_AT + ARRAY_WORDS, ARRAYS_AT + 2 * ARRAY_WORDS
    return Operands(
        address_in(args, x),
        address_in(args, residual),
        address_in(args, y),
        address_in(args, OPERANDS_AT),
        address_in(args, OPERANDS_AT + 1),
        word(args, OPERANDS_AT + 2),
    )


@njit(inline="always", error_model="numpy")
def has_steps(dims: Dims, taps: tuple[int, int], strides: tuple[int, int], dilations: tuple[int, int]) -> bool:
    """Whether the filters of a layer have such taps, and step so, along both axes."""
    return (
        dims.taps_down == taps[0]
        and dims.taps_across == taps[1]
        and dims.stride_down == strides[0]
        and dims.stride_across == strides[1]
        and dims.dilation_down == dilations[0]
        and dims.dilation_across == dilations[1]
    )
