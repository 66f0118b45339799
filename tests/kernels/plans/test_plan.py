from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wincook as wc
from wincook.construct import modular
from wincook.errors import AlgorithmError
from wincook.kernels.plans.tiles.blocking import _longest_stripe, _rows_of_work
from wincook.kernels.plans.tiles.tiled import plan
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
    planned = plan(layer, ALGORITHM, Target(isa, 1 << 20, 64), threads)
    assert 1 <= planned.threads <= threads
    assert 1 <= planned.shares <= -(-filters // (planned.vectors * isa.lanes))
    panels, of_tiles = -(-planned.tiles // planned.panel), -(-planned.threads // planned.shares)
    largest = max(panels * (thread + 1) // of_tiles - panels * thread // of_tiles for thread in range(of_tiles))
    share = -(-planned.tiles // of_tiles)
    assert largest * planned.panel <= share + isa.rows * largest


def test_few_filters_get_narrow_blocks() -> None:
    target = Target(AVX512, 1 << 20, 1)
    layer = wc.Layer(8, 16, (20, 20), (3, 3))
    assert plan(layer, ALGORITHM, target, 1).vectors == 1
    assert plan(dataclasses.replace(layer, filters=17), ALGORITHM, target, 1).vectors == 2


def test_few_tiles_of_many_filters_get_half_transformed_ones() -> None:
    target = Target(AVX512, 1 << 20, 1)
    layer = wc.Layer(512, 512, (7, 7), (3, 3), padding=1)
    few = plan(layer, ALGORITHM, target, 1)
    assert (few.half_filters, few.panel, few.rows) == (True, 4, 4)  # 6 × 4 sums, 6 vectors of filters
    for other in (
        dataclasses.replace(layer, size=(14, 14)),
        dataclasses.replace(layer, batch=2),
        dataclasses.replace(layer, channels=64),
    ):
        assert not plan(other, ALGORITHM, target, 1).half_filters
        assert plan(other, ALGORITHM, target, 1).rows == AVX512.rows
    assert not plan(layer, ALGORITHM, Target(AVX2, 1 << 20, 1), 1).half_filters  # 16 registers hold one tile


def test_threads_share_the_filters_where_tiles_are_few() -> None:
    target = Target(AVX512, 1 << 20, 4)
    layer = wc.Layer(512, 512, (14, 14), (3, 3), padding=1)
    few = plan(layer, ALGORITHM, target, 2)
    assert (few.shares, few.threads) == (2, 2)
    assert few.panel >= few.tiles  # each thread reads half of U, and no thread all of it
    assert few.geometry.shares == 2
    assert plan(layer, ALGORITHM, target, 1).shares == 1
    assert plan(dataclasses.replace(layer, filters=32), ALGORITHM, target, 2).shares == 1  # one block of filters
    assert plan(dataclasses.replace(layer, batch=8), ALGORITHM, target, 2).shares == 1
    assert plan(dataclasses.replace(layer, batch=8), ALGORITHM, target, 4).shares == 2


def test_tiles_are_counted_through_the_batch() -> None:
    layer = wc.Layer(8, 16, (20, 21), (3, 3), padding=1, batch=3)
    assert plan(layer, ALGORITHM, Target(AVX512, 1 << 20, 1), 1).tiles == 3 * 5 * 6


@pytest.mark.parametrize(
    "algorithm",
    [
        wc.algorithm("F(2x2,3x3)", "0, ∞, x^2+1", joint=True),
        modular("F(2x2,3x3)", 97),
        wc.algorithm("F(2x2,3x3)").transpose(),
        wc.algorithm("F(2x2,3x3)").flip(),
    ],
    ids=str,
)
def test_kernels_are_made_of_nested_correlations_of_real_numbers_alone(algorithm: wc.BilinearAlgorithm) -> None:
    layer = wc.Layer(8, 16, (20, 20), (3, 3))
    with pytest.raises(AlgorithmError, match="nested correlations of real numbers"):
        plan(layer, algorithm, Target(AVX512, 1 << 20, 1), 1)


@pytest.mark.parametrize(
    ("tiles", "rows"),
    [(14, 15), (28, 30), (7, 8), (4, 5), (3, 5), (1, 5), (0, 0), (16, 9 + 9), (20, 11 + 11), (27, 15 + 14)],
)
def test_small_micro_kernels_take_the_time_of_four_rows_and_each_costs_one_to_start(tiles: int, rows: int) -> None:
    """AVX-512 has micro-kernels of 14 rows at the most; more are split evenly."""
    assert _rows_of_work(tiles, AVX512) == rows


@pytest.mark.parametrize(
    ("threads", "least", "expected"),
    [
        (1, 0, 3 * 15 + 9),  # 50 tiles are three panels of 14, and 8 tiles
        (2, 0, 2 * 15),  # two whole panels; the other thread has one and the rest
        (3, 0, 15 + 9),  # 1, 1 and 2 panels: the last one has the rest
        (4, 0, 15),
        (5, 0, 15),  # one thread has nothing
        (1, 42, 4 * 42),  # each panel has to wait for the filters
        (3, 14, 15 + 14),
    ],
)
def test_the_busiest_thread(threads: int, least: int, expected: int) -> None:
    assert _longest_stripe(50, 14, threads, AVX512, least) == expected


def test_no_tiles_are_no_work() -> None:
    assert _longest_stripe(14, 14, 1, AVX512, 0) == 15
    assert _longest_stripe(28, 14, 2, AVX512, 0) == 15


@pytest.mark.parametrize(
    ("channels", "filters", "size", "threads", "panel"),
    [
        (32, 32, 56, 1, 28),  # a quarter of 1 MiB holds 28 tiles of 36 (32 + 32) floats
        (64, 64, 56, 1, 49),  # 576 KiB of filters are more than half of L2: 42 tiles at least; 196 are 4 panels of 49
        (16, 16, 56, 1, 56),  # 56 tiles of 36 (16 + 16) floats
        (512, 512, 56, 1, 49),
        (512, 512, 28, 1, 28),  # 49 tiles are two panels of 42 at the most: whole micro-kernels, and what is left
        (8, 8, 8, 1, 14),  # a whole micro-kernel
        (64, 64, 56, 2, 49),
        (16, 16, 56, 2, 49),  # two panels for each thread
    ],
)
def test_panels_are_as_the_caches_want(channels: int, filters: int, size: int, threads: int, panel: int) -> None:
    layer = wc.Layer(channels, filters, (size, size), (3, 3), 1)
    assert plan(layer, ALGORITHM, Target(AVX512, 1 << 20, 64), threads).panel == panel


def test_threads_have_a_micro_kernel_each_at_least() -> None:
    layer = wc.Layer(8, 16, (20, 20), (3, 3), 1)  # 25 tiles
    assert plan(layer, ALGORITHM, Target(AVX512, 1 << 20, 64), 64).threads == 2
    assert plan(layer, ALGORITHM, Target(AVX2, 1 << 20, 64), 64).threads == 5
