"""The ways to compute a layer with products in a narrow format, the quickest first: few, and chosen for their noise.

In narrow formats points decide: products of the same number leave 15 dB more or less. So the tiles are those of a few
numbers of inputs, on sets of small fractions whose ratio of signal to noise is among the best, and whose transforms are
short. The ratio is that of half-normal inputs and He weights: calibrations of a layer's own images tell more.
"""

from __future__ import annotations

from functools import lru_cache
from math import log10

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.errors import AlgorithmError, FormatError
from wincook.kernels.choice.choose import Choice, choice_of
from wincook.kernels.choice.machine import Machine
from wincook.kernels.plans.formats import Formats, ProductFormat
from wincook.kernels.plans.plan import AXES, plan
from wincook.kernels.target import Target
from wincook.layers import Layer, lift, reduce
from wincook.tile import Tile

DEFAULT_DECIBELS: dict[ProductFormat, float] = {"bfloat16": 40.0, "int16": 42.0, "int8": 34.0}
"""The least ratio of a choice where no limit is given."""

SETS = {4: ("0, ±1, ∞",), 6: ("0, ±5/8, ±3/2, ∞", "0, ±1, x^2+1, ∞"), 8: ("0, ±2/3, ±3/2, x^2+1, ∞",)}
"""Points of one axis, by its inputs m + r - 1."""

_INTEGERS = ("int8", "int16")  # formats that need a calibration, which is of a layer of a single part


def narrow_choices(layer: Layer, formats: Formats, target: Target, threads: int, limit: float) -> tuple[Choice, ...]:
    """The choices in a format of products other than float32, within a limit on the error, the quickest first.

    The error is the RMS of the error over the RMS of y, as predicted.
    """
    within = (choice for choice in _every(layer, formats, target, threads) if choice.error <= limit)
    return tuple(sorted(within, key=lambda choice: choice.estimate.seconds))


def narrow_choice(layer: Layer, formats: Formats, target: Target, threads: int, limit: float | None) -> Choice:
    """The quickest one; left out, the limit is that of `DEFAULT_DECIBELS`, or the least error where that is more.

    Raises:
        FormatError: the layer is none that tiles compute in this format.
        AlgorithmError: none is within the limit.
    """
    every = _every(layer, formats, target, threads)
    if not every:
        raise FormatError(f"no tile computes {layer} with products in {formats.format}; take float32")
    allowed = 10 ** (-DEFAULT_DECIBELS[formats.format] / 20) if limit is None else limit
    quickest = next(iter(narrow_choices(layer, formats, target, threads, allowed)), None)
    if quickest is not None:
        return quickest
    best = min(every, key=lambda choice: choice.error)
    if limit is not None:
        raise AlgorithmError(
            f"no tile computes {layer} in {formats.format} within max_error = {limit:.2g}; the least relative RMS error "
            f"is {best.error:.2g}, {-20 * log10(best.error):.1f} dB"
        )
    return best


@lru_cache(maxsize=64)
def _every(layer: Layer, formats: Formats, target: Target, threads: int) -> tuple[Choice, ...]:
    """A choice of each set that fits the layer."""
    if layer.groups > 1 or layer.transposed or max(layer.kernel) == 1:
        return ()
    reduction = lift(reduce(layer), AXES)
    is_whole = layer.plain and layer.dimension == AXES and len(reduction.parts) == 1
    if formats.format in _INTEGERS and len(reduction.parts) > 1:
        return ()
    machine, found = Machine.of(target), []
    for inputs, several in SETS.items():
        for points in several:
            plans = {
                plain: plan(plain, exact, target, threads, formats)
                for plain in {layer if is_whole else part.layer for part in reduction.parts}
                if (exact := _algorithm_of(plain, inputs, points)) is not None
            }
            parts = [(part, plans.get(layer if is_whole else part.layer)) for part in reduction.parts]
            possible = tuple((part, single) for part, single in parts if single is not None)
            if len(possible) == len(parts):
                found.append(choice_of(layer, reduction.padding, possible, machine))
    return tuple(found)


def _algorithm_of(plain: Layer, inputs: int, points: str) -> BilinearAlgorithm | None:
    """That of tiles with so many inputs along each axis, but for those of one tap; none if there are too many taps."""
    outputs = tuple(inputs - taps + 1 if taps > 1 else 1 for taps in plain.kernel)
    if any(m == 1 < taps or m < 1 for m, taps in zip(outputs, plain.kernel, strict=True)):
        return None
    return algorithm(Tile(outputs, plain.kernel), [points if taps > 1 else "∞" for taps in plain.kernel])
