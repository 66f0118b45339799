"""Which way round matrices stand."""

from __future__ import annotations

from itertools import permutations, product

import pytest
import sympy

import wincook as wc
from wincook.interchange.read.sets.roles import Triple, best, fits
from wincook.interchange.read.tables import Table, exact_table

AXIS = wc.algorithm("F(2,3)").axes[0]
MATRICES = (AXIS.AT, AXIS.G, AXIS.BT)


def named(*matrices: sympy.ImmutableMatrix) -> Triple:
    first, second, third = (exact_table(name, m.tolist()) for name, m in zip(("p", "q", "s"), matrices, strict=True))
    return first, second, third


@pytest.mark.parametrize("turned", list(product((False, True), repeat=3)))
def test_turned_matrices_are_turned_back(turned: tuple[bool, ...]) -> None:
    triple = named(*(m.T if is_turned else m for m, is_turned in zip(MATRICES, turned, strict=True)))
    way = best(triple, ordered=True)
    assert way is not None
    assert (way.wrong, way.sums, way.reading.matrices) == (0, 24, AXIS)


def test_the_order_is_found_where_names_say_none() -> None:
    for order in permutations(MATRICES):
        way = best(named(*order), ordered=False)
        assert way is not None
        assert way.reading.matrices == AXIS


def test_shapes_that_do_not_fit() -> None:
    assert fits(named(*MATRICES))
    assert not fits(named(AXIS.AT, AXIS.G, AXIS.BT[:3, :3]))
    flat: list[Table] = [exact_table("G", [list(AXIS.G)])]
    assert not fits((named(*MATRICES)[0], flat[0], named(*MATRICES)[2]))
