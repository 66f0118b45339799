from __future__ import annotations

import pytest

from wincook.reproduce.nova2025 import best_symmetric_set, kappa_finite, named_sets


@pytest.mark.slow
def test_nova_without_its_ranks() -> None:
    best = best_symmetric_set()
    assert round(kappa_finite(best), 1) == 424.8
    integers, nova, brute, barabasz = named_sets(samples=300).sets
    assert round(integers.kappa / nova.kappa, 1) == 415.3
    assert nova.error.mean > 8 * barabasz.error.mean
    assert brute.error.mean > nova.error.mean
