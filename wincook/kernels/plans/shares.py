"""Where the shares of parts go: into y itself where nothing was before, or to what is there."""

from __future__ import annotations

from itertools import combinations
from math import prod

from wincook.layers import Reduction

_MOST = 64  # different places, each of which is compared with all others
Place = tuple[range, ...]  # filters, and outputs along each axis


def beginnings(reduction: Reduction) -> tuple[bool, ...]:
    """Which parts are the first at their places in y, so that their shares need not be added to zeros.

    None, unless the places of parts are the same or apart, and cover y.

    >>> from wincook.layers import Layer, reduce
    >>> beginnings(reduce(Layer(2, 4, size=(8,), kernel=(3,), stride=2)))
    (True, False)
    """
    places: list[Place] = [(part.filters, *(axis.y for axis in part.axes)) for part in reduction.parts]
    different, layer = list(dict.fromkeys(places)), reduction.layer
    if len(different) > _MOST or any(_meet(*pair) for pair in combinations(different, 2)):
        return (False,) * len(places)
    covered = sum(prod(map(len, place)) for place in different)
    if covered < layer.filters * prod(layer.output_size):
        return (False,) * len(places)
    return tuple(places.index(place) == number for number, place in enumerate(places))


def _meet(a: Place, b: Place) -> bool:
    """Whether two places have outputs in common."""
    return not any(set(along).isdisjoint(other) for along, other in zip(a, b, strict=True))
