"""Sparse kernels against the interpreter, bit for bit; masks of every kind; threads, guard pages, clear errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.kernels.target import host_isa_names
from wincook.layers import Layout
from wincook.sparse import Mask
from wincook.sparse.simulate import simulate

ALGORITHM = wc.algorithm("F(2x2,3x3)")


def drawn_mask(layer: wc.Layer, sparsity: float, seed: int = 0, block: tuple[int, int] = (32, 1)) -> Mask:
    rng = np.random.default_rng(seed)
    shape = (16, -(-layer.filters // block[0]), -(-layer.channels // block[1]))
    kept = rng.random(shape) >= sparsity
    return Mask.of(ALGORITHM, kept, filters=layer.filters, channels=layer.channels, block=block)


def data(layer: wc.Layer, seed: int = 0) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    shapes = layer.input_shape, layer.weight_shape, (layer.filters,)
    return tuple(rng.uniform(-1, 1, shape).astype(np.float32) for shape in shapes)


@pytest.mark.parametrize("target", ["avx512", "avx2", "generic"])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
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
            np.testing.assert_array_equal(kernel(x, kernel.pack(weights, bias, mask=mask)), expected)
