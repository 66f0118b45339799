"""How long stages take, in modules that are made to be measured (`codegen/clocked.py`); others have none of this.

In front of the workspaces lies a line of words for all threads, and before it one for each, the first nearest:

    the address of clock_gettime
    seconds and nanoseconds as last read, when the stage began, and the nanoseconds of each stage so far
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.lanes.vectors import I64, call, pointer, word

MONOTONIC = 1  # which of the system's clocks
CLOCK_LINE = 64  # bytes
BEGIN, FIRST_STAGE = 2, 3  # numbers of words in a thread's line
NANO = 1_000_000_000


@intrinsic
def add_to_word(typingctx: Any, address: Any, number: Any, increase: Any) -> Any:
    """Add to the integer of that number in an array of int64."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        address, number, increase = arguments
        place = builder.gep(pointer(builder, address), [number], source_etype=I64)
        builder.store(builder.add(builder.load(place, typ=I64), increase), place)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


@njit(inline="always", error_model="numpy")
def nanoseconds(clock: int, line: int) -> int:
    """What the clock shows."""
    call(word(clock - CLOCK_LINE, 0), (MONOTONIC, line))
    shown: int = word(line, 0) * NANO + word(line, 1)
    return shown


@njit(inline="always", error_model="numpy")
def stage_begins(clock: int, thread: int) -> None:
    """Note the time."""
    line = clock - (2 + thread) * CLOCK_LINE
    add_to_word(line, BEGIN, nanoseconds(clock, line) - word(line, BEGIN))


@njit(inline="always", error_model="numpy")
def stage_ends(clock: int, thread: int, stage: int) -> None:
    """Add the time since it began to that of a stage."""
    line = clock - (2 + thread) * CLOCK_LINE
    add_to_word(line, FIRST_STAGE + stage, nanoseconds(clock, line) - word(line, BEGIN))
