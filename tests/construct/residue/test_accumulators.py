"""Widths of sums: no sum of residues needs more bits, and the longest rows need as many."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from wincook.construct.residue.accumulators import Accumulators
from wincook.construct.residue.modular import modular


def bits_of(largest: int) -> int:
    """Of the narrowest signed integers that hold a number and its negative."""
    return next(bits for bits in range(1, 64) if largest < 2 ** (bits - 1))


@pytest.mark.parametrize("prime", [7, 13])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_bound_is_what_some_residues_reach(prime: int, channels: int) -> None:
    algorithm = modular("F(2,2)", prime)
    (axis,) = algorithm.axes
    widths = Accumulators.of([algorithm], channels)
    half = prime // 2
    ends = (-half, half)
    for stage, matrix in (("filter", axis.G), ("input", axis.BT), ("output", axis.AT)):
        rows = np.array(matrix.tolist(), dtype=int)
        sums = [abs(rows @ np.array(residues)).max() for residues in product(ends, repeat=rows.shape[1])]
        assert widths.stages[stage] == bits_of(int(max(sums)))
    assert widths.stages.U == widths.stages.V == bits_of(half)
    assert widths.stages.product == bits_of(half * half)
    assert widths.stages.accumulate == bits_of(channels * half * half)
    assert widths.reconstruction == bits_of(half * half + half)
    assert widths.widest == max(*widths.stages.values(), widths.reconstruction)


def test_the_largest_prime_decides() -> None:
    small, large = modular("F(2,3)", 13), modular("F(2,3)", 251)
    assert Accumulators.of([small, large], 4).stages.accumulate == Accumulators.of([large], 4).stages.accumulate
