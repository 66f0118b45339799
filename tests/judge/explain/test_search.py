"""Entries at fault modulo a prime, by each way of searching for them."""

from __future__ import annotations

import random
from itertools import product

import pytest

import wincook as wc
from wincook.judge.explain.residues import Entry, Residues
from wincook.judge.explain.search import (
    beside_one_product,
    beside_suspects,
    changing_in,
    few_entries,
    few_vectors,
    suspected,
    ways,
)
from wincook.judge.tensor import Aim, compare, tensor

F43 = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞").axes[0]
AIM = Aim("correlation", wc.Tile.parse("F(4,3)"))


def residues(*entries: Entry) -> Residues:
    """Those of F(4,3) with 5 more in some entries: (product, place in AT, G, BT, number in the vector)."""
    AT, G, BT = F43.AT.as_mutable(), F43.G.as_mutable(), F43.BT.as_mutable()
    for k, position, q in entries:
        if position == 0:
            AT[q, k] += 5
        else:
            (G, BT)[position - 1][k, q] += 5
    sums = tensor(wc.Transforms(*(matrix.as_immutable() for matrix in (AT, G, BT))))
    found = Residues.of(sums, compare(sums, AIM))
    assert found is not None
    return found


def drawn(number: int, seed: int) -> tuple[Entry, ...]:
    """Entries of different products, in any of the matrices."""
    rng = random.Random(seed)
    positions = [rng.randrange(3) for _ in range(number)]
    products = sorted(rng.sample(range(6), number))
    return tuple((k, p, rng.randrange((4, 3, 6)[p])) for k, p in zip(products, positions, strict=True))


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_few_entries_and_few_vectors_name_those_that_are_wrong(number: int, seed: int) -> None:
    entries = drawn(number, seed)
    searched = residues(*entries)
    choices = few_entries(searched, 3)
    assert set(entries) in [set(choice) for choice in choices]
    assert {len(choice) for choice in choices} == {number}
    choices = few_vectors(searched)
    assert set(entries) in [set(choice) for choice in choices]
    assert all(len({entry[:2] for entry in choice}) <= number for choice in choices)


def test_no_more_entries_are_tried_than_are_asked_for() -> None:
    searched = residues(*drawn(2, 5))
    assert few_entries(searched, 1) == []
    assert few_entries(searched, 2)


@pytest.mark.parametrize("seed", range(3))
def test_suspects_are_those_that_are_wrong_where_they_do_not_depend_on_one_another(seed: int) -> None:
    entries = tuple((k, 2, q) for k, q in zip(range(seed, seed + 3), (0, 2, 5), strict=True))
    assert set(entries) in [set(choice) for choice in suspected(residues(*entries))]
    (beside,) = beside_suspects(residues((2, 2, 1), (4, 2, 3), (3, 1, 0))) or [()]
    assert set(beside) in [set(), {(2, 2, 1), (4, 2, 3), (3, 1, 0)}]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_matrix_is_put_right_by_the_others(position: int) -> None:
    entries = {(1, position, 0), (3, position, 2), (4, position, 1)}
    assert set(changing_in(residues(*entries), position)) == entries
    for other in {0, 1, 2} - {position}:
        assert not set(changing_in(residues(*entries), other)) & entries


def test_one_product_wrong_in_two_matrices_is_found_beside_another() -> None:
    found = list(beside_one_product(residues((3, 1, 0), (3, 2, 1), (1, 0, 2))))
    assert any(factor[0] == 3 and entries == ((1, 0, 2),) for factor, entries in found)


def test_all_ways_are_tried_while_they_are_few_and_then_those_of_one_matrix_before_the_others() -> None:
    few = [[(0, 0), (0, 1), (0, 2)], [(3, 1)], [(4, 0), (4, 2)]]
    assert set(ways(few)) == set(product(*few))
    assert ways([]) == []
    many = [[(0, 0), (0, 1), (0, 2)], [(3, 0), (3, 2)], [(4, 0), (4, 1)]]
    assert ways(many) == [
        ((0, 1), (3, 2), (4, 1)),
        ((0, 2), (3, 2), (4, 0)),
        ((0, 0), (3, 0), (4, 0)),
    ]
