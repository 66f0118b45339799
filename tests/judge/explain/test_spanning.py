"""Rows in whose span another one is, against all choices tried one by one."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wincook.judge.explain.linear import array_of, rank, solution
from wincook.judge.explain.residues import Residues
from wincook.judge.explain.spanning import blind_to, functionals, seen, spanning

PRIME = 101


@settings(max_examples=24)
@given(st.data(), st.integers(1, 3))
def test_all_choices_that_span_are_found(data: st.DataObject, size: int) -> None:
    """Few different small rows, so that many are dependent."""
    entries = st.lists(st.integers(-1, 1), min_size=4, max_size=4)
    rows = array_of(data.draw(st.lists(entries, min_size=3, max_size=7)), PRIME) % PRIME
    wanted = array_of(data.draw(entries), PRIME) % PRIME
    by_hand = set()
    for places in combinations(range(len(rows)), size):
        chosen = rows[list(places)]
        multiples = solution(chosen, wanted, PRIME)
        if rank(chosen, PRIME) == size and multiples is not None and multiples.all():
            by_hand.add(places)
    found_here = set(spanning(rows, wanted, size, PRIME))
    independent = {places for places in found_here if rank(rows[list(places)], PRIME) == size}
    if wanted.any():
        assert independent == by_hand


@pytest.mark.parametrize("prime", [PRIME, 2**31 - 1])
@pytest.mark.parametrize("position", range(3))
def test_functionals_blind_to_a_vector_vanish_on_all_tensors_with_it(position: int, prime: int) -> None:
    rng = np.random.default_rng(0)
    shape = (14, 15, 16)
    weights = rng.integers(prime // 2, prime, (*shape, 6))
    vectors = [rng.integers(prime // 2, prime, size) for size in shape]
    blind = blind_to(weights, vectors[position], position, prime)

    def values() -> np.ndarray:
        """Of the functionals on the tensor of the vectors, in Python's integers."""
        tensor = np.einsum("i,j,k->ijk", *(vector.astype(object) for vector in vectors))
        return np.tensordot(tensor, blind.astype(object), axes=3) % prime

    assert not values().any()
    vectors[position] = vectors[position] + np.eye(shape[position], dtype=int)[0]
    assert values().any() or position != 0
    assert blind_to(weights, np.zeros(shape[position], int), position, prime) is weights


def test_what_functionals_see_is_their_sum_over_all_places() -> None:
    rng = np.random.default_rng(1)
    vectors = tuple(rng.integers(0, PRIME, (5, size)) for size in (2, 3, 4))
    residues = Residues(PRIME, vectors, rng.integers(0, PRIME, (2, 3, 4)))  # type: ignore[arg-type]
    weights = functionals(residues, 4)
    entries = residues.entries_of(residues.all_vectors)
    rows, wanted = seen(residues, entries, weights)
    flat = weights.reshape(-1, weights.shape[-1]).astype(object)
    np.testing.assert_array_equal(rows, residues.tensors(entries).astype(object) @ flat % PRIME)
    np.testing.assert_array_equal(wanted, residues.missing.reshape(-1).astype(object) @ flat % PRIME)
