"""Kernels with a clock in their loops: the same bits, and stages that add up to a call."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.some import some
from wincook.errors import NotationError
from wincook.kernels import make_plan, module_source
from wincook.kernels.codegen.body.clock import FIRST_STAGE
from wincook.kernels.codegen.clocked import STAGES, clocked_source, stages_of
from wincook.kernels.measurement.stages import clocked_module, memory_with_clock, stage_times
from wincook.kernels.plans.plan import Plan
from wincook.kernels.target import AVX512, GENERIC, Isa, Target
from wincook.layers import read_layer

LAYERS = {
    "nested": ("8x12x12 -> 8, 3x3, padding 1", "F(2x2,3x3)"),
    "sparse": ("8x12x12 -> 8, 3x3, padding 1", "F(2x2,3x3)"),
    "shallow": ("3x12x32 -> 8, 3x3, padding 1", "F(2x2,3x3)"),
    "direct": ("8x12x12 -> 8, 3x3, padding 1", "direct"),
    "direct, channels last": ("8x12x12 -> 8, 3x3, padding 1, NHWC", "direct"),
    "direct, narrow groups": ("8x12x12 -> 8, 3x3, padding 1, groups 4, NHWC", "direct"),
    "depthwise": ("8x12x12 -> 8, 3x3, padding 1, groups 8", "depthwise"),
    "depthwise, channels last": ("8x12x12 -> 8, 3x3, padding 1, groups 8, NHWC", "depthwise"),
}


def plan_of(name: str, isa: Isa = GENERIC) -> Plan:
    layer, algorithm = LAYERS[name]
    target = Target(isa, 1 << 20, 1)
    (single,) = make_plan(read_layer(layer), algorithm, threads=1, target=target, sparse=name == "sparse").plans
    return single


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("target", some([GENERIC, AVX512], every=2, name=lambda isa: isa.name))
def test_the_text_is_that_of_the_module_but_for_the_clock(name: str, target: Isa) -> None:
    single = plan_of(name, target)
    plain, clocked = module_source(single), clocked_source(single)
    ticks = [line for line in clocked.splitlines() if line.strip().startswith(("stage_begins(", "stage_ends("))]
    assert len(ticks) >= 2 * len(stages_of(single.family))
    assert all(sum(f", {number})" in line for line in ticks) for number in range(len(stages_of(single.family))))
    without = clocked
    for line in ticks:
        without = without.replace(f"{line}\n", "", 1)
    before, clock, after = without.partition("# How long stages take")
    assert clock
    assert plain.startswith(before.rstrip("\n"))
    assert plain.endswith(after[after.index("@c_function") :])


def test_every_family_has_stages() -> None:
    assert {single.family for single in map(plan_of, LAYERS)} == set(STAGES)


@pytest.mark.parametrize("name", some(LAYERS, every=2))
def test_stages_are_parts_of_calls(name: str) -> None:
    layer, algorithm = LAYERS[name]
    plan = make_plan(read_layer(layer), algorithm, threads=1, target="generic")
    start = perf_counter()
    times = stage_times(plan, 0.05)
    passed = perf_counter() - start
    assert tuple(times.stages) == stages_of(plan.plans[0].family)
    assert all(0 < seconds < passed for seconds in times.stages.values())
    assert 0 < times.packing < passed
    assert 0 <= times.rest < passed


def test_parts_are_counted_as_often_as_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = {"input transform": 1.0, "products": 2.0, "output transform": 4.0}
    monkeypatch.setattr("wincook.kernels.measurement.stages._stages", lambda *_: taken)
    plan = make_plan(wc.Layer(4, 4, (9, 9), (3, 3), dilation=2), "F(2x2,3x3)", threads=1, target="generic")
    times = stage_times(plan, 0.01)
    assert len(plan.parts) == 4
    assert times.stages == {name: 4 * seconds for name, seconds in taken.items()}
    assert times.rest == 0


def test_no_time_is_refused() -> None:
    plan = make_plan(wc.Layer(1, 1, (5, 5), (3, 3)), "F(2x2,3x3)", threads=1, target="generic")
    with pytest.raises(NotationError, match="seconds"):
        stage_times(plan, 0)


@pytest.mark.parametrize("name", some(LAYERS, every=2))
def test_a_kernel_with_a_clock_has_the_same_bits(name: str) -> None:
    single, rng = plan_of(name), np.random.default_rng(0)
    layer = single.layer
    x, weights = (rng.normal(size=shape).astype(np.float32) for shape in (layer.input_shape, layer.weight_shape))
    module = clocked_module(single)
    work, y = module.workspace(single.geometry, 1), np.empty(layer.output_shape, np.float32)
    memory, of_threads = memory_with_clock(work.nbytes, 1)
    module.run(work, x, module.pack(weights, None, layer.groups), y, None, memory)
    kernel = wc.compile(read_layer(LAYERS[name][0]), LAYERS[name][1], threads=1, target="generic")
    np.testing.assert_array_equal(y, kernel(x, kernel.pack(weights)))
    assert of_threads[0, FIRST_STAGE:].any()


@pytest.mark.parametrize("algorithm", ["F(2x2,3x3)", "direct"])
def test_stages_of_whole_numbers_are_timed_with_scales_of_their_own(algorithm: str) -> None:
    formats: dict[str, Any] = {"format": "int8", "input_format": "int8", "output_format": "uint8"}
    plan = make_plan(read_layer("8x12x12 -> 8, 3x3, padding 1"), algorithm, threads=1, target="generic", **formats)
    taken = stage_times(plan, 0.01)
    assert list(taken.stages) == list(stages_of("nested"))
    assert all(seconds > 0 for seconds in taken.stages.values())
