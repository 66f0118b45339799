"""The cost model where its answer is known: at its limits, and as sizes grow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import wincook as wc
from tests.near import near
from wincook.kernels import make_plan
from wincook.kernels.choice.cost.counts import counts_of
from wincook.kernels.choice.cost.estimate import Estimate, copying, total
from wincook.kernels.choice.cost.predict import estimate_of
from wincook.kernels.choice.cost.shallow import shuffles
from wincook.kernels.choice.machine import Machine
from wincook.kernels.plans.direct import plan_direct
from wincook.kernels.plans.plan import Plan
from wincook.kernels.target import AVX512, Target
from wincook.layers import Layout

MACHINE = Machine(peak=100e9, l3=40e9, memory=20e9, l3_size=16 << 20)
TARGET = Target(AVX512, 1 << 20, 2)


def plan_of(channels: int, size: int, tile: str = "F(4x4,3x3)", threads: int = 1, filters: int = 0) -> Plan:
    layer = wc.Layer(channels, filters or channels, (size, size), (3, 3), 1)
    (plan,) = make_plan(layer, tile, threads=threads, target=TARGET).plans
    return plan


def test_the_counts_of_lavin_and_gray() -> None:
    """32 operations for the input transform of F(2x2,3x3), 24 for that of the output: arXiv 1509.09308, section 4.1."""
    counts = counts_of(wc.algorithm("F(2x2,3x3)"))
    assert (counts.outputs, counts.inputs, counts.products) == ((2, 2), (4, 4), 16)
    assert (counts.operations, counts.output_operations) == (32 + 24, 24)


def test_with_many_channels_products_bind_near_the_peak() -> None:
    spent = estimate_of(plan_of(512, 56), MACHINE)
    products = 2 * 36 * 512 * 512 * 14 * 14 / MACHINE.peak
    assert spent.binds == "products"
    assert products < spent.products < 1.05 * products
    assert spent.roofline == near(products)
    assert spent.roofline < spent.seconds < 1.25 * spent.roofline


def test_with_few_channels_transforms_bind() -> None:
    assert estimate_of(plan_of(4, 112, filters=4), MACHINE).binds == "transforms"


def test_few_channels_wait_for_no_products_to_be_stored() -> None:
    first = plan_of(3, 224, filters=64)
    nested = estimate_of(plan_of(8, 224, filters=64), MACHINE)
    spent = estimate_of(first, MACHINE)
    assert first.family == "shallow"
    assert spent.roofline < spent.seconds < nested.seconds / 1.5
    shared = estimate_of(replace(first, threads=2), MACHINE)
    assert shared.products == near(spent.products / 2)


def test_a_strided_first_layer_takes_a_tile_of_long_rows() -> None:
    """In the order in which they were measured: rows of few outputs are slow to write, and taps slow to gather."""
    layer = wc.Layer(3, 32, (224, 224), (3, 3), 1, stride=2)
    tiles = ("F(4x4,3x3)/2", "F(2x4,3x3)/2", "F(4x2,3x3)/2", "F(3x1,3x3)/2")
    times = [estimate_of(make_plan(layer, tile, threads=1, target=TARGET).plans[0], MACHINE).seconds for tile in tiles]
    assert times == sorted(times)
    assert make_plan(layer, threads=1, target=TARGET).algorithms == tiles[0]


@pytest.mark.parametrize(("outputs", "number"), [(1, 0), (2, 2), (3, 6), (4, 8), (6, 18), (7, 42)])
def test_shuffles_put_vectors_of_tiles_side_by_side(outputs: int, number: int) -> None:
    """Two vectors take two; halves are put together like two; an odd number of them, lane by lane, from all but one."""
    assert shuffles(outputs) == number


def test_with_one_tile_and_many_filters_reading_them_binds() -> None:
    assert estimate_of(plan_of(512, 7, "F(7x7,3x3)"), MACHINE).binds == "filters"


def test_a_tiny_layer_takes_the_time_of_a_call() -> None:
    assert estimate_of(plan_of(1, 2, filters=1), MACHINE).binds == "calls"


def test_tiles_that_overhang_count_whole() -> None:
    assert estimate_of(plan_of(64, 13), MACHINE).products == near(estimate_of(plan_of(64, 16), MACHINE).products)


@pytest.mark.parametrize("name", ["peak", "l3", "memory"])
def test_a_quicker_machine_takes_no_longer(name: str) -> None:
    quicker = replace(MACHINE, **{name: 2 * getattr(MACHINE, name)})
    for plan in (plan_of(64, 56), plan_of(512, 7), plan_of(64, 224), plan_of(3, 224, filters=64)):
        assert estimate_of(plan, quicker).seconds <= estimate_of(plan, MACHINE).seconds


def test_neighbours_share_the_columns_that_are_transformed() -> None:
    """So a tall tile is cheaper than a wide one, whose columns more than one tile reads."""
    tall, wide = (estimate_of(plan_of(64, 56, tile), MACHINE).transforms for tile in ("F(7x4,3x3)", "F(4x7,3x3)"))
    assert tall < wide


@pytest.mark.parametrize(("channels", "size"), [(128, 56), (512, 14)])
def test_two_threads_share_the_work(channels: int, size: int) -> None:
    """Tiles, or, of few tiles, the filters."""
    alone, shared = (estimate_of(plan_of(channels, size, threads=threads), MACHINE) for threads in (1, 2))
    assert shared.products == near(alone.products / 2, rel=0.05)


def test_pixels_that_are_read_where_they_lie_cost_nothing_to_gather() -> None:
    def gathering(channels: int, **changed: Any) -> float:
        layer = wc.Layer(channels, 64, (56, 56), (1, 1), layout="NHWC", **changed)
        return estimate_of(plan_direct(layer, TARGET, 1), MACHINE).transforms

    assert gathering(64) == 0
    assert min(gathering(512), gathering(64, padding=1), gathering(64, stride=2)) > 0


def test_times_add_up() -> None:
    spent = estimate_of(plan_of(64, 56), MACHINE)
    both = total([spent, copying(20e9, 0, MACHINE)])
    assert isinstance(both, Estimate)
    assert both.seconds == near(spent.seconds + 1)
    assert both.binds == "copies"


def test_depthwise_rows_count_whole_vectors_where_lanes_are_pixels() -> None:
    def products(width: int, layout: Layout = "NCHW") -> float:
        layer = wc.Layer(64, 64, (14, width), (3, 3), 1, groups=64, layout=layout)
        return estimate_of(make_plan(layer, threads=1, target=TARGET).plans[0], MACHINE).products

    assert products(17) == products(32)
    assert products(17, "NHWC") == near(products(32, "NHWC") * 17 / 32)
