"""Steps of V: by how much it differs from one integer to the next."""

from __future__ import annotations

import numpy as np

from wincook.arrays import Array
from wincook.quantisation.integers import Integers


def step_of(integers: Integers, lowest: Array, highest: Array, *, powers_of_two: bool) -> Array:
    """Those of ranges; powers of two are the least that reach as far."""
    if integers.signed:
        steps = np.maximum(-lowest, highest) / integers.reach
    else:
        steps = (highest - lowest) / (integers.highest - integers.lowest)
    return power_of_two_above(steps) if powers_of_two else np.asarray(steps)


def power_of_two_above(steps: Array) -> Array:
    """The least powers of two that are not less."""
    return np.asarray(np.exp2(np.ceil(np.log2(steps))))
