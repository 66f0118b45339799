"""The ways to compute a layer with products in a narrow format, the quickest first: few, and chosen for their noise.

In narrow formats points decide: products of the same number leave 15 dB more or less. So the tiles are those of a few
numbers of inputs along each axis, on sets whose ratio of signal to noise is among the best, and whose transforms are
short. The ratio is that of normal inputs after a ReLU and He weights: calibrations of a layer's own images tell more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice, product
from math import log10

from wincook.analysis.quantisation.of_law import snr_of_law
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.errors import AlgorithmError, FormatError, ShapeError
from wincook.kernels.choice.choose import Choice, choice_of
from wincook.kernels.choice.machine import Machine
from wincook.kernels.choice.recipe import recipes
from wincook.kernels.plans.direct import plan_terms, with_two_axes
from wincook.kernels.plans.formats import Formats, ProductFormat
from wincook.kernels.plans.one_group import one_group
from wincook.kernels.plans.plan import AXES, Plan
from wincook.kernels.plans.quantised import is_quantised, plan_quantised
from wincook.kernels.plans.tiles.tiled import plan
from wincook.kernels.target import Target
from wincook.layers import Layer
from wincook.quantisation.subject import DIRECT
from wincook.tile import Tile

DEFAULT_DECIBELS: dict[ProductFormat, float] = {"bfloat16": 40.0, "int16": 42.0, "int8": 34.0}
"""The least ratio of a choice where no limit is given."""

SETS = {
    4: ("0, ±1, ∞",),
    5: ("±3/8, ±5/4, ∞", "0, ±1, x^2+3/2"),
    6: ("0, ±5/8, ±3/2, ∞", "0, ±1, x^2+1, ∞"),
    7: ("±2/7, ±6/7, ±7/4, ∞", "0, ±6/7, ±2, x^2+1"),
    8: ("0, ±8/11, ±11/8, x^2+1, ∞",),
    9: ("0, ±7/11, ±9/8, ±3, x^2+1",),
}
"""Points of one axis, by its inputs m + r - 1; in the tests they are held to the best of the atlas."""

_ROOM = 1.5  # decibels by which two axes may be better than the mean of their squares
_MOST_OVERHANG = 2  # times the outputs of a layer along an axis
_MOST_PRODUCTS = 9  # along an axis with a stride

_CHANNELS = 64  # of the ratio of a square; how many there are hardly matters


def narrow_choices(
    layer: Layer, formats: Formats, target: Target, threads: int, limit: float, most: int
) -> tuple[Choice, ...]:
    """The choices in a format of products other than float32, within a limit on the error, the quickest first.

    The error is the RMS of the error over the RMS of y, as predicted; so many choices at most.
    """
    within = (choice for choice in _by_time(layer, formats, target, threads, limit) if choice.error <= limit)
    return tuple(islice(within, most))


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
    """A choice of each algorithm that may be within the limit, and of sums of products, the quickest first."""
    try:
        of_group = one_group(layer, formats.format)
    except FormatError:  # it has other kernels
        return ()
    machine, lifted = Machine.of(target), with_two_axes(of_group)
    algorithms = list(_algorithms(lifted, formats.format, limit)) if lifted.dense and max(lifted.kernel) > 1 else []
    found = []
    for exact in (None, *algorithms):
        try:
            single = _plan(of_group, exact, target, threads, formats)
        except (FormatError, ShapeError):  # there is no such kernel, or too many channels to sum
            continue
        found.append(choice_of(layer, (), ((None, single),), machine))
    return tuple(sorted(found, key=lambda choice: choice.estimate.seconds))


def _plan(layer: Layer, exact: BilinearAlgorithm | None, target: Target, threads: int, formats: Formats) -> Plan:
    """The kernel of a layer of one group, by an algorithm or by sums of products."""
    if is_quantised(formats):
        return plan_quantised(layer, exact or DIRECT, None, target, threads, formats)
    if exact is None:
        return plan_terms(layer, target, threads, formats)
    return plan(with_two_axes(layer), exact, target, threads, formats)


def _algorithms(layer: Layer, format: str, limit: float) -> Iterator[BilinearAlgorithm]:
    """A set for each axis, of all whose squares promise to be within the limit together."""
    wanted = -20 * log10(limit) - _ROOM
    along = (_squares(*sizes) for sizes in zip(layer.kernel, layer.strides, layer.output_size, strict=True))
    for pair in product(*along):
        decibels = [snr_of_law(square, format, _CHANNELS, "relu") for square in pair if square.multiplications > 1]
        if sum(decibels) >= wanted * len(decibels):
            tiles = [square.tile for square in pair]
            points = tuple(square.points[0] for square in pair if square.points)  # those with strides have none
            yield replace(
                pair[0],
                tile=Tile(
                    *(tuple(getattr(each, name)[0] for each in tiles) for name in ("outputs", "taps", "strides"))
                ),
                points=points if len(points) == len(pair) else (),
                axes=tuple(square.axes[0] for square in pair),
            )


def _squares(taps: int, stride: int, size: int) -> tuple[BilinearAlgorithm, ...]:
    """What an axis of so many taps and outputs can be computed by, nested with itself."""
    if taps == stride == 1:
        return (_square(1, 1, "∞"),)
    if stride == 1:
        tiles = [(inputs - taps + 1, points) for inputs, several in SETS.items() for points in several]
        return tuple(_square(m, taps, points) for m, points in tiles if 1 < m < _MOST_OVERHANG * size)
    return tuple(
        recipe.square
        for recipe, figures in recipes(taps, stride).items()
        if 1 < recipe.outputs < _MOST_OVERHANG * size and figures.products <= _MOST_PRODUCTS
    )


@lru_cache(maxsize=256)
def _square(outputs: int, taps: int, points: str) -> BilinearAlgorithm:
    return algorithm(Tile((outputs,) * AXES, (taps,) * AXES), points)
