"""Parts with another number of axes: what computes layers with D of them computes all others.

Of a part with fewer axes, axes of one place, with filters of one tap, are put in front. One with more is the sum over
the taps of its first axes, whose places join the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod

from wincook.arguments import whole_number
from wincook.ceiling import check_work
from wincook.errors import ShapeError
from wincook.layers.part import Part
from wincook.layers.reduction import PER_PART, Reduction, reduction_of


def lift(reduction: Reduction, dimension: int) -> Reduction:
    """The same sum, by parts whose layers have so many axes.

    >>> from wincook.layers import Layer, reduce
    >>> cube = Layer(2, 4, size=(8, 8, 8), kernel=(3, 3, 3), batch=5)
    >>> flat = lift(reduce(cube), dimension=2)
    >>> len(flat.parts), str(flat.parts[0].layer), flat.parts[0].layer.batch
    (3, '3x3 convolution, 2 -> 4 channels, 8x8 -> 6x6', 30)
    >>> str(lift(reduce(Layer(2, 4, size=(8,), kernel=(3,))), dimension=2).parts[0].layer)
    '1x3 convolution, 2 -> 4 channels, 1x8 -> 1x6'

    Raises:
        ShapeError: no reduction, no number of axes, or so many parts that they would take longer than some minute.
    """
    reduction, dimension = reduction_of(reduction), whole_number("dimension", dimension)
    first = max(0, reduction.layer.dimension - dimension)
    number = sum(prod(len(axis.w) for axis in part.axes[:first]) for part in reduction.parts)
    check_work(f"{reduction.layer} in {number} parts", PER_PART * number, error=ShapeError)
    return replace(reduction, parts=tuple(lifted for part in reduction.parts for lifted in _lifted(part, dimension)))


def _lifted(part: Part, dimension: int) -> Iterator[Part]:
    first = max(0, len(part.axes) - dimension)
    taps = ([axis.taps(tap, 1) for tap in range(len(axis.w))] for axis in part.axes[:first])
    for chosen in product(*taps):
        yield replace(part, axes=(*chosen, *part.axes[first:]), dimension=dimension)
