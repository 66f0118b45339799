from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import wincook as wc
from wincook.errors import DataError, FormatError, NotationError, ShapeError, TargetError

Array = NDArray[Any]

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


@pytest.mark.skipif(wc.Target.host().threads < 2, reason="one core runs no parallel region")
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


def test_weights_packed_for_another_kernel_are_refused(kernel: wc.Kernel, x: Array, weights: Array) -> None:
    other = wc.compile(wc.Layer(3, 20, (7, 10), (3, 3), 1), "F(4x4,3x3)", points="0, ±1, ±2, ∞")
    with pytest.raises(DataError, match="packed for"):
        kernel(x, other.pack(weights))


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


def test_values_print_themselves(kernel: wc.Kernel, weights: Array) -> None:
    assert "F(4x4,3x3) on (1, 3, 7, 9) NCHW -> (1, 20, 7, 9)" in repr(kernel)
    assert repr(kernel.pack(weights)) == "Packed(20 filters of 3 channels)"


@pytest.mark.parametrize(
    "layer",
    [
        wc.Layer(3, 20, (9,), (3,)),
        wc.Layer(3, 20, (5, 5, 5), (3, 3, 3)),
        wc.Layer(3, 20, (7, 9), (3, 3), stride=(1, 2)),
        wc.Layer(3, 20, (7, 9), (3, 3), dilation=2),
        wc.Layer(4, 20, (7, 9), (3, 3), groups=2),
        wc.Layer(3, 20, (7, 9), (3, 3), transposed=True),
    ],
    ids=str,
)
def test_layers_without_a_kernel_are_named(layer: wc.Layer) -> None:
    with pytest.raises(ShapeError, match="there is no kernel for the layer 3") as caught:
        wc.compile(layer)
    assert "wincook.reduce" in str(caught.value)
