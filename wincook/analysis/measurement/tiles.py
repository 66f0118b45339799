"""Tiles: how they are drawn, and how the interpreter computes them.

A sample is one tile: C channels of inputs and of a filter, and y = AT [Σ_c (G g_c) ⊙ (BT d_c)] with every operation
rounded. Arrays are of shape (tiles, ...), but in memory the tiles lie together: each operation is one long vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce
from math import prod

import numpy as np

from wincook.analysis.data.distributions import check_range
from wincook.analysis.problem import Problem
from wincook.arguments import instance, whole_number
from wincook.arrays import Array, real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.ceiling import check_work
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import DataError, ShapeError
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program import bfloat16, rounding
from wincook.program.arithmetic import round_to
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.programs import Programs, programs_of, sizes
from wincook.summation import Chains

_PER_NUMBER = 32  # bytes of a number that is drawn and rounded
_AT_ONCE = 3 << 12  # numbers in one operation: they stay in the cache, and below what malloc maps afresh each time


class Sampler:
    """Tiles of a law, one after the other: the same ones for the same seed, in whatever portions they are taken.

    Raises:
        NotationError: no problem.
        ShapeError: a seed below 0.
    """

    def __init__(self, problem: Problem, seed: int) -> None:
        self._problem = instance("problem", problem, Problem, "make it with Problem.of('F(2,3)')")
        seed = whole_number("seed", seed, 0, None)
        self._inputs, self._filters = np.random.default_rng(seed).spawn(2)

    def take(self, number: int) -> tuple[Array, Array]:
        """Inputs (number, C, n_1, ...) and filters (number, C, r_1, ...), rounded to their stages.

        Raises:
            DataError: the law gives values that the format or the reference cannot hold.
            ShapeError: no tiles.
            LimitError: more than memory is made for.
        """
        problem, tile, law = self._problem, self._problem.algorithm.tile, self._problem.law
        number = whole_number("number", number)
        numbers = number * problem.channels * (prod(tile.inputs) + prod(tile.taps))
        check_work(f"drawing {number} tiles of {tile} with {problem.channels} channels", 0, _PER_NUMBER * numbers)
        d = law.draw_input(self._inputs, (number, problem.channels, *tile.inputs))
        g = law.draw_filter(self._filters, (number, problem.channels, *tile.taps), problem.taps)
        return (
            _rounded(d, f"inputs of law {law.name}", problem.precision.input),
            _rounded(g, f"filters of law {law.name}", problem.precision.filter),
        )


def _rounded(values: Array, what: str, fmt: Format) -> Array:
    """Data in their format, tiles together in memory."""
    if not np.isfinite(values).all():
        raise DataError(f"{what} are infinite or NaN; all must be finite")
    check_range(values, what)
    rounded = rounding.round_to(values, fmt)
    if not fmt.is_exact and not np.isfinite(rounded).all():
        raise DataError(
            f"{what} go up to {np.max(np.abs(values)):.3g}, and {fmt} only to {float(fmt.largest):.6g}; scale them"
        )
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(rounded, 0, -1)), -1, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """All that is computed on the way: U and V (tiles, C, R_1, ...), M (tiles, R_1, ...), y (tiles, m_1, ...)."""

    U: Array
    V: Array
    M: Array
    y: Array


def compute(algorithm: Subject, precision: Precision | Format | str, d: Array, g: Array) -> Array:
    """y of tiles, with every operation rounded: shape (tiles, m_1, ...).

    The channels are summed as `wincook.summation` says, in float32 by fmas, and pairs of bfloat16 as processors do it:
    just as in kernels.

    Args:
        algorithm: a correlation.
        precision: the format of each stage.
        d: inputs of shape (tiles, C, n_1, ...), rounded to their format first.
        g: filters of shape (tiles or 1, C, r_1, ...), likewise.

    Raises:
        AlgorithmError: the algorithm is no correlation of real numbers.
        FormatError: an unknown format, or one that cannot hold a constant.
        DataError: no real numbers.
        ShapeError: arrays that do not fit the tile, or one another.
    """
    algorithm, policy, d, g = _given(algorithm, precision, d, g)
    return computed(programs_of(algorithm), algorithm.tile.outputs, policy, d, g)


def computed(programs: Programs, outputs: tuple[int, ...], precision: Precision, d: Array, g: Array) -> Array:
    """The same by given programs, whose tile has so many outputs per axis, of data in the carriers of their formats."""
    block = max(1, tiles_at_once(programs) // len(d))
    channels = d.shape[1]
    if precision.in_pairs:
        block += block % 2
    length = Chains.of(channels, prod(sizes(programs.input)), in_pairs=precision.in_pairs).length
    total: Array | None = None
    for first in range(0, channels, length):
        last = min(first + length, channels)
        M: Array | None = None
        for start in range(first, last, block):
            some = slice(start, min(start + block, last))
            M = _accumulated(M, *_transformed(programs, precision, d[:, some], g[:, some]), precision)
        assert M is not None  # noqa: S101 (there is a channel)
        total = M if total is None else rounding.add(total, M, precision.accumulate)
    assert total is not None  # noqa: S101 (likewise)
    return _output(programs, precision, total).reshape(len(d), *outputs)


def tiles_at_once(programs: Programs) -> int:
    """How many tiles of one channel an operation should have: it takes one slice of the transformed tile."""
    products = [len(program.outputs) for program in programs.input]
    return max(1, _AT_ONCE * min(products) // prod(products))


def trace(algorithm: Subject, precision: Precision | Format | str, d: Array, g: Array) -> Trace:
    """All stages of `compute`, which has the same arguments and errors."""
    algorithm, policy, d, g = _given(algorithm, precision, d, g)
    return traced(programs_of(algorithm), algorithm.tile.outputs, policy, d, g)


def traced(programs: Programs, outputs: tuple[int, ...], precision: Precision, d: Array, g: Array) -> Trace:
    """The same as by `computed`."""
    U, V = _transformed(programs, precision, d, g)
    channels = d.shape[1]
    length = Chains.of(channels, prod(sizes(programs.input)), in_pairs=precision.in_pairs).length
    chains = (slice(first, first + length) for first in range(0, channels, length))
    sums = (_accumulated(None, U[:, some], V[:, some], precision) for some in chains)
    M = reduce(partial(rounding.add, fmt=precision.accumulate), sums)
    return Trace(U, V, M, _output(programs, precision, M).reshape(len(d), *outputs))


def _given(
    subject: Subject, policy: Precision | Format | str, d: Array, g: Array
) -> tuple[BilinearAlgorithm, Precision, Array, Array]:
    """The arguments of `compute`, checked."""
    precision = Precision.of(policy)
    algorithm = correlation_of(subject, "compute tiles", format=precision)
    d, g = real_array("d", d, exact=True), real_array("g", g, exact=True)
    tile, channels = algorithm.tile, d.shape[1:2]
    fits = d.shape[2:] == tile.inputs and g.shape[1:] == (*channels, *tile.taps) and len(g) in {1, len(d)}
    if not (d.size and g.size and fits):
        raise ShapeError(
            f"d {d.shape} and g {g.shape} do not fit {tile}; give d of shape (tiles, C, {_listed(tile.inputs)}) and g "
            f"of shape (tiles, C, {_listed(tile.taps)}), for at least one tile and one channel"
        )
    return algorithm, precision, round_to(d, precision.input), round_to(g, precision.filter)


def _listed(sizes: tuple[int, ...]) -> str:
    return ", ".join(map(str, sizes))


def _transformed(programs: Programs, precision: Precision, d: Array, g: Array) -> tuple[Array, Array]:
    U = evaluate_axes(programs.filter, g.reshape(*g.shape[:2], *sizes(programs.filter)), Rounded(precision.filter))
    V = evaluate_axes(programs.input, d.reshape(*d.shape[:2], *sizes(programs.input)), Rounded(precision.input))
    if precision.in_pairs:
        U, V = bfloat16.flushed(U), bfloat16.flushed(V)
    return _stored(U, precision.filter, precision.U), _stored(V, precision.input, precision.V)


def _accumulated(M: Array | None, U: Array, V: Array, precision: Precision) -> Array:
    if M is None:
        M = rounding.round_to(np.zeros_like(V[:, 0], dtype=np.float64), precision.accumulate)
    if precision.in_pairs:
        return _in_pairs(M, U, V)
    for channel in range(V.shape[1]):
        M = rounding.accumulate(M, U[:, channel], V[:, channel], precision)
    return M


def _in_pairs(M: Array, U: Array, V: Array) -> Array:
    """The sums of bfloat16 products, of two channels at a time; a channel alone is beside zeros."""
    for channel in range(0, V.shape[1], 2):
        pairs = (values[:, channel : channel + 2] for values in (U, V))
        M = bfloat16.dot(M, *(np.moveaxis(_pair(pair), 1, -1) for pair in pairs))
    return M


def _pair(values: Array) -> Array:
    return values if values.shape[1] == 2 else np.concatenate([values, np.zeros_like(values)], axis=1)  # noqa: PLR2004


def _output(programs: Programs, precision: Precision, M: Array) -> Array:
    return evaluate_axes(programs.output, _stored(M, precision.accumulate, precision.output), Rounded(precision.output))


def _stored(values: Array, computed: Format, stored: Format) -> Array:
    return values if stored == computed else rounding.round_to(values, stored)
