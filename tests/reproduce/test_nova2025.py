from __future__ import annotations

import pytest

from wincook.reproduce.nova2025 import best_symmetric_set, kappa_finite, kappas, named_sets


@pytest.mark.slow
def test_nova_without_its_ranks() -> None:
    best = best_symmetric_set()
    assert round(kappa_finite(best), 1) == 424.8
    integers, nova, brute, barabasz = named_sets(samples=300).sets
    assert round(integers.kappa / nova.kappa, 1) == 415.3
    assert nova.error.mean > 8 * barabasz.error.mean
    assert brute.error.mean > nova.error.mean


@pytest.mark.slow
def test_condition_numbers_are_reached_but_for_the_square_of_a_rounded_ratio() -> None:
    findings = {finding.what: finding for finding in kappas()}
    assert {what for what, finding in findings.items() if finding.verdict == "explained"} == {"F(6,3): ratio in 2-D"}
    assert findings["κ₂ of 0, ±4/9, ±4/5, ±1, ±10/9"].verdict == "better"
    assert all(finding.verdict != "missed" for finding in findings.values())
    assert len(findings) == 9
