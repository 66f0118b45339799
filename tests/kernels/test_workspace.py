"""Memory of calls: told before, given by callers, and kept within a budget."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.errors import DataError, ShapeError, TargetError
from wincook.kernels import make_plan
from wincook.kernels.target import GENERIC, Target

TARGET = Target(GENERIC, 1 << 20, 1)  # a cache of its own, whatever this machine has
LAYERS = {
    "nested": wc.Layer(5, 20, (9, 10), (3, 3), 1),
    "direct": wc.Layer(5, 20, (9, 10), (1, 1), layout="NHWC"),
    "depthwise": wc.Layer(20, 20, (9, 10), (3, 3), 1, groups=20),
    "reflected": wc.Layer(5, 20, (9, 10), (3, 3), 1, padding_mode="reflect", layout="NHWC"),
    "parts": wc.Layer(5, 20, (9, 10), (3, 3), transposed=True, stride=2),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYERS)
def test_plans_say_how_much_memory_calls_take(name: str) -> None:
    layer = LAYERS[name]
    plan = make_plan(layer, target=TARGET)
    kernel = wc.kernels.compile(layer, target=TARGET)
    packed = kernel.pack(np.ones(layer.weight_shape), np.arange(20))
    arrays = [array for held in packed.contents for array in (held._contents.U, held._contents.of_filters)]
    assert plan.packed_bytes == sum(array.nbytes for array in arrays)
    own = [
        module.workspace(single.geometry, 1).nbytes for module, single in zip(kernel.modules, plan.plans, strict=True)
    ]
    assert plan.kernel_bytes == max(own)
    x = np.random.default_rng(0).uniform(-1, 1, layer.input_shape).astype(np.float32)
    out, memory = np.empty(layer.output_shape, np.float32), kernel.workspace()
    assert memory.nbytes == plan.workspace_bytes
    assert kernel(x, packed, out, workspace=memory) is out
    np.testing.assert_array_equal(out, kernel(x, packed))


@pytest.fixture(scope="module")
def kernel() -> wc.Kernel:
    return wc.compile(LAYERS["nested"], "F(2x2,3x3)", target=TARGET)


@pytest.mark.parametrize(
    ("name", "family"), [("nested", "F(2x2,3x3)"), ("direct", "direct"), ("depthwise", "depthwise")]
)
def test_sizes_are_worked_out_without_compiling(name: str, family: str) -> None:
    layer = LAYERS[name]
    kernel = wc.compile(layer, family, target=TARGET)
    kernel(np.ones(layer.input_shape), kernel.pack(np.ones(layer.weight_shape)))
    inlined = [value for value in vars(kernel.modules[0]).values() if hasattr(value, "signatures")]
    assert inlined
    assert not any(function.signatures for function in inlined if function.targetoptions.get("inline"))


@pytest.mark.parametrize(
    "change",
    [
        lambda memory: memory[:-1],
        lambda memory: memory[1:],
        lambda memory: memory.view(np.float32),
        lambda memory: memory.reshape(2, -1),
        lambda memory: memory.tobytes(),
        lambda memory: np.frombuffer(memory.tobytes(), np.uint8),
    ],
    ids=["too small", "off a line", "floats", "two axes", "no array", "read-only"],
)
def test_a_workspace_that_cannot_be_used_is_refused(kernel: wc.Kernel, change: Any) -> None:
    layer = kernel.plan.layer
    packed = kernel.pack(np.ones(layer.weight_shape))
    with pytest.raises(ShapeError, match=f"at least {kernel.plan.workspace_bytes} bytes"):
        kernel(np.ones(layer.input_shape), packed, workspace=change(kernel.workspace()))


def test_a_workspace_apart_from_all_arrays_is_asked_for(kernel: wc.Kernel) -> None:
    layer = kernel.plan.layer
    packed, memory = kernel.pack(np.ones(layer.weight_shape)), kernel.workspace()
    out = memory[: 4 * int(np.prod(layer.output_shape))].view(np.float32).reshape(layer.output_shape)
    with pytest.raises(DataError, match="workspace shares memory"):
        kernel(np.ones(layer.input_shape), packed, out, workspace=memory)


def test_nothing_is_allocated_where_all_is_given(kernel: wc.Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = kernel.plan.layer
    x, packed, memory = (
        np.ones(layer.input_shape, np.float32),
        kernel.pack(np.ones(layer.weight_shape)),
        kernel.workspace(),
    )
    out = np.empty(layer.output_shape, np.float32)
    kernel._kernels[0]._workspaces.clear()
    for module in kernel.modules:
        monkeypatch.setattr(module, "aligned", lambda _: pytest.fail("memory was allocated"))
    kernel(x, packed, out, workspace=memory)
    monkeypatch.undo()
    np.testing.assert_array_equal(out, kernel(x, packed))


def test_a_budget_makes_panels_smaller() -> None:
    layer = wc.Layer(16, 16, (56, 56), (3, 3), 1)
    free = make_plan(layer, "F(4x4,3x3)", target=TARGET)
    budget = (free.workspace_bytes + free.packed_bytes) * 2 // 3
    kept = make_plan(layer, "F(4x4,3x3)", target=TARGET, memory=budget)
    assert kept.workspace_bytes + kept.packed_bytes <= budget
    assert kept.plans[0].panel < free.plans[0].panel
    assert make_plan(layer, "F(4x4,3x3)", target=TARGET, memory=10**12) == free


@pytest.mark.slow
def test_small_panels_have_the_same_bits() -> None:
    layer = LAYERS["nested"]
    free = wc.compile(layer, "F(2x2,3x3)", target=TARGET)
    least = make_plan(layer, "F(2x2,3x3)", target=TARGET, memory=40_000)
    kernel = wc.kernels.compile(layer, "F(2x2,3x3)", target=TARGET, memory=40_000)
    assert kernel.plan == least
    x, weights = (np.random.default_rng(0).uniform(-1, 1, shape) for shape in (layer.input_shape, layer.weight_shape))
    np.testing.assert_array_equal(kernel(x, kernel.pack(weights)), free(x, free.pack(weights)))


@pytest.mark.parametrize(
    "layer",
    [
        wc.Layer(2**20, 2**20, (4, 4), (3, 3)),
        wc.Layer(2**31 - 1, 2**31 - 1, (2**31 - 1, 2**31 - 1), (3, 3)),
        wc.Layer(1, 1, (2**31 - 1, 2**31 - 1), (1, 1), batch=2**31 - 1),
        wc.Layer(1, 1, (2**31 - 1,) * 4, (3,) * 4),
        wc.Layer(1, 1, (5, 5), (3, 3), 2**31 - 1),
        wc.Layer(1, 1, (5, 5), (3, 3), 2**31 - 1, padding_mode="replicate"),
        wc.Layer(1, 1, (2**30,), (3,), stride=2**30, transposed=True),
        wc.Layer(2**31 - 1, 2**31 - 1, (40, 40), (3, 3), groups=2**31 - 1),
        wc.Layer(3, 3, (2**31 - 1,), (2**31 - 1,)),
    ],
    ids=str,
)
def test_layers_that_no_memory_holds_are_refused_before_it_is_touched(layer: wc.Layer) -> None:
    with pytest.raises(TargetError, match=r"takes \d+ bytes of memory, and this machine has \d+"):
        wc.compile(layer, target=TARGET)


@pytest.mark.parametrize("memory", [0, 1000])
def test_a_budget_that_cannot_be_kept_is_refused_with_both_numbers(memory: int, golden: Golden) -> None:
    with golden.raises(TargetError):
        make_plan(wc.Layer(16, 16, (56, 56), (3, 3), 1), "F(4x4,3x3)", target=TARGET, memory=memory)
