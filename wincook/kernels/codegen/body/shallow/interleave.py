"""Vectors of tiles and vectors of columns: number k of tile t is column `step` t + k.

Steps that are even are taken in halves, with two vectors a shuffle; odd ones pick each lane.
"""

from __future__ import annotations

from llvmlite import ir

from wincook.kernels.codegen.body.constants import LANES
from wincook.kernels.codegen.body.lanes.vectors import I32

LANE_NUMBERS = range(LANES)
EVENS, ODDS = ([2 * lane + first for lane in LANE_NUMBERS] for first in (0, 1))
FRONTS, BACKS = ([lane // 2 + start + lane % 2 * LANES for lane in LANE_NUMBERS] for start in (0, LANES // 2))


def deinterleaved(builder: ir.IRBuilder, columns: list[ir.Value]) -> list[ir.Value]:
    """As many vectors, of LANES tiles, as there are of columns."""
    step = len(columns)
    if step == 1:
        return columns
    if step % 2:
        return [
            picked(builder, columns, [divmod(step * lane + k, LANES) for lane in LANE_NUMBERS]) for k in range(step)
        ]
    pairs = list(zip(columns[::2], columns[1::2], strict=True))
    halves = [deinterleaved(builder, [shuffled(builder, *pair, lanes) for pair in pairs]) for lanes in (EVENS, ODDS)]
    return [vector for both in zip(*halves, strict=True) for vector in both]


def interleaved(builder: ir.IRBuilder, tiles: list[ir.Value]) -> list[ir.Value]:
    """The vectors of columns again."""
    step = len(tiles)
    if step == 1:
        return tiles
    if step % 2:
        places = [divmod(column, step)[::-1] for column in range(step * LANES)]
        return [picked(builder, tiles, places[first : first + LANES]) for first in range(0, step * LANES, LANES)]
    pairs = zip(interleaved(builder, tiles[::2]), interleaved(builder, tiles[1::2]), strict=True)
    return [shuffled(builder, *pair, lanes) for pair in pairs for lanes in (FRONTS, BACKS)]


def picked(builder: ir.IRBuilder, vectors: list[ir.Value], places: list[tuple[int, int]]) -> ir.Value:
    """The vector whose lanes stand at the given places: numbers of a vector and of a lane."""
    first, *others = dict.fromkeys(number for number, _ in places)
    result = shuffled(builder, vectors[first], vectors[first], [lane for _, lane in places])
    for other in others:
        lanes = [LANES + lane if number == other else here for here, (number, lane) in enumerate(places)]
        result = shuffled(builder, result, vectors[other], lanes)
    return result


def shuffled(builder: ir.IRBuilder, first: ir.Value, second: ir.Value, lanes: list[int]) -> ir.Value:
    """Lanes of two vectors, those of the second counted from LANES on."""
    return builder.shuffle_vector(first, second, ir.Constant(ir.VectorType(I32, LANES), lanes))
