"""Descents from a set that is given: the `start` of the search, or else the published set of the tile.

Task 0 goes down from the set itself, the others from one that is disturbed so many times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wincook.points import Points
from wincook.search.descend import Descent
from wincook.search.sweep import Sweep

if TYPE_CHECKING:
    from wincook.search.search import Search

_MOST = 8  # disturbances of a start


def refine(search: Search, number: int) -> Sweep | None:
    """Task `number`: a descent from the given set, disturbed.

    Raises:
        SearchError: the set has points that the space has not.
    """
    given = search.start.split(";") if search.start else [str(Points.default(axis.inputs[0])) for axis in search.axes]
    walk = Descent(search, np.random.default_rng([search.seed, number]))
    choice = tuple(search.space.candidate(points) for points in given)
    for _ in range(number % (_MOST + 1)):
        choice = walk.disturbed(choice)
    walk.down(choice)
    return Sweep(number, walk.evaluations, walk.best)
