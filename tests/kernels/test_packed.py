"""Packed weights are what they were packed as, and whoever is given others says so before a float is read."""

from __future__ import annotations

import copy
import dataclasses
import importlib.util
import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.arrays import Array
from wincook.errors import DataError
from wincook.kernels.target import host_isa_names

LAYER = wc.Layer(channels=5, filters=20, size=(7, 9), kernel=(3, 3), padding=1)
X = np.random.default_rng(0).uniform(-1, 1, LAYER.input_shape).astype(np.float32)
WEIGHTS = np.random.default_rng(1).uniform(-1, 1, LAYER.weight_shape).astype(np.float32)
POINTS = "0, ±1, ±2, ∞"


def alone(layer: wc.Layer, tile: str = "F(4x4,3x3)", points: str | None = POINTS, target: str = "generic") -> wc.Kernel:
    """A kernel for one thread; messages name the instruction set, so it is one that every machine has."""
    return wc.compile(layer, tile, points=points, threads=1, target=target)


OTHERS = {
    "a smaller tile": alone(LAYER, "F(2x2,3x3)", None),
    "other points": alone(LAYER, points="0, ±1, ±1/2, ∞"),
    "another layout": alone(dataclasses.replace(LAYER, layout="NHWC")),
    "other vectors": alone(dataclasses.replace(LAYER, filters=2)),
}


@pytest.fixture(scope="module")
def kernel() -> wc.Kernel:
    return alone(LAYER)


@pytest.fixture(scope="module")
def emitted(kernel: wc.Kernel, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Under the name of the kernel's own module, whose machine code it then shares."""
    path = wc.emit(kernel.plan, tmp_path_factory.mktemp("emitted"))
    spec = importlib.util.spec_from_file_location(kernel.modules[0].__name__, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_module_refuses_weights_that_another_packed(other: wc.Kernel, emitted: ModuleType) -> None:
    packed = other.modules[0].pack(np.ones(other.plan.layer.weight_shape))
    with pytest.raises(ValueError, match="packed for") as caught:
        emitted.convolve(X, packed, LAYER.pads)
    assert str(other.plan.plans[0].algorithm.tile) in str(caught.value)
    assert emitted.CODE in str(caught.value)


@pytest.mark.parametrize("sizes", [(5, 64), (64, 5), (20, 5), (1, 1), (5, 33)])
def test_a_module_refuses_weights_of_other_sizes(sizes: tuple[int, int], emitted: ModuleType) -> None:
    channels, filters = sizes
    packed = emitted.pack(np.ones((filters, channels, 3, 3)))
    if channels != LAYER.channels:
        with pytest.raises(ValueError, match=f"{channels} channels"):
            emitted.convolve(X, packed, LAYER.pads)
    work = emitted.Workspace((1, 5, 7, 9, 20, 1, 1, 7, 9, 14), 1)
    with pytest.raises(ValueError, match="20 filters of 5 channels"):
        work.run(X, packed, np.empty(LAYER.output_shape, np.float32))


@pytest.mark.parametrize("wrong", [None, 1, X, "packed", wc.kernels.Packed], ids=lambda wrong: type(wrong).__name__)
def test_what_is_no_packed_weights_is_named(wrong: Any, emitted: ModuleType, kernel: wc.Kernel) -> None:
    with pytest.raises(ValueError, match=type(wrong).__name__):
        emitted.convolve(X, wrong)
    with pytest.raises(DataError):
        kernel(X, wrong)


def test_packed_weights_cannot_be_changed(emitted: ModuleType) -> None:
    packed = emitted.pack(WEIGHTS, np.ones(20))
    before = emitted.convolve(X, packed, LAYER.pads)
    for array in (packed.U, packed.bias):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.setflags(write=True)
    for name in ("U", "bias", "channels", "filters", "packed_for", "_contents"):
        with pytest.raises(AttributeError):
            setattr(packed, name, 64)
    for name in ("U", "bias", "channels", "filters"):
        with pytest.raises(AttributeError):
            object.__setattr__(packed, name, 64)
    np.testing.assert_array_equal(emitted.convolve(X, packed, LAYER.pads), before)


def test_the_weights_may_change_once_they_are_packed(kernel: wc.Kernel) -> None:
    weights, bias = WEIGHTS.copy(), np.ones(20, np.float32)
    packed = kernel.pack(weights, bias)
    before = kernel(X, packed)
    weights[...] = bias[...] = 7
    np.testing.assert_array_equal(kernel(X, packed), before)


@pytest.mark.parametrize(
    "make",
    [
        lambda cls, _: cls(),
        lambda cls, packed: cls(packed.U, packed.bias, 64, 64),
        lambda cls, packed: cls(packed.U),
        lambda cls, packed: dataclasses.replace(packed, channels=64),
    ],
)
def test_a_module_packs_weights_or_makes_nothing(make: Callable[..., object], emitted: ModuleType) -> None:
    with pytest.raises((TypeError, ValueError)):
        make(emitted.Packed, emitted.pack(WEIGHTS))


def test_an_empty_shell_is_refused(emitted: ModuleType, kernel: wc.Kernel) -> None:
    with pytest.raises(ValueError, match="packed for"):
        emitted.convolve(X, object.__new__(emitted.Packed))
    with pytest.raises(DataError):
        kernel(X, object.__new__(wc.kernels.Packed))


def test_copies_are_as_good(emitted: ModuleType, kernel: wc.Kernel) -> None:
    for packed, run in (
        (emitted.pack(WEIGHTS), lambda packed: emitted.convolve(X, packed, LAYER.pads)),
        (kernel.pack(WEIGHTS), lambda packed: kernel(X, packed)),
    ):
        for twin in (copy.copy(packed), copy.deepcopy(packed), copy.deepcopy([packed])[0]):
            np.testing.assert_array_equal(run(twin), run(packed))


def test_weights_of_an_equal_kernel_are_as_good(kernel: wc.Kernel) -> None:
    twin = alone(LAYER)
    assert twin.plan is not kernel.plan
    np.testing.assert_array_equal(twin(X, kernel.pack(WEIGHTS)), kernel(X, kernel.pack(WEIGHTS)))


def test_packed_weights_are_not_sent(emitted: ModuleType, kernel: wc.Kernel, golden: Golden) -> None:
    with pytest.raises(TypeError, match="pack them there"):
        pickle.dumps(emitted.pack(WEIGHTS))
    with golden.raises(DataError):
        pickle.dumps(kernel.pack(WEIGHTS))


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_kernel_refuses_weights_put_together_by_hand(other: wc.Kernel, kernel: wc.Kernel, golden: Golden) -> None:
    packed = kernel.pack(WEIGHTS)
    theirs = other.pack(np.ones(other.plan.layer.weight_shape))
    for forged in (
        wc.kernels.Packed(kernel.plan, theirs.contents),
        dataclasses.replace(packed, contents=theirs.contents),
        dataclasses.replace(theirs, plan=kernel.plan),
        wc.kernels.Packed(kernel.plan, WEIGHTS),  # type: ignore[arg-type]
        wc.kernels.Packed(kernel.plan, (WEIGHTS,)),
        wc.kernels.Packed(kernel.plan, ()),
        wc.kernels.Packed(other.plan, packed.contents),
    ):
        with golden.raises(DataError):
            kernel(X, forged)
    with pytest.raises(AttributeError):
        packed.plan = other.plan  # type: ignore[misc]


@pytest.mark.skipif(len(host_isa_names()) == 1, reason="this machine has one instruction set")
def test_a_kernel_refuses_weights_of_another_instruction_set(kernel: wc.Kernel) -> None:
    theirs = alone(LAYER, target=host_isa_names()[0]).pack(WEIGHTS)
    for packed in (theirs, wc.kernels.Packed(kernel.plan, theirs.contents)):
        with pytest.raises(DataError, match=f"packed for .*{host_isa_names()[0]}.*, not .*generic"):
            kernel(X, packed)


def test_a_kernel_refuses_contents_of_other_sizes(kernel: wc.Kernel, golden: Golden) -> None:
    swapped = dataclasses.replace(LAYER, channels=20, filters=5)
    contents = kernel.modules[0].pack(np.ones((5, 20, 3, 3)))
    with golden.raises(DataError, match=r"20.*5"):
        kernel(X, wc.kernels.Packed(kernel.plan, (contents,)))
    assert swapped.weight_shape == (5, 20, 3, 3)


@pytest.mark.parametrize(
    ("weights", "bias", "named"),
    [
        (np.ones((20, 5, 3, 4)), None, "(20, 5, 3, 4)"),
        (np.ones((20, 5, 3)), None, "(20, 5, 3)"),
        (np.ones((0, 5, 3, 3)), None, "(0, 5, 3, 3)"),
        (np.ones((20, 0, 3, 3)), None, "(20, 0, 3, 3)"),
        (np.ones((20, 5, 3, 3), complex), None, "complex128"),
        (np.full((20, 5, 3, 3), "a"), None, "<U1"),
        (np.ones((20, 5, 3, 3)), np.ones(19), "(19,)"),
        (np.ones((20, 5, 3, 3)), np.ones(20, complex), "complex128"),
    ],
)
def test_a_module_names_what_it_cannot_pack(weights: Array, bias: Any, named: str, emitted: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"weights|bias") as caught:
        emitted.pack(weights, bias)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("x", "padding", "named"),
    [
        (np.ones((1, 4, 7, 9)), LAYER.pads, "5 channels"),
        (np.ones((5, 7, 9)), LAYER.pads, "(5, 7, 9)"),
        (np.ones((0, 5, 7, 9)), LAYER.pads, "(0, 5, 7, 9)"),
        (np.ones((1, 5, 7, 9), complex), LAYER.pads, "complex128"),
        (np.ones((1, 5, 2, 9)), ((0, 0), (0, 0)), "does not fit"),
    ],
)
def test_a_module_names_what_it_cannot_convolve(x: Array, padding: Any, named: str, emitted: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"x|filter") as caught:
        emitted.convolve(x, emitted.pack(WEIGHTS), padding)
    assert named in str(caught.value)


def test_emitted_and_compiled_agree(emitted: ModuleType, kernel: wc.Kernel) -> None:
    packed = emitted.pack(WEIGHTS.astype(np.float16), np.arange(20))
    assert repr(packed).startswith("Packed(20 filters of 5 channels, F(4x4,3x3) on 0, ±1, ±2, ∞ in NCHW for ")
    assert (packed.channels, packed.filters) == (5, 20)
    np.testing.assert_array_equal(
        emitted.convolve(X.tolist(), packed, LAYER.pads),
        kernel(X, kernel.pack(WEIGHTS.astype(np.float16), np.arange(20))),
    )
