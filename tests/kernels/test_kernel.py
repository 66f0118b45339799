from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.arrays import Array
from wincook.errors import DataError, ShapeError

LAYER = wc.Layer(channels=3, filters=20, size=(7, 9), kernel=(3, 3), padding=1)


@pytest.fixture(scope="module")
def kernel() -> wc.Kernel:
    return wc.compile(LAYER, "F(4x4,3x3)", points="0, ±1, ±2, ∞")


@pytest.fixture
def x() -> Array:
    return np.random.default_rng(0).uniform(-1, 1, LAYER.input_shape).astype(np.float32)


@pytest.fixture
def weights() -> Array:
    return np.random.default_rng(1).uniform(-1, 1, LAYER.weight_shape).astype(np.float32)


@pytest.mark.parametrize(
    "awkward",
    [
        lambda x: x.astype(np.float64),
        lambda x: x.astype(np.float64).tolist(),
        np.asfortranarray,
        lambda x: np.repeat(x, 2, axis=3)[..., ::2],
        lambda x: x[:, ::-1].copy()[:, ::-1],
        lambda x: np.frombuffer(b"\0" + x.tobytes(), np.uint8)[1:].view(np.float32).reshape(x.shape),
    ],
    ids=["float64", "lists", "fortran", "strided", "negative strides", "unaligned and read-only"],
)
def test_awkward_arrays_give_the_same_result(
    kernel: wc.Kernel, x: Array, weights: Array, awkward: Callable[[Array], Any]
) -> None:
    packed = kernel.pack(weights)
    np.testing.assert_array_equal(kernel(awkward(x), packed), kernel(x, packed))
    np.testing.assert_array_equal(kernel(x, kernel.pack(np.asfortranarray(weights))), kernel(x, packed))


def test_inputs_are_left_as_they_were(kernel: wc.Kernel, x: Array, weights: Array) -> None:
    before = x.copy(), weights.copy()
    x.flags.writeable = weights.flags.writeable = False
    kernel(x, kernel.pack(weights))
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(weights, before[1])


def test_nothing_is_written_beyond_the_output(kernel: wc.Kernel, x: Array, weights: Array) -> None:
    size = int(np.prod(LAYER.output_shape))
    memory = np.full(size + 128, 7.0, np.float32)
    out = memory[64 : 64 + size].reshape(LAYER.output_shape)
    packed = kernel.pack(weights)
    assert kernel(x, packed, out=out) is out
    np.testing.assert_array_equal(out, kernel(x, packed))
    assert (memory[:64] == 7).all()
    assert (memory[64 + size :] == 7).all()


def test_calls_from_many_threads_do_not_mix(kernel: wc.Kernel, weights: Array) -> None:
    packed = kernel.pack(weights)
    inputs = [np.full(LAYER.input_shape, value, np.float32) for value in range(16)]
    expected = [kernel(x, packed) for x in inputs]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            for y, wanted in zip(pool.map(lambda x: kernel(x, packed), inputs), expected, strict=True):
                np.testing.assert_array_equal(y, wanted)


CONCURRENT = """
from concurrent.futures import ThreadPoolExecutor
import numba
import numpy as np
import wincook as wc
layer = wc.Layer(3, 20, (30, 30), (3, 3), 1)
kernels = [wc.compile(layer, "F(4x4,3x3)", points="0, ±1, ±2, ∞"), wc.compile(layer, "F(2x2,3x3)")]
packed = [kernel.pack(np.ones(layer.weight_shape)) for kernel in kernels]
x = np.ones(layer.input_shape, np.float32)
with ThreadPoolExecutor(4) as pool:
    results = list(pool.map(lambda i: kernels[i % 2](x, packed[i % 2]), range(200)))
assert all(np.array_equal(y, results[i % 2]) for i, y in enumerate(results))
print(numba.threading_layer())
"""


@pytest.mark.slow
@pytest.mark.skipif(wc.kernels.Target.host().threads < 2, reason="one core runs no parallel region")
def test_kernels_of_many_threads_may_be_called_from_many_threads_without_openmp() -> None:
    environment = os.environ | {"NUMBA_THREADING_LAYER": "workqueue"}
    done = subprocess.run(
        [sys.executable, "-c", CONCURRENT], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "workqueue"), done.stderr


def test_nan_in_an_image_stays_where_the_algorithm_lets_it(kernel: wc.Kernel, x: Array, weights: Array) -> None:
    x[0, 0, 0, 0] = np.nan
    y = kernel(x, kernel.pack(weights))
    assert np.isnan(y[0, :, 0, 0]).all()
    assert np.isfinite(y[0, :, 4:, :]).all()


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda k, x, w: k(x[:, :2], k.pack(w)), ShapeError, "(1, 3, 7, 9)"),
        (lambda k, x, w: k(x[:0], k.pack(w)), ShapeError, "(0, 3, 7, 9)"),
        (lambda k, x, w: k(x.astype(complex), k.pack(w)), DataError, "complex128"),
        (lambda k, x, w: k(x.astype(str), k.pack(w)), DataError, "real numbers"),
        (lambda k, x, w: k(np.ma.masked_less(x, 0), k.pack(w)), DataError, "masked"),
        (lambda k, x, w: k.pack(w[:, :, :2]), ShapeError, "(20, 3, 3, 3)"),
        (lambda k, x, w: k.pack(np.where(w == w[3, 1, 2, 0], np.nan, w)), DataError, "weights[3, 1, 2, 0] is nan"),
        (lambda k, x, w: k.pack(w.astype(float) * 1e300), DataError, "finite"),
        (lambda k, x, w: k.pack(w, np.zeros(3)), ShapeError, "bias has shape (3,)"),
        (lambda k, x, w: k.pack(w, np.full(20, np.inf)), DataError, "bias[0] is inf"),
        (lambda k, x, w: k(x, k.pack(w), out=np.empty((1, 20, 7, 9))), ShapeError, "float32"),
        (lambda k, x, w: k(x, k.pack(w), out=np.empty((1, 20, 9, 7), np.float32)), ShapeError, "(1, 20, 7, 9)"),
    ],
)
def test_bad_arrays_are_named(
    kernel: wc.Kernel, x: Array, weights: Array, call: Callable[..., object], error: type[Exception], named: str
) -> None:
    with pytest.raises(error) as caught:
        call(kernel, x, weights)
    assert isinstance(caught.value, wc.WincookError)
    assert named in str(caught.value)


SAME = wc.Layer(channels=20, filters=20, size=(7, 9), kernel=(3, 3), padding=1)


@pytest.fixture(scope="module")
def same() -> wc.Kernel:
    """A kernel whose output has the shape of its input."""
    return wc.compile(SAME, "F(4x4,3x3)", points="0, ±1, ±2, ∞")


def overlapping() -> dict[str, tuple[Any, Array]]:
    """Pairs of x and out that share memory."""
    size = int(np.prod(SAME.input_shape))
    memory = np.ones(2 * size, np.float32)
    image = memory[:size].reshape(SAME.input_shape)
    strided = memory.reshape(*SAME.input_shape[:3], 18)
    return {
        "x itself": (image, image),
        "a view of x": (image, image[:]),
        "x backwards": (image[..., ::-1], image),
        "x read-only": (np.lib.stride_tricks.as_strided(image, writeable=False), image),
        "one float later": (image, memory[1 : size + 1].reshape(SAME.output_shape)),
        "the last float": (image, memory[size - 1 : 2 * size - 1].reshape(SAME.output_shape)),
        "every second float of x": (strided[..., ::2], memory[:size].reshape(SAME.output_shape)),
        "one pixel of x": (
            np.broadcast_to(memory[size : size + 9], SAME.input_shape),
            memory[size:].reshape(SAME.output_shape),
        ),
        "as another type": (image.view(np.int32), image),
        "by the array interface": (type("Holder", (), {"__array_interface__": image.__array_interface__})(), image),
    }


@pytest.mark.parametrize("pair", overlapping().values(), ids=overlapping())
def test_an_output_that_shares_memory_with_the_input_is_refused(
    pair: tuple[Any, Array], same: wc.Kernel, golden: Golden
) -> None:
    x, out = pair
    before = out.copy()
    with golden.raises(DataError):
        same(x, same.pack(np.ones(SAME.weight_shape)), out=out)
    np.testing.assert_array_equal(out, before)


def apart() -> dict[str, tuple[Any, Array]]:
    """Pairs of x and out that lie close together, and share nothing."""
    size = int(np.prod(SAME.input_shape))
    memory = np.ones(2 * size, np.float32)
    return {
        "right behind x": (memory[:size].reshape(SAME.input_shape), memory[size:].reshape(SAME.output_shape)),
        "right before x": (memory[size:].reshape(SAME.input_shape), memory[:size].reshape(SAME.output_shape)),
    }


@pytest.mark.parametrize("pair", apart().values(), ids=apart())
def test_an_output_next_to_the_input_is_written(pair: tuple[Any, Array], same: wc.Kernel) -> None:
    x, out = pair
    packed = same.pack(np.ones(SAME.weight_shape))
    expected = same(x.copy(), packed)
    assert same(x, packed, out=out) is out
    np.testing.assert_array_equal(out, expected)


def test_an_output_in_a_gap_of_the_input_is_written(same: wc.Kernel) -> None:
    """x is the images 0 and 2 of a stack, the output lies in image 1: their bounds cross, their floats do not."""
    kernel = wc.compile(wc.Layer(20, 10, (7, 9), (3, 3), 1, batch=2), same.plan.plans[0].algorithm)
    stack = np.random.default_rng(0).uniform(-1, 1, (3, 20, 7, 9)).astype(np.float32)
    x, out = stack[::2], stack[1].reshape(2, 10, 7, 9)
    packed = kernel.pack(np.ones((10, 20, 3, 3)))
    expected = kernel(x.copy(), packed)
    assert kernel(x, packed, out=out) is out
    np.testing.assert_array_equal(out, expected)


def read_only(shape: tuple[int, ...]) -> Array:
    array = np.ones(shape, np.float32)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    "out",
    [
        read_only(LAYER.output_shape),
        np.broadcast_to(np.ones(9, np.float32), LAYER.output_shape),
        np.ones(LAYER.output_shape, ">f4"),
        np.ones(LAYER.output_shape, np.float64),
        np.ones(LAYER.output_shape, np.int32),
        np.ones((1, 20, 63), np.float32),
        np.frombuffer(bytearray(4 * 20 * 63 + 1), np.uint8)[1:].view(np.float32).reshape(LAYER.output_shape),
        [[1.0]],
        "out",
    ],
    ids=["read-only", "places that are one", "swapped", "float64", "int32", "flat", "unaligned", "list", "text"],
)
def test_an_output_that_cannot_be_written_is_refused(
    kernel: wc.Kernel, x: Array, weights: Array, out: Any, golden: Golden
) -> None:
    with golden.raises(ShapeError, match="float32"):
        kernel(x, kernel.pack(weights), out=out)
    with pytest.raises(ValueError, match="y must be"):
        kernel.modules[0].Workspace(kernel.plan.plans[0].geometry, 1).run(x, kernel.modules[0].pack(weights), out)


@pytest.mark.parametrize("place", range(10))
def test_a_workspace_of_nothing_is_refused(kernel: wc.Kernel, place: int) -> None:
    geometry = list(kernel.plan.plans[0].geometry)
    if place in {5, 6}:  # the padding
        with pytest.raises(ValueError, match="on 0 threads"):
            kernel.modules[0].Workspace(geometry, 0)
        return
    geometry[place] = 0
    with pytest.raises(ValueError, match="nothing can be computed"):
        kernel.modules[0].Workspace(geometry, 1)


@pytest.mark.parametrize("size", [1 << 31, -(1 << 63), 10**30])
@pytest.mark.parametrize("place", range(17))
def test_a_workspace_of_sizes_that_overflow_is_refused(kernel: wc.Kernel, place: int, size: int) -> None:
    geometry = [*kernel.plan.plans[0].geometry, *[1] * 17][:17]
    geometry[place] = size
    with pytest.raises(ValueError, match="nothing can be computed"):
        kernel.modules[0].Workspace(geometry, 1)


def test_a_workspace_refuses_what_is_not_for_it(kernel: wc.Kernel, x: Array, weights: Array) -> None:
    work, packed = kernel.modules[0].Workspace(kernel.plan.plans[0].geometry, 1), kernel.modules[0].pack(weights)
    y = np.empty(LAYER.output_shape, np.float32)
    for wrong in (x[:, :2], x.astype(np.float64), x.tolist(), np.asfortranarray(x), x[..., ::-1]):
        with pytest.raises(ValueError, match="x must be"):
            work.run(wrong, packed, y)
    memory = np.ones(4000, np.float32)
    with pytest.raises(ValueError, match="share no memory"):
        work.run(memory[: x.size].reshape(x.shape), packed, memory[x.size - 1 :][: y.size].reshape(y.shape))
    with pytest.raises(ValueError, match="share no memory"):
        work.run(memory[y.size - 1 :][: x.size].reshape(x.shape), packed, memory[: y.size].reshape(y.shape))
    work.run(memory[y.size :][: x.size].reshape(x.shape), packed, memory[: y.size].reshape(y.shape))
    work.run(memory[: x.size].reshape(x.shape), packed, memory[x.size :][: y.size].reshape(y.shape))


def test_weights_packed_for_another_kernel_are_refused(x: Array, weights: Array, golden: Golden) -> None:
    narrower, wider = (
        wc.compile(layer, "F(4x4,3x3)", points="0, ±1, ±2, ∞", threads=1, target="generic")
        for layer in (LAYER, wc.Layer(3, 20, (7, 10), (3, 3), 1))
    )
    with golden.raises(DataError):
        narrower(x, wider.pack(weights))


def test_values_print_themselves(kernel: wc.Kernel, weights: Array) -> None:
    assert "F(4x4,3x3) on (1, 3, 7, 9) NCHW -> (1, 20, 7, 9)" in repr(kernel)
    assert repr(kernel.pack(weights)) == "Packed(20 filters of 3 channels)"
