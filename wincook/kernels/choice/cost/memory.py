"""How fast data come, and what that adds to the work that goes on beside it."""

from __future__ import annotations

from math import inf

from wincook.kernels.choice.cost import constants
from wincook.kernels.choice.machine import Machine


def bandwidth(used_often: float, l2: int, used_in_a_call: float, machine: Machine) -> float:
    """Of the nearest cache that holds what is used.

    What is more than L3 is good for is read from memory; a share of it, up to twice as much.
    """
    if used_often <= l2:  # which keeps up with the products
        return inf
    from_memory = min(1.0, max(0.0, used_in_a_call / machine.l3_size - 1))
    return 1 / (from_memory / machine.memory + (1 - from_memory) / machine.l3)


def beside(work: float, moving: float) -> float:
    """What moving data adds to the work that goes on at the same time."""
    return max(moving - work, 0.0) + constants.NOT_HIDDEN * min(work, moving)
