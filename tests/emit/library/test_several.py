"""Several plans in one library: each by its key, with what they have in common once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import Called, dims_of
from tests.emit.library.here import ISA, MACHINE
from tests.emit.library.tools import needs, ran
from tests.golden import Golden
from wincook.emit import Library, emit_library
from wincook.emit.library import emit_library as module
from wincook.errors import NotationError
from wincook.kernels import LayerPlan, make_plan
from wincook.kernels.compile import kernel_of


def planned(channels: int, filters: int, algorithm: str = "F(2x2,3x3)", **more: Any) -> LayerPlan:
    layer = wc.Layer(channels, filters, (9, 11), (3, 3), padding=1, **more)
    return make_plan(layer, algorithm, target=ISA, threads=1)


PLANS = {
    "first": planned(10, 40),
    "alike": planned(50, 60, batch=2),
    "narrow": planned(10, 3),
    "dw": planned(6, 6, algorithm="depthwise", groups=6),
}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return emit_library(PLANS, tmp_path_factory.mktemp("several") / "net", name="net", machine=MACHINE)


@pytest.mark.slow
def test_each_key_has_functions_of_its_own_and_equal_kernels_are_there_once(several: Library) -> None:
    needs("make", "gcc", "ar")
    document = json.loads((several.folder / "net.json").read_text(encoding="utf-8"))
    assert [layer["kernel"] for layer in document["layers"].values()] == [0, 0, 1, 2]
    assert [layer["functions"] for layer in document["layers"].values()] == [f"net_{key}" for key in PLANS]
    assert len(document["kernels"]) == 3
    objects = 1 + sum(len(kernel["variants"]) for kernel in document["kernels"])
    assert len([file for file in several.files if file.endswith(".o")]) == objects
    for key, plan in PLANS.items():
        layer = plan.layer
        rng = np.random.default_rng(1)
        x, weights = (rng.uniform(-1, 1, shape).astype(np.float32) for shape in (layer.input_shape, layer.weight_shape))
        called, dims, kernel = Called(several.folder / "libnet.so", f"net_{key}"), dims_of(layer), kernel_of(plan)
        y = called.convolve(dims, x, called.packed(dims, weights))
        np.testing.assert_array_equal(y.view(np.int32), kernel(x, kernel.pack(weights)).view(np.int32))


@pytest.mark.slow
def test_the_test_in_c_covers_all_keys(several: Library) -> None:
    needs("make", "gcc", "ar", "g++")
    ran("make", "-s", "test", folder=several.folder)
    told = json.loads(ran("./test_net", "--json", folder=several.folder))
    assert told["right"]
    assert {layer["key"] for layer in told["layers"]} == {*PLANS}
    assert "F(2x2,3x3), " in ran("make", "-s", "example", folder=several.folder)
    assert "3 ways" in ran("make", "-s", "threads", folder=several.folder)


def test_keys_and_plans_that_make_no_library_are_refused(tmp_path: Path, golden: Golden) -> None:
    plan = PLANS["dw"]
    wrong: tuple[Any, ...] = ({}, {"": plan}, {"a b": plan}, {3: plan}, {"int": plan}, {"a": plan, "A": plan})
    for plans in wrong:
        with golden.raises(NotationError, match=r"key|empty"):
            emit_library(plans, tmp_path / "net", machine="aarch64")
    for mixed in ({"a": plan, "b": None}, [plan], [plan, "b"]):
        with pytest.raises(NotationError, match="make_plan"):
            emit_library(mixed, tmp_path / "net", machine="aarch64")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_the_name_of_a_library_of_several_is_that_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str] = []

    def no_objects(name: str, *_: Any) -> tuple[()]:
        named.append(name)
        return ()

    monkeypatch.setattr(module, "object_files", no_objects)
    monkeypatch.setattr(module, "_link", lambda folder, machine: "")
    emitted = emit_library({"only": PLANS["dw"]}, tmp_path / "net", machine="aarch64")
    assert named == ["wincook"]
    assert "int32_t wincook_only_run(" in emitted.header.read_text(encoding="utf-8")
