from __future__ import annotations

import dataclasses
import sys
from typing import Any

import pytest

import wincook as wc
from wincook.errors import AlgorithmError, FormatError, NotationError, ShapeError, TargetError
from wincook.kernels.compile import kernel_of
from wincook.kernels.make_plan import make_plan

LAYER = wc.Layer(channels=3, filters=20, size=(7, 9), kernel=(3, 3), padding=1)


@pytest.mark.parametrize(
    ("arguments", "error", "named"),
    [
        ({"algorithm": "F(4x4,5x5)"}, ShapeError, "F(4x4,5x5)"),
        ({"algorithm": "F(4,3)"}, ShapeError, "F(4,3)"),
        ({"algorithm": "F(4x4,3x3"}, NotationError, "F(4x4,3x3"),
        ({"threads": 0}, TargetError, "threads = 0"),
        ({"threads": 10_000}, TargetError, "threads = 10000"),
        ({"target": "avx1024"}, TargetError, "avx1024"),
        ({"format": "float16"}, FormatError, "float16"),
    ],
)
def test_bad_plans_are_named(arguments: dict[str, Any], error: type[Exception], named: str) -> None:
    with pytest.raises(error) as caught:
        wc.compile(LAYER, **arguments)
    assert named in str(caught.value)


def test_a_plan_is_made_without_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["wincook.kernels.compile"], "load_module", lambda *_: pytest.fail("compiled"))
    plan = make_plan(LAYER, "F(2x2,3x3)", threads=1, target="generic")
    (single,) = plan.plans
    assert str(single.algorithm.tile) == "F(2x2,3x3)"
    assert (plan.target.isa.name, plan.threads) == ("generic", 1)
    assert tuple(single.geometry) == (1, 3, 7, 9, 20, 1, 1, 7, 9, single.panel, 1, 3, 3, 1, 1, 1, 1, 1)


def test_an_algorithm_is_proven_before_it_is_compiled() -> None:
    right = wc.algorithm("F(2x2,3x3)")
    axis = dataclasses.replace(right.axes[0], G=2 * right.axes[0].G)
    wrong = dataclasses.replace(right, axes=(axis, right.axes[1]))
    with pytest.raises(AlgorithmError):
        make_plan(LAYER, wrong)


def test_layers_of_other_sizes_share_a_module() -> None:
    kernels = [
        kernel_of(make_plan(dataclasses.replace(LAYER, size=size), "F(2x2,3x3)", threads=1, target="generic"))
        for size in ((7, 9), (11, 4))
    ]
    assert kernels[0].modules[0] is kernels[1].modules[0]
    assert kernels[0].plan != kernels[1].plan
