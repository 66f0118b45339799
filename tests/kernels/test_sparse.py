"""Sparse kernels against the interpreter, bit for bit; masks of every kind; threads, guard pages, clear errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from tests.some import some
from wincook.errors import DataError, FormatError, ShapeError
from wincook.kernels import module_source
from wincook.kernels.target import host_isa_names
from wincook.layers import Layout
from wincook.sparse import Mask, simulate, transformed

ALGORITHM = wc.algorithm("F(2x2,3x3)")
ALGORITHMS = (ALGORITHM, wc.algorithm("F(4x4,3x3)"), wc.algorithm("F(3x2,3x3)"))


def drawn_mask(layer: wc.Layer, sparsity: float, seed: int = 0, block: tuple[int, int] = (32, 1)) -> Mask:
    rng = np.random.default_rng(seed)
    shape = (16, -(-layer.filters // block[0]), -(-layer.channels // block[1]))
    kept = rng.random(shape) >= sparsity
    return Mask.of(ALGORITHM, kept, filters=layer.filters, channels=layer.channels, block=block)


def data(layer: wc.Layer, seed: int = 0) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    shapes = layer.input_shape, layer.weight_shape, (layer.filters,)
    return tuple(rng.uniform(-1, 1, shape).astype(np.float32) for shape in shapes)


@pytest.mark.slow
@pytest.mark.parametrize(("target", "layout"), some(["avx512", "avx2", "generic"], ["NCHW", "NHWC"], every=2))
def test_sparse_kernels_equal_the_interpreter_bit_for_bit(target: str, layout: Layout) -> None:
    """From none zero to all, of few channels and of several chains, on one thread and on two."""
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    for channels, filters, sparsity in ((5, 17, 0.5), (150, 40, 0.3), (37, 64, 0.9), (20, 33, 0.0), (20, 33, 1.0)):
        layer = wc.Layer(channels, filters, (9, 7), (3, 3), 1, 2, layout)
        mask, (x, weights, bias) = drawn_mask(layer, sparsity), data(layer)
        expected = simulate(ALGORITHM, mask, layer=layer, x=x, weights=weights, bias=bias)
        for threads in (1, 2):
            kernel = wc.compile(layer, ALGORITHM, threads=threads, target=target, sparse=True)
            y = kernel(x, kernel.pack(weights, bias, mask=mask))
            np.testing.assert_array_equal(y.view(np.int32), expected.view(np.int32))  # -0 is not 0


@pytest.mark.nightly
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_random_layers_have_the_bits_of_the_interpreter(layout: Layout) -> None:
    """With masks of any share of zeros and blocks of several sizes, on filters that are transformed or not."""
    rng = np.random.default_rng(2026)
    for number in range(150):
        channels, filters, rows, columns, batch = (int(rng.integers(1, most)) for most in (140, 100, 12, 12, 3))
        layer = wc.Layer(channels, filters, (rows + 2, columns + 2), (3, 3), int(rng.integers(0, 3)), batch, layout)
        algorithm = ALGORITHMS[number % len(ALGORITHMS)]
        block = 32 * int(rng.integers(1, 3)), int(rng.integers(1, 4))
        shape = (algorithm.multiplications, -(-filters // block[0]), -(-channels // block[1]))
        kept = rng.random(shape) < rng.random()
        mask = Mask.of(algorithm, kept, filters=filters, channels=channels, block=block)
        x, weights, bias = data(layer, number)
        given = transformed(algorithm, weights) if number % 3 else weights
        kernel = wc.compile(layer, algorithm, threads=1 + number % 2, sparse=True)
        y = kernel(x, kernel.pack(given, bias, mask=mask))
        expected = simulate(algorithm, mask, layer=layer, x=x, weights=weights, bias=bias)
        np.testing.assert_array_equal(y.view(np.int32), expected.view(np.int32), err_msg=str(layer))


@pytest.fixture(scope="module")
def layer() -> wc.Layer:
    return wc.Layer(20, 40, (9, 7), (3, 3), 1)


@pytest.fixture(scope="module")
def kernel(layer: wc.Layer) -> wc.Kernel:
    return wc.compile(layer, ALGORITHM, threads=1, sparse=True)


def test_no_mask_keeps_all_with_the_bits_of_the_dense_kernel(layer: wc.Layer, kernel: wc.Kernel) -> None:
    dense, (x, weights, bias) = wc.compile(layer, ALGORITHM, threads=1), data(layer)
    expected = dense(x, dense.pack(weights, bias))
    np.testing.assert_array_equal(kernel(x, kernel.pack(weights, bias)), expected)
    np.testing.assert_array_equal(kernel(x, kernel.pack(transformed(ALGORITHM, weights), bias)), expected)


def test_what_is_left_out_is_not_read(layer: wc.Layer, kernel: wc.Kernel) -> None:
    """Any filters may stand where the mask has zeros."""
    mask, (x, weights, _) = drawn_mask(layer, 0.6), data(layer)
    U = transformed(ALGORITHM, weights)
    kept = np.moveaxis(mask.of_each(), 0, -1).reshape(U.shape)
    results = [kernel(x, kernel.pack(np.where(kept, U, other), mask=mask)) for other in (0, 1e30)]
    np.testing.assert_array_equal(results[0], results[1])


def test_emitted_modules_leave_out_the_same(layer: wc.Layer, kernel: wc.Kernel, tmp_path: Path) -> None:
    path = wc.emit(kernel.plan, tmp_path)
    assert path.stem == f"wincook_f2x2_3x3_sparse_nchw_{kernel.plan.target.isa.name}"
    module, mask, (x, weights, bias) = kernel.modules[0], drawn_mask(layer, 0.6), data(layer)
    assert path.read_text() == module_source(kernel.plan.plans[0])
    kept = mask.rows(32 if kernel.plan.target.isa.name == "avx512" else 16)
    y = module.convolve(x, module.pack(weights, bias, extra=kept), layer.pads)
    np.testing.assert_array_equal(y, kernel(x, kernel.pack(weights, bias, mask=mask)))
    with pytest.raises(ValueError, match="booleans"):
        module.pack(weights, extra=kept[1:])


def test_masks_of_other_layers_and_algorithms_are_refused(layer: wc.Layer, kernel: wc.Kernel, golden: Golden) -> None:
    weights = data(layer)[1]
    with golden.raises(ShapeError, match="19 channels"):
        kernel.pack(weights, mask=drawn_mask(replace(layer, channels=19), 0.5))
    with golden.raises(DataError, match=r"F\(2x2,3x3\)"):
        kernel.pack(weights, mask=Mask.of("F(4x4,3x3)", np.ones((36, 2, 20), bool), filters=40, channels=20))
    with golden.raises(ShapeError, match="sparse=True"):
        wc.compile(layer, ALGORITHM, threads=1).pack(weights, mask=drawn_mask(layer, 0.5))
    if kernel.plan.plans[0].vectors * kernel.plan.target.isa.lanes == 32:
        with pytest.raises(ShapeError, match="32 filters"):
            kernel.pack(weights, mask=drawn_mask(layer, 0.5, block=(16, 1)))


@pytest.mark.parametrize(
    ("layer", "tile"),
    [
        (wc.Layer(8, 8, (9, 9), (3, 3), stride=2), "F(2x2,3x3)/2"),
        (wc.Layer(8, 8, (9, 9), (3, 3), stride=2), "F(2x2,3x3)"),
        (wc.Layer(8, 8, (9, 9), (3, 3), dilation=2), "F(2x2,3x3)"),
        (wc.Layer(8, 8, (9,), (3,)), "F(2,3)"),
        (wc.Layer(8, 8, (9, 9), (3, 3), groups=8), None),
    ],
)
def test_layers_that_sparse_kernels_do_not_compute_are_named(layer: wc.Layer, tile: str | None) -> None:
    with pytest.raises(ShapeError, match="sparse kernel"):
        wc.kernels.make_plan(layer, tile, sparse=True)


def test_there_are_no_sparse_kernels_in_integers(layer: wc.Layer, golden: Golden) -> None:
    with golden.raises(FormatError, match="int8"):
        wc.kernels.make_plan(layer, ALGORITHM, format="int8", sparse=True)


@pytest.mark.slow
@pytest.mark.parametrize(("target", "layout"), some(["avx512", "avx2"], ["NCHW", "NHWC"], every=2))
def test_pairs_of_channels_in_bfloat16_are_left_out_alike(target: str, layout: Layout) -> None:
    """Of odd numbers of channels, too; filters that are transformed already are rounded in the same way."""
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    for channels, filters, sparsity in ((5, 17, 0.5), (150, 40, 0.3), (20, 33, 1.0)):
        layer = wc.Layer(channels, filters, (9, 7), (3, 3), 1, layout=layout)
        mask, (x, weights, bias) = drawn_mask(layer, sparsity, block=(32, 2)), data(layer)
        expected = simulate(ALGORITHM, mask, layer=layer, x=x, weights=weights, bias=bias, format="bfloat16")
        kernel = wc.compile(layer, ALGORITHM, threads=1, target=target, format="bfloat16", sparse=True)
        for given in (weights, transformed(ALGORITHM, weights)):
            y = kernel(x, kernel.pack(given, bias, mask=mask))
            np.testing.assert_array_equal(y.view(np.int32), expected.view(np.int32))
        with pytest.raises(ShapeError, match="2 channels"):
            kernel.pack(weights, mask=drawn_mask(layer, 0.5))
