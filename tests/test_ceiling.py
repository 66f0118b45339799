"""The ceiling of work: what is refused, what it says, and what lifts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import wincook as wc
from tests.golden import Golden
from tests.hang import at_once
from wincook.ceiling import MEMORY, OPERATIONS, check_work, no_limit
from wincook.errors import LimitError
from wincook.program.programs import programs_of


def test_what_is_below_passes_and_what_is_above_is_refused_with_the_estimate(golden: Golden) -> None:
    check_work("it", OPERATIONS, MEMORY)
    check_work("it", 10 * OPERATIONS, patience=10)
    with golden.raises(LimitError, match=r"6e\+09.*1.*1e\+08"):
        check_work("it", 60 * OPERATIONS)
    with golden.raises(LimitError, match=r"11.*1e\+09.*10"):
        check_work("it", 11 * OPERATIONS, patience=10)
    with golden.raises(LimitError, match=r"3.*1"):
        check_work("it", 0, 3 * MEMORY)
    with golden.raises(LimitError):
        check_work("it", 10**1000)
    with golden.raises(LimitError):
        check_work("it", 0, 10**1000)


def test_the_ceiling_is_lifted_within_and_back_after_whatever_happens() -> None:
    with no_limit():
        check_work("it", 10**30, 10**30)
        with no_limit():
            check_work("it", 10**30, 10**30)
        check_work("it", 10**30, 10**30)
    with pytest.raises(ZeroDivisionError), no_limit():
        check_work("it", 1 // 0)
    with pytest.raises(LimitError):
        check_work("it", 10**30)


LARGE: list[Callable[[], Any]] = [
    lambda: wc.algorithm("F(999999999,3)"),
    lambda: wc.algorithm("F(999999999,3)", "0, 1, inf"),
    lambda: wc.algorithm("F(64x64,64x64)"),
    lambda: wc.algorithm("F(30x30,30x30)", joint=True),
    lambda: wc.construct.modular("F(999999999,3)", 2**31 - 1),
    lambda: wc.construct.modular("F(4,3)", 2**100_003 - 1),
    lambda: wc.construct.ntt("F(4,3)", 2**100_003 - 1),
    lambda: wc.construct.iterated("F(512,512)", (2,) * 9),
    lambda: wc.construct.residue_system("F(2000,3)", 32),
    lambda: wc.Points.default(2**31 - 1),
    lambda: wc.Points.of([0, 1, *(f"x-{k}√2" for k in range(1, 2000))]),
    lambda: wc.Points.parse(",".join(f"x-{k}√2" for k in range(1, 2000))),
    lambda: wc.algorithm("F(8,3)", "0, a, b, c, g, k, m, n, p, inf"),
    lambda: programs_of(wc.algorithm("F(60x60x60x60,3x3x3x3)")),
    lambda: wc.analyse(wc.algorithm("F(4x4,3x3)"), samples=10**12),
    lambda: wc.analysis.analyse_quantisation(wc.algorithm("F(4x4,3x3)"), layers=2**32),
    lambda: wc.analysis.analyse_quantisation(wc.algorithm("F(4x4,3x3)"), filters=10**8),
]


@pytest.mark.slow
@pytest.mark.parametrize("call", LARGE)
def test_what_cannot_finish_is_refused_at_once(call: Callable[[], Any], golden: Golden) -> None:
    refusal = r"would take about|must be a whole number|at most 1,024|at most 512"
    with at_once(), golden.raises(wc.WincookError, match=refusal) as caught:
        call()
    assert len(str(caught.value)) < 500


@pytest.mark.slow
@pytest.mark.parametrize("tile", ["F(48,3)", "F(3,48)", "F(20,20)", "F(14x14,3x3)", "F(4x4x4x4,3x3x3x3)"])
def test_what_finishes_is_allowed(tile: str) -> None:
    assert wc.algorithm(tile).verify().identities
