"""Layers of all kinds at random, each against float64: a few hundred for every change, thousands when asked for.

And the same calls from several threads at once for ten minutes, in which memory may not grow.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.check_layer import Call, check
from tests.kernels.random_layers import KINDS, NARROW, Case, cases, drawn, random_kinds
from wincook.arrays import Array

OF_FLOATS = KINDS[: -len(NARROW)]
LAYOUTS = {layout: tuple(kind for kind in OF_FLOATS if kind.layout == layout) for layout in ("NCHW", "NHWC")}
NIGHTS, KINDS_OF_A_NIGHT = 6, 12  # tests of 500 layers each
SECONDS, CALLERS, CALLS = 600, 4, 300
MEASURED_EACH = 5  # seconds


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=60)
@given(draws=st.data())
def test_layers_agree_with_float64(layout: str, draws: st.DataObject) -> None:
    check(draws.draw(cases(LAYOUTS[layout])))


@pytest.mark.nightly
@settings(max_examples=300)
@given(case=cases(NARROW))
def test_layers_with_narrow_elements_agree_with_float64(case: Case) -> None:
    check(case)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(NIGHTS))
def test_many_layers_of_many_kinds_agree_with_float64(seed: int) -> None:
    @settings(max_examples=500)
    @given(case=cases(random_kinds(KINDS_OF_A_NIGHT, seed)))
    def checked(case: Case) -> None:
        check(case)

    checked()


@pytest.mark.nightly
def test_calls_from_several_threads_agree_and_take_no_more_memory() -> None:
    known = [(call, call.run()) for call in (Call(case, case.threads) for case in drawn(KINDS, CALLS))]
    end = time.monotonic() + SECONDS
    with ThreadPoolExecutor(CALLERS) as pool:
        callers = [pool.submit(_call_until, end, known, seed) for seed in range(CALLERS)]
        resident = []
        while time.monotonic() < end:
            time.sleep(MEASURED_EACH)
            resident.append(_resident_bytes())
        calls = sum(caller.result() for caller in callers)
    halves = [max(half) for half in (resident[: len(resident) // 2], resident[len(resident) // 2 :])]
    figures = f"{calls:,} calls of {len(known)} kernels; resident {halves[0] >> 20} MiB, then {halves[1] >> 20} MiB"
    print(figures)  # noqa: T201 (pytest -s shows it)
    assert halves[1] <= 1.02 * halves[0]


def _call_until(end: float, known: list[tuple[Call, Array]], seed: int) -> int:
    """Kernels in random order, some of them packed and made anew; how many calls it were."""
    random, calls = Random(seed), 0
    while time.monotonic() < end:
        call, expected = random.choice(known)
        if random.random() < 0.1:
            call = Call(call.case, call.case.threads)
        np.testing.assert_array_equal(call.run(), expected)
        calls += 1
    return calls


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
