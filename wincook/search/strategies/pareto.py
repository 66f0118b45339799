"""Descents along random weights of the objectives, for a front: each task finds other parts of it.

The weights are uniform on the simplex; the front keeps whatever was met on the way (Das and Dennis, *A closer look at
drawbacks of minimizing weighted sums of objectives*, Structural Optimization 14 (1997), 63, say what weights alone
would miss).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wincook.search.descend import Descent
from wincook.search.sets.start import random_choice
from wincook.search.sweep import Sweep

if TYPE_CHECKING:
    from wincook.search.search import Search


def pareto(search: Search, number: int) -> Sweep | None:
    """Task `number`: one descent from a random start, by random weights."""
    rng = np.random.default_rng([search.seed, number])
    weights = rng.dirichlet(np.ones(len(search.objectives))).tolist()
    walk = Descent(search, rng, weights)
    walk.down(random_choice(search, rng))
    return Sweep(number, walk.evaluations, walk.best)
