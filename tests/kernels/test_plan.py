from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

import wincook as wc
from wincook.kernels.plan import plan
from wincook.kernels.target import AVX2, AVX512, Isa, Target

ALGORITHM = wc.algorithm("F(4x4,3x3)")


@given(
    st.integers(1, 700),
    st.integers(1, 700),
    st.integers(3, 120),
    st.integers(1, 8),
    st.sampled_from([AVX512, AVX2]),
    st.integers(1, 16),
)
def test_panels_cover_all_tiles_and_no_thread_does_much_more_than_its_share(
    channels: int, filters: int, size: int, batch: int, isa: Isa, threads: int
) -> None:
    layer = wc.Layer(channels, filters, (size, size), (3, 3), 1, batch)
    made = plan(layer, ALGORITHM, Target(isa, 1 << 20, 64), threads)
    assert 1 <= made.threads <= threads
    panels = -(-made.tiles // made.panel)
    largest = max(
        panels * (thread + 1) // made.threads - panels * thread // made.threads for thread in range(made.threads)
    )
    share = -(-made.tiles // made.threads)
    assert largest * made.panel <= share + isa.rows * largest


def test_few_filters_get_narrow_blocks() -> None:
    target = Target(AVX512, 1 << 20, 1)
    layer = wc.Layer(8, 16, (20, 20), (3, 3))
    assert plan(layer, ALGORITHM, target, 1).vectors == 1
    assert plan(dataclasses.replace(layer, filters=17), ALGORITHM, target, 1).vectors == 2


def test_tiles_are_counted_through_the_batch() -> None:
    layer = wc.Layer(8, 16, (20, 21), (3, 3), padding=1, batch=3)
    assert plan(layer, ALGORITHM, Target(AVX512, 1 << 20, 1), 1).tiles == 3 * 5 * 6
