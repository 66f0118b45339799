"""The ways to compute a layer with products in a narrow format, the quickest first: few, and chosen for their noise.

In narrow formats points decide: products of the same number leave 15 dB more or less. So the tiles are those of a few
numbers of inputs along each axis, on sets whose ratio of signal to noise is among the best, and whose transforms are
short. The ratio is that of half-normal inputs and He weights: calibrations of a layer's own images tell more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product
from math import log10

from wincook.analysis.quantisation.of_law import snr_of_law
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.subject import Subject
from wincook.errors import AlgorithmError, FormatError, ShapeError
from wincook.kernels.choice.choose import Choice, choice_of
from wincook.kernels.choice.machine import Machine
from wincook.kernels.plans.direct import is_direct, plan_terms
from wincook.kernels.plans.formats import Formats, ProductFormat
from wincook.kernels.plans.layer_plan import Padding, Parts
from wincook.kernels.plans.plan import AXES, plan
from wincook.kernels.plans.quantised import is_quantised, plan_quantised
from wincook.kernels.target import Target
from wincook.layers import Layer, lift, reduce
from wincook.quantisation.subject import DIRECT
from wincook.tile import Tile

DEFAULT_DECIBELS: dict[ProductFormat, float] = {"bfloat16": 40.0, "int16": 42.0, "int8": 34.0}
"""The least ratio of a choice where no limit is given."""

SETS = {
    4: ("0, ±1, ∞",),
    5: ("±3/8, ±5/4, ∞",),
    6: ("0, ±5/8, ±3/2, ∞", "0, ±1, x^2+1, ∞"),
    7: ("±2/7, ±6/7, ±7/4, ∞", "0, ±6/7, ±2, x^2+1"),
    8: ("0, ±2/3, ±3/2, x^2+1, ∞",),
    9: ("0, ±7/11, ±9/8, ±3, x^2+1",),
}
"""Points of one axis, by its inputs m + r - 1."""

_ROOM = 1.5  # decibels by which two axes may be better than the mean of their squares
_MOST_OVERHANG = 2  # times the outputs of a layer along an axis

_CHANNELS = 64  # of the ratio of a square; how many there are hardly matters

Set = tuple[int, str]  # inputs of an axis, and its points
_SETS: tuple[Set, ...] = tuple((inputs, points) for inputs, several in SETS.items() for points in several)


def narrow_choices(
    layer: Layer, formats: Formats, target: Target, threads: int, limit: float, most: int
) -> tuple[Choice, ...]:
    """The choices in a format of products other than float32, within a limit on the error, the quickest first.

    The error is the RMS of the error over the RMS of y, as predicted; so many choices at most.
    """
    within = (choice for choice in _by_time(layer, formats, target, threads, limit) if choice.error <= limit)
    return tuple(choice for choice, _ in zip(within, range(most), strict=False))


def narrow_choice(layer: Layer, formats: Formats, target: Target, threads: int, limit: float | None) -> Choice:
    """The quickest one; left out, the limit is that of `DEFAULT_DECIBELS`, or the least error where that is more.

    Raises:
        FormatError: the layer is none that kernels compute in this format.
        AlgorithmError: none is within the limit.
    """
    allowed = 10 ** (-DEFAULT_DECIBELS[formats.format] / 20) if limit is None else limit
    quickest = next(iter(narrow_choices(layer, formats, target, threads, allowed, 1)), None)
    if quickest is not None:
        return quickest
    every = _by_time(layer, formats, target, threads, 1.0)
    if not every:
        raise FormatError(f"no kernel computes {layer} with products in {formats.format}; take float32")
    best = min(every, key=lambda choice: choice.error)
    if limit is not None:
        raise AlgorithmError(
            f"nothing computes {layer} in {formats.format} within max_error = {limit:.2g}; the least relative RMS "
            f"error is {best.error:.2g}, {-20 * log10(best.error):.1f} dB"
        )
    return best


@lru_cache(maxsize=128)
def _by_time(layer: Layer, formats: Formats, target: Target, threads: int, limit: float) -> tuple[Choice, ...]:
    """A choice of each pair of sets that fits the layer and may be within the limit, the quickest first."""
    machine = Machine.of(target)
    ways = _of_integers if is_quantised(formats) else _of_floats
    found = (choice_of(layer, *way, machine) for way in ways(layer, formats, target, threads, limit))
    return tuple(sorted(found, key=lambda choice: choice.estimate.seconds))


def _of_integers(
    layer: Layer, formats: Formats, target: Target, threads: int, limit: float
) -> Iterator[tuple[Padding, Parts]]:
    """One kernel for the whole layer, by a tile or by sums of products."""
    subjects: list[Subject] = [DIRECT]
    if layer.dense and set(layer.strides) == {1} and max(layer.kernel) > 1:
        subjects += _pairs(layer, formats.format, limit)
    for subject in subjects:
        try:
            yield (), ((None, plan_quantised(layer, subject, None, target, threads, formats)),)
        except (FormatError, ShapeError):  # there is no such kernel, or too many channels to sum
            continue


def _of_floats(
    layer: Layer, formats: Formats, target: Target, threads: int, limit: float
) -> Iterator[tuple[Padding, Parts]]:
    """Sums of products; the layer itself on pairs of sets, or its parts, each on the same set."""
    if layer.groups > 1 or layer.transposed:
        return
    if is_direct(layer):
        yield (), ((None, plan_terms(layer, target, threads, formats)),)
    if max(layer.kernel) == 1:
        return
    if layer.plain and layer.dimension == AXES:
        for exact in _pairs(layer, formats.format, limit):
            yield (), ((None, plan(layer, exact, target, threads, formats)),)
        return
    reduction = lift(reduce(layer), AXES)
    inner = formats if len(reduction.parts) == 1 else replace(formats, output_format="float32")  # they are added up
    for one_set in _SETS:
        of_parts = {part.layer: _nested(part.layer, (one_set, one_set)) for part in reduction.parts}
        algorithms = {plain: each for plain, each in of_parts.items() if each is not None}
        plans = {plain: plan(plain, each, target, threads, inner) for plain, each in algorithms.items()}
        if len(algorithms) == len(of_parts):
            yield reduction.padding, tuple((part, plans[part.layer]) for part in reduction.parts)


def _pairs(layer: Layer, format: str, limit: float) -> Iterator[BilinearAlgorithm]:
    """The algorithms of pairs of sets, one for each axis, whose squares promise to be within the limit."""
    wanted = -20 * log10(limit) - _ROOM
    for pair in product(*(_SETS if taps > 1 else ((1, "∞"),) for taps in layer.kernel)):
        exact = _nested(layer, pair)
        if exact is None:
            continue
        squares = [
            snr_of_law(_square(n - r + 1, r, points), format, _CHANNELS, "relu")
            for (n, points), r in zip(pair, layer.kernel, strict=True)
            if r > 1
        ]
        if sum(squares) >= wanted * len(squares):
            yield exact


def _nested(layer: Layer, pair: tuple[Set, ...]) -> BilinearAlgorithm | None:
    """An algorithm with a set along each axis of several taps; none where it has one output, or most are overhang."""
    outputs = tuple(n - taps + 1 if taps > 1 else 1 for (n, _), taps in zip(pair, layer.kernel, strict=True))
    fits = (
        taps == 1 or 1 < m < _MOST_OVERHANG * size
        for m, taps, size in zip(outputs, layer.kernel, layer.output_size, strict=True)
    )
    if not all(fits):
        return None
    squares = [
        _square(m, taps, points if taps > 1 else "∞")
        for m, taps, (_, points) in zip(outputs, layer.kernel, pair, strict=True)
    ]
    points = tuple(square.points[0] for square in squares)
    return replace(
        squares[0], tile=Tile(outputs, layer.kernel), points=points, axes=tuple(square.axes[0] for square in squares)
    )


@lru_cache(maxsize=256)
def _square(outputs: int, taps: int, points: str) -> BilinearAlgorithm:
    return algorithm(Tile((outputs,) * AXES, (taps,) * AXES), points)
