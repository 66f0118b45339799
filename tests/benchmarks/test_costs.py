"""The check of the cost model says what is true, and its search for constants finds better ones."""

from __future__ import annotations

import pytest

import wincook as wc
from benchmarks.costs import CONSTANTS, Measured, fit, misfit, summary
from tests.near import near
from wincook.kernels import make_plan
from wincook.kernels.choice.cost import constants
from wincook.kernels.choice.machine import Machine

MACHINE = Machine(peak=100e9, l3=40e9, memory=20e9, l3_size=16 << 20)


def measured(slower: float, size: int = 28, algorithm: str = "F(4x4,3x3)") -> Measured:
    """A kernel that takes so many times as long as it is predicted."""
    plan = make_plan(wc.Layer(64, 64, (size, size), (3, 3), 1), algorithm, threads=1, target="generic")
    return Measured(plan, slower * Measured(plan, 1.0).predicted(MACHINE))


def test_what_is_near_and_what_is_best() -> None:
    layers = [[measured(1.2), measured(1.3)], [measured(1 / 1.3), measured(0.5)]]
    words = summary(layers, MACHINE)
    assert "within 25 %: 1 of 4 kernels, 1 of 2 that are chosen" in words
    assert "within 5 % of the best one measured: 1 of 2" in words
    assert layers[0][0].off(MACHINE) == near(1.2)


def test_constants_that_agree_better_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kernels = [measured(1.0, size, tile) for size in (14, 28, 56) for tile in ("F(2x2,3x3)", "F(4x4,3x3)", "direct")]
    for name in CONSTANTS:
        monkeypatch.setattr(constants, name, getattr(constants, name))  # put back afterwards
    monkeypatch.setattr(constants, "PER_OPERATION", 2.5 * constants.PER_OPERATION)
    before = misfit(kernels, MACHINE)
    found = fit(kernels, MACHINE)
    assert misfit(kernels, MACHINE) < before / 4
    assert found == {name: getattr(constants, name) for name in CONSTANTS}
