"""What a caller in C gives: structures of words of 64 bits, as the header of the library declares them."""

from __future__ import annotations

from typing import NamedTuple

from wincook.kernels.codegen.body.job import Geometry, Strides
from wincook.kernels.codegen.body.lanes.vectors import words_as


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
    """The addresses of what a call reads and works in, after its `Dims` and the arrays x, residual and y.

    Each array is an address and its `Strides`, which are all 0 if its places follow one another.
    """

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
OPERANDS_AT = ARRAYS_AT + 3 * ARRAY_WORDS
DESCRIBED_GEOMETRY = len(Described._fields)
DESCRIBED_WORDS = DESCRIBED_GEOMETRY + len(Geometry._fields)

dims_at, operands_at = words_as(Dims, 0), words_as(Operands, OPERANDS_AT)
described_at, geometry_after = words_as(Described, 0), words_as(Geometry, DESCRIBED_GEOMETRY)
