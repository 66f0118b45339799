"""Measured errors: the programs run in rounded arithmetic, against arithmetic that is exact or nearly so.

The first tiles are certified: judged by integer arithmetic, together with the reference that judges the rest. Tiles
are drawn, computed and counted in portions that fit the cache, so memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from math import prod

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.analysis.measurement.reference import differences, exact, reference
from wincook.analysis.measurement.statistics import Statistics, Tally
from wincook.analysis.measurement.tiles import Sampler, computed, tiles_at_once, traced
from wincook.analysis.problem import Problem
from wincook.arguments import function, whole_number
from wincook.arrays import Array, real_array
from wincook.ceiling import check_work
from wincook.construct.subject import Subject
from wincook.errors import ShapeError
from wincook.formats import Format
from wincook.log import timed
from wincook.precision import Precision
from wincook.shown import brief
from wincook.stages import PerStage, add

Engine = Callable[[Array, Array], Array]  # y (tiles, m_1, ...) of inputs (tiles, C, n_1, ...) and filters
Progress = Callable[[int], bool]  # is told how many tiles are done, and says whether to go on

_CERTIFIED = 16
_NUMBERS_AT_ONCE = 1 << 20
_LARGEST_TILE = 1 << 22  # numbers in a tile, all channels together
_PER_PRODUCT, _PER_EXACT = 1 / 15, 20  # operations, as `ceiling` counts them, of a multiplication that is replaced
_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Measurement(Statistics):
    """Statistics of computed - exact, and what they rest on.

    `samples` tiles were measured, of `outputs` outputs. `overflows` of these were infinite or NaN, and are left out of
    the statistics; `overflowed` says in which stage (U, V, accumulate or output) their tiles first were. `saturated`
    counts tiles that reached the largest number of a format that clips to it, in the same stages. `certified` tiles
    were judged exactly, and there the reference was never further off than `reference_error`. `largest_input` and
    `largest_filter` are the largest |d| and |g| drawn.
    """

    samples: int
    outputs: int
    overflows: int
    overflowed: PerStage[int]
    saturated: PerStage[int]
    certified: int
    reference_error: float
    largest_input: float
    largest_filter: float

    __repr__ = brief

    def __str__(self) -> str:
        lost = f", {self.overflows} of {self.outputs} outputs overflowed" if self.overflows else ""
        return f"RMS error {self.rms:.3g}, relative {self.relative_rms:.3g}, {self.samples} tiles{lost}"


def measure(
    algorithm: Subject,
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    samples: int = 1000,
    seed: int = 0,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Measurement:
    """Draw tiles and measure their errors.

    Args:
        algorithm: a correlation of real numbers.
        format: of all stages, or a policy with one for each.
        channels: C, over which products are summed in order.
        law: how data are drawn.
        samples: how many tiles.
        seed: of the random numbers. The first tiles of a larger sample are those of a smaller one.
        engine: what computes tiles in this precision, operation for operation; the interpreter if left out.
        progress: called after each portion with the number of tiles done; if it says no, they are the sample.

    Raises:
        AlgorithmError: the algorithm is no correlation of real numbers.
        NotationError: an unknown law, or an engine that is no function.
        ShapeError: no samples, no channels, or more than memory is made for.
        LimitError: so many tiles that it would take more than some ten minutes.
        DataError: data that the formats cannot hold.

    >>> measurement = measure("F(2,3)", "float16", samples=100)
    >>> measurement.samples, measurement.overflows
    (100, 0)
    """
    problem = Problem.of(algorithm, format, channels, law, purpose="have rounding errors to measure")
    return measurement_of(problem, samples, seed, engine=engine, progress=progress)


@timed("measure")
def measurement_of(
    problem: Problem,
    samples: int,
    seed: int,
    *,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Measurement:
    """The same for a problem that is checked already."""
    samples = _checked(problem, samples)
    go_on = None if progress is None else asked(progress)
    precision, outputs, strides = problem.precision, problem.algorithm.tile.outputs, problem.algorithm.tile.strides
    programs = problem.programs
    run = partial(computed, programs, outputs, precision) if engine is None else _checked_engine(engine, outputs)
    sampler, tally = Sampler(problem, seed), Tally(outputs, precision.output)
    portion = _portion(problem)
    overflowed = saturated = PerStage.uniform(0)
    certified, reference_error, largest = 0, 0.0, [0.0, 0.0]
    while tally.tiles < samples:
        first = not tally.tiles
        d, g = sampler.take(min(_CERTIFIED if first else portion, samples - tally.tiles))
        largest = [max(size, float(np.max(np.abs(drawn)))) for size, drawn in zip(largest, (d, g), strict=True)]
        y = run(d, g)
        high, low = reference(d, g, precision, strides)
        if first or precision.output.is_exact:
            certain = exact(d, g, strides)
            certified += len(d)
            reference_error = max(reference_error, float(np.max(np.abs(differences(high, certain) + low))))
            errors = differences(y, certain)
        else:
            errors = (y.astype(np.float64) - high) - low
        tally.add(errors, high)
        lost, clipped = _beyond(problem, d, g, errors)
        overflowed, saturated = add(overflowed, lost), add(saturated, clipped)
        if go_on is not None and not go_on(tally.tiles):
            break
    statistics, total = tally.statistics(), tally.tiles * prod(outputs)
    return Measurement(
        **{field.name: getattr(statistics, field.name) for field in fields(statistics)},
        samples=tally.tiles,
        outputs=total,
        overflows=total - tally.counted,
        overflowed=overflowed,
        saturated=saturated,
        certified=certified,
        reference_error=reference_error,
        largest_input=largest[0],
        largest_filter=largest[1],
    )


def asked(progress: Progress) -> Progress:
    """A progress that raises errors of this package alone.

    Raises:
        NotationError: it is no function, or fails.
    """
    call = function("progress", progress, "of how much is done")
    return function("progress", lambda done: bool(call(done)), "that says whether to go on")


def _checked_engine(engine: Engine, outputs: tuple[int, ...]) -> Engine:
    """An engine whose results are looked at."""
    called = function("engine", engine, "of inputs (tiles, C, n_1, ...) and filters (tiles, C, r_1, ...)")

    def run(d: Array, g: Array) -> Array:
        y = real_array("what the engine computed", called(d, g), exact=True)
        if y.shape != (len(d), *outputs):
            raise ShapeError(f"what the engine computed has shape {y.shape}; it must be {(len(d), *outputs)}")
        return y

    return run


def _checked(problem: Problem, samples: int) -> int:
    samples, precision, tile = whole_number("samples", samples), problem.precision, problem.algorithm.tile
    exactly = any(fmt.is_exact for fmt in (precision.U, precision.V, precision.accumulate, precision.output))
    products = samples * problem.channels * tile.direct_multiplications
    what = f"measuring {samples} tiles of {tile} in {precision}, {problem.channels} channels each,"
    check_work(what, products * (_PER_EXACT if exactly else _PER_PRODUCT), patience=_PATIENCE)
    inputs = prod(tile.inputs)
    if problem.channels * inputs > _LARGEST_TILE:
        raise ShapeError(
            f"channels = {problem.channels} are too many to measure {tile}, whose tiles have {inputs} inputs; "
            f"give at most {_LARGEST_TILE // inputs}"
        )
    return samples


def _portion(problem: Problem) -> int:
    """How many tiles at once; fractions are slow, so the next report should come soon."""
    precision = problem.precision
    if any(fmt.is_exact for fmt in (precision.filter, precision.input, precision.accumulate, precision.output)):
        return _CERTIFIED
    fit = _NUMBERS_AT_ONCE // (problem.channels * prod(problem.algorithm.tile.inputs))
    return max(1, min(tiles_at_once(problem.programs), fit))


def _beyond(problem: Problem, d: Array, g: Array, errors: Array) -> tuple[PerStage[int], PerStage[int]]:
    """By stage: outputs that are not finite, by where their tile first was not; and tiles at the end of a range."""
    formats = {stage: problem.precision[stage] for stage in ("U", "V", "accumulate", "output")}
    lost = np.count_nonzero(~np.isfinite(errors.reshape(len(d), -1)), axis=1)
    clips = [fmt.overflow == "saturate" for fmt in formats.values()]
    tiles = slice(None) if any(clips) else np.flatnonzero(lost)
    lost = lost[tiles]
    none = PerStage.uniform(0)
    if not lost.size:
        return none, none
    values = traced(problem.programs, problem.algorithm.tile.outputs, problem.precision, d[tiles], g[tiles])
    peaks = [_peaks(stage) for stage in (values.U, values.V, values.M, values.y)]
    first = np.argmax([~np.isfinite(peak) for peak in peaks], axis=0)
    overflowed = {stage: int(lost[first == place].sum()) for place, stage in enumerate(formats)}
    saturated = {
        stage: int(np.count_nonzero(peak >= float(fmt.largest))) if clip else 0
        for (stage, fmt), peak, clip in zip(formats.items(), peaks, clips, strict=True)
    }
    return none.replace(**overflowed), none.replace(**saturated)


def _peaks(values: Array) -> Array:
    """The largest magnitude in each tile; NaN if there is one."""
    return np.asarray(np.max(np.abs(values), axis=tuple(range(1, values.ndim))), np.float64)
