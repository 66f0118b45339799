"""Coordinate descent: change one group of points or two at once for the best there are, until nothing is better.

Each task starts from a set drawn at random. From each least set it goes on from a disturbed one, in which two groups
are drawn anew (iterated local search: Lourenço, Martin and Stützle, *Iterated local search*, in *Handbook of
Metaheuristics* (2003), 320), until it has evaluated its share of sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wincook.search.descend import Descent
from wincook.search.sets.start import random_choice
from wincook.search.sweep import Sweep

if TYPE_CHECKING:
    from wincook.search.search import Search

EVALUATIONS = 1 << 17  # of a task, about
_DISTURBANCES = 64


def descent(search: Search, number: int) -> Sweep:
    """Task `number`: a random start, then descents from disturbed sets."""
    rng = np.random.default_rng([search.seed, number])
    walk = Descent(search, rng)
    least = walk.down(random_choice(search, rng))
    for _ in range(_DISTURBANCES):
        if walk.evaluations >= EVALUATIONS:
            break
        least = min(least, walk.down(walk.disturbed(least.choice)))
    return Sweep(number, walk.evaluations, walk.best)
