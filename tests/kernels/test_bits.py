"""The kernels against the rounded interpreter, bit for bit, and against exact bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.kernels.guarded import with_half_filters
from tests.some import some
from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.data.distributions import UNIFORM
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.analysis.prediction.predict import predict
from wincook.arrays import Array
from wincook.direct import convolve as direct_convolve
from wincook.formats import FLOAT32
from wincook.kernels.target import host_isa_names
from wincook.layers import Layout
from wincook.summation import CHAIN

# Few algorithms, many shapes: code is shared between shapes, so each costs one compilation.
ALGORITHMS = {
    "F(4x4,3x3)": wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞"),
    "F(6x6,3x3)": wc.algorithm("F(6x6,3x3)"),  # outputs of more values than there are registers
    "F(2x3,5x1)": wc.algorithm("F(2x3,5x1)"),
}


def data(layer: wc.Layer, seed: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, layer.input_shape).astype(np.float32)
    weights = rng.uniform(-1, 1, layer.weight_shape).astype(np.float32)
    return x, weights, rng.uniform(-1, 1, layer.filters).astype(np.float32)


@st.composite
def layers(draw: st.DrawFn, kernel: tuple[int, int], layout: Layout) -> wc.Layer:
    padding = tuple((draw(st.integers(0, 3)), draw(st.integers(0, 3))) for _ in kernel)
    size = tuple(draw(st.integers(max(1, taps - sum(pad)), 19)) for taps, pad in zip(kernel, padding, strict=True))
    channels, filters = draw(st.integers(1, 37)), draw(st.integers(17, 40))
    return wc.Layer(channels, filters, size, kernel, padding, draw(st.integers(1, 3)), layout)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tile", "target", "layout"),
    some(["F(4x4,3x3)", "F(6x6,3x3)"], ["avx512", "avx2", "generic"], ["NCHW", "NHWC"], every=2),
)
@settings(max_examples=12)
@given(draws=st.data())
def test_kernel_equals_the_interpreter_bit_for_bit(
    tile: str, target: str, layout: Layout, draws: st.DataObject
) -> None:
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    algorithm = ALGORITHMS[tile]
    layer = draws.draw(layers((3, 3), layout))
    x, weights, bias = data(layer, draws.draw(st.integers(0, 1000)))
    threads = draws.draw(st.integers(1, wc.kernels.Target.host().threads))
    kernel = wc.compile(layer, algorithm, threads=threads, target=target)
    y = kernel(x, kernel.pack(weights, bias))
    np.testing.assert_array_equal(y, simulate(algorithm, "float32", layer=layer, x=x, weights=weights, bias=bias))


@pytest.mark.slow
@pytest.mark.parametrize("target", ["avx512", "avx2"])
@settings(max_examples=10)
@given(draws=st.data())
def test_half_transformed_filters_have_the_same_bits(target: str, draws: st.DataObject) -> None:
    """Of any number of tiles, though plans choose them for few."""
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    algorithm = ALGORITHMS["F(4x4,3x3)"]
    layer = draws.draw(layers((3, 3), "NCHW"))
    x, weights, bias = data(layer, 2)
    kernel = with_half_filters(wc.compile(layer, algorithm, threads=1, target=target))
    y = kernel(x, kernel.pack(weights, bias))
    np.testing.assert_array_equal(y, simulate(algorithm, "float32", layer=layer, x=x, weights=weights, bias=bias))


@pytest.mark.parametrize("target", ["avx512", "avx2", "generic"])
@pytest.mark.parametrize("halves", [False, True])
def test_many_channels_are_summed_in_chains(target: str, halves: bool) -> None:
    """In three chains, the last of which is shorter; the results of one thread and of two are the same."""
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    algorithm, layer = ALGORITHMS["F(4x4,3x3)"], wc.Layer(2 * CHAIN + 9, 33, (9, 5), (3, 3), 1)
    x, weights, bias = data(layer, 3)
    for threads in (1, 2):
        kernel = wc.compile(layer, algorithm, threads=threads, target=target)
        if halves:
            kernel = with_half_filters(kernel)
        y = kernel(x, kernel.pack(weights, bias))
        np.testing.assert_array_equal(y, simulate(algorithm, "float32", layer=layer, x=x, weights=weights, bias=bias))


@pytest.mark.slow
@settings(max_examples=10)
@given(draws=st.data())
def test_axes_with_different_tiles_agree_bit_for_bit(draws: st.DataObject) -> None:
    algorithm = ALGORITHMS["F(2x3,5x1)"]
    layer = draws.draw(layers((5, 1), "NCHW"))
    x, weights, bias = data(layer, 1)
    kernel = wc.compile(layer, algorithm)
    y = kernel(x, kernel.pack(weights, bias))
    np.testing.assert_array_equal(y, simulate(algorithm, "float32", layer=layer, x=x, weights=weights, bias=bias))


@pytest.mark.nightly
def test_hundred_random_layers_stay_within_the_predicted_error() -> None:
    """Odd sizes, C and K from 1 to 130, padding 0 to 3, both layouts; errors judged in float64."""
    rng = np.random.default_rng(2026)
    algorithm = ALGORITHMS["F(4x4,3x3)"]
    for number in range(100):
        padding = int(rng.integers(0, 4))
        layer = wc.Layer(
            channels=int(rng.integers(1, 131)),
            filters=int(rng.integers(1, 131)),
            size=(int(rng.integers(3, 30)), int(rng.integers(3, 30))),
            kernel=(3, 3),
            padding=padding,
            layout="NCHW" if number % 2 else "NHWC",
        )
        x, weights, bias = data(layer, number)
        kernel = wc.compile(layer, algorithm)
        y = kernel(x, kernel.pack(weights, bias)).astype(np.float64)
        channels_first = x if layer.layout == "NCHW" else np.moveaxis(x, -1, 1)
        exact = direct_convolve(channels_first.astype(np.float64), weights.astype(np.float64), layer.pads)
        exact += bias[:, None, None]
        errors = np.abs((y if layer.layout == "NCHW" else np.moveaxis(y, -1, 1)) - exact)
        # The bias adds one rounding, of a value that the rest of the sum bounds.
        shift = float(FLOAT32.unit_roundoff) * (np.abs(exact).max() + 1)
        assert errors.max() <= error_bound(algorithm, FLOAT32, layer.channels) + shift, layer
        predicted = predict(algorithm, FLOAT32, layer.channels, UNIFORM).rms
        # The prediction is of an expectation; a layer of few outputs scatters around it.
        scatter = 1.15 + 4 / np.sqrt(errors.size)
        assert np.sqrt(np.mean(np.square(errors))) <= scatter * predicted + shift, layer
