"""Choices against all that there is to choose from, and against their limits."""

from __future__ import annotations

from itertools import cycle, islice, pairwise, product

import pytest

import wincook as wc
from tests.near import near
from wincook.errors import AlgorithmError, ShapeError
from wincook.kernels import make_plan
from wincook.kernels.choice.choose import choices, closest
from wincook.kernels.choice.cost.predict import estimate_of
from wincook.kernels.choice.machine import Machine
from wincook.kernels.choice.rank import most_accurate, most_error, ranked
from wincook.kernels.choice.recipe import nested, recipes
from wincook.kernels.make_plan import relative_error_of
from wincook.kernels.plans.tiles.tiled import plan
from wincook.kernels.target import AVX512, Target

MACHINE = Machine(peak=100e9, l3=40e9, memory=20e9, l3_size=16 << 20)
TARGET = Target(AVX512, 1 << 20, 1)


@pytest.mark.parametrize(("channels", "size"), [(64, 28), (256, 7), (8, 30)])
def test_the_first_plan_is_the_quickest_of_all_pairs_within_the_limit(channels: int, size: int) -> None:
    """Up to what a compilation of longer programs may cost."""
    layer = wc.Layer(channels, channels, (size, size), (3, 3), 1)
    best = next(ranked(layer, TARGET, 1, 3e-6, MACHINE))
    every = (
        plan(layer, algorithm, TARGET, 1)
        for pair in product(recipes(3), repeat=2)
        if max(recipe.outputs for recipe in pair) < 8
        and wc.predict(algorithm := nested(pair), "float32", channels).relative_rms <= 3e-6
    )
    assert wc.predict(best.plan.algorithm, "float32", channels).relative_rms <= 3e-6
    assert best.estimate.seconds <= 1.03 * min(estimate_of(each, MACHINE).seconds for each in every)


def test_plans_come_in_the_order_of_time_and_keep_the_limit() -> None:
    layer = wc.Layer(64, 64, (56, 56), (5, 5), 2)
    several = list(islice(ranked(layer, TARGET, 1, 2e-6, MACHINE), 6))
    times = [each.estimate.seconds for each in several]
    assert len(several) == 6
    assert all(later > 0.98 * earlier for earlier, later in pairwise(times))
    for each in several:
        assert wc.predict(each.plan.algorithm, "float32", 64).relative_rms <= 2e-6


@pytest.mark.parametrize(
    ("taps", "strides"), [((3, 3), (1, 1)), ((1, 4), (1, 1)), ((3, 4), (1, 1)), ((5, 2), (2, 1)), ((1, 3), (2, 1))]
)
def test_no_predicted_error_exceeds_what_the_choice_takes_it_for(
    taps: tuple[int, int], strides: tuple[int, int]
) -> None:
    """Else an algorithm beyond the limit could be taken."""
    pairs = [pair for pair in product(*map(recipes, taps, strides)) if max(each.outputs for each in pair) < 8]
    for channels, pair in zip(cycle((3, 64, 512)), pairs[::7], strict=False):
        predicted = wc.predict(nested(pair), "float32", channels).relative_rms
        most = most_error(pair, channels)
        assert 0.5 * most < predicted <= (1 + 1e-5) * most


def test_a_tighter_limit_takes_more_products() -> None:
    layer = wc.Layer(256, 256, (56, 56), (3, 3), 1)
    loose, tight = (make_plan(layer, max_error=limit, threads=1).plans[0] for limit in (1e-4, "123 dB"))
    assert loose.algorithm.speedup > tight.algorithm.speedup
    assert wc.predict(tight.algorithm, "float32", 256).relative_rms <= 10 ** (-123 / 20)


def test_what_is_beyond_reach_is_refused_with_the_least_there_is() -> None:
    layer = wc.Layer(64, 64, (8, 8), (3, 3), 1)
    with pytest.raises(AlgorithmError, match=r"is 2\.1e-07, so give at least 2\.2e-07"):
        make_plan(layer, max_error=1e-9)
    assert relative_error_of(make_plan(layer, max_error=2.2e-7)) <= 2.2e-7


def test_a_limit_that_nobody_gave_refuses_nothing() -> None:
    """With so many channels no chain of float32 sums is within the default."""
    layer = wc.Layer(300_000, 1, (3, 3), (1, 1))
    assert relative_error_of(make_plan(layer, threads=1)) > 3e-6


def test_an_algorithm_beyond_the_limit_is_refused() -> None:
    layer = wc.Layer(64, 64, (8, 8), (3, 3), 1)
    with pytest.raises(AlgorithmError, match="more than max_error = 1e-06"):
        make_plan(layer, "F(6x6,3x3)", max_error=1e-6)
    assert make_plan(layer, "F(4x4,3x3)", max_error=1e-6).plans[0].algorithm == wc.algorithm("F(4x4,3x3)")


def test_points_need_a_tile() -> None:
    with pytest.raises(AlgorithmError, match="give one with them"):
        make_plan(wc.Layer(1, 1, (8, 8), (3, 3)), points="0, ±1, ∞")


def test_the_least_error_is_that_of_direct_sums() -> None:
    layer = wc.Layer(64, 64, (28, 28), (3, 3), 1)
    assert most_accurate(layer, TARGET, 1).algorithm == wc.algorithm("F(1x1,3x3)")
    assert closest(layer, TARGET, 1).error == near(wc.predict("F(1x1,3x3)", "float32", 64).relative_rms)


@pytest.mark.parametrize(
    "layer",
    [
        wc.Layer(16, 16, (30,), (9,), 4),
        wc.Layer(8, 8, (20, 20), (7, 7), 3, stride=2),
        wc.Layer(8, 8, (6, 9, 9), (3, 3, 3), groups=4),
        wc.Layer(3, 5, (9, 9), (4, 4), transposed=True, stride=2),
        wc.Layer(3, 5, (90,), (40,)),
    ],
    ids=str,
)
def test_every_layer_has_choices_in_the_order_of_time(layer: wc.Layer) -> None:
    several = choices(layer, TARGET, 1, 3e-6, 3)
    assert len(several) >= 2
    assert [each.estimate.seconds for each in several] == sorted(each.estimate.seconds for each in several)
    for each in several:
        filters = [layer.filters if part is None else len(part.filters) for part, _ in each.parts]
        assert sum(filters) >= layer.filters
        assert each.error <= 3e-6


def test_a_layer_with_strides_is_one_kernel_where_it_is_the_quickest() -> None:
    layer = wc.Layer(128, 128, (56, 56), (3, 3), 1, stride=2)
    several = choices(layer, TARGET, 1, 3e-6, 8)
    ((part, single),) = several[0].parts
    assert part is None
    assert single.algorithm.tile.strides == (2, 2)
    assert single.algorithm.speedup > wc.algorithm("F(2x2,3x3)/2").speedup
    ((_, accurate),) = closest(layer, TARGET, 1).parts
    assert str(accurate.algorithm.tile) == "F(1x1,3x3)/2"


def test_blocks_within_blocks_compute_long_filters() -> None:
    """F(12,9) in 30 products of F(4,3) and F(3,3), or the like: fewer products than F(4,9), and less error."""
    (chosen,) = choices(wc.Layer(256, 256, (1024,), (9,), 4), TARGET, 1, 3e-6, 1)
    ((_, single),) = chosen.parts
    assert single.algorithm.points == ()
    assert single.algorithm.speedup > wc.algorithm("F(4,9)").speedup


def test_a_layer_in_too_many_parts_is_refused() -> None:
    with pytest.raises(ShapeError, match="would take"):
        make_plan(wc.Layer(2, 2, (10**6,), (10**5,), transposed=True))


@pytest.mark.parametrize(
    ("layer", "family"),
    [
        (wc.Layer(32, 32, (20, 20), (3, 3), 1, groups=32), "depthwise"),
        (wc.Layer(16, 24, (20, 20), (1, 1)), "direct"),
        (wc.Layer(16, 24, (20, 20), (3, 3), 1, padding_mode="reflect"), "nested"),
    ],
)
def test_alternatives_begin_with_what_compile_takes(layer: wc.Layer, family: str) -> None:
    first, *_ = wc.kernels.alternatives(layer, threads=1)
    assert first.plan == make_plan(layer, threads=1)
    assert {single.family for single in first.plan.plans} == {family}
    assert first.error == relative_error_of(first.plan)
    assert wc.kernels.alternatives(layer, threads=1, max_error=1e-12) == ()


@pytest.mark.parametrize(
    "layer",
    [
        wc.Layer(3, 5, (9, 8), (3, 3), 1),
        wc.Layer(64, 64, (56, 56), (3, 3), 1),
        wc.Layer(64, 64, (14, 14), (3, 3), 1, stride=2),
        wc.Layer(32, 32, (30, 30), (3, 3), 2, dilation=2),
        wc.Layer(64, 64, (28, 28), (3, 3), 1, groups=8),
        wc.Layer(128, 128, (300,), (9,), 4),
    ],
    ids=str,
)
def test_any_number_of_threads_gets_the_same_algorithms(layer: wc.Layer) -> None:
    target = Target(AVX512, 1 << 20, 16)
    first, *others = (
        [single.algorithm for single in make_plan(layer, target=target, threads=n).plans] for n in (1, 2, 16)
    )
    assert all(other == first for other in others)
