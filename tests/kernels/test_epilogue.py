"""What follows a convolution, in kernels: bit for bit that of the interpreter, wherever it is done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.some import some
from wincook.analysis import simulate_direct
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.arrays import Array
from wincook.epilogue import Epilogue
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import given_operands
from wincook.errors import DataError, ShapeError
from wincook.kernels.target import host_isa_names
from wincook.layers import Layout

# Few epilogues, many shapes: code is shared between shapes, so each costs one compilation.
EPILOGUES = (Epilogue("gelu", scale=True, residual=True, pool="max"), Epilogue("silu", residual=True))


def uniform(shape: tuple[int, ...], seed: int = 0) -> Array:
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


def operands(layer: wc.Layer, epilogue: Epilogue) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is given when weights are packed, and what at each call."""
    of_filters = {name: uniform((layer.filters,), seed) for seed, name in enumerate(("scale", "shift"), 2)}
    residual = {"residual": uniform(layer.output_shape, 4)}
    return of_filters if epilogue.scale else {}, residual if epilogue.residual else {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("epilogue", "target", "layout"), some(EPILOGUES, ["avx512", "avx2", "generic"], ["NCHW", "NHWC"], every=2)
)
@settings(max_examples=8)
@given(draws=st.data())
def test_fused_kernels_equal_the_interpreter_bit_for_bit(
    epilogue: Epilogue, layout: Layout, target: str, draws: st.DataObject
) -> None:
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    size = (draws.draw(st.integers(3, 14)), draws.draw(st.integers(3, 14)))
    channels, filters = draws.draw(st.integers(1, 20)), draws.draw(st.integers(33, 40))
    layer = wc.Layer(channels, filters, size, (3, 3), 1, draws.draw(st.integers(1, 2)), layout)
    x, weights, bias = uniform(layer.input_shape), uniform(layer.weight_shape, 1), uniform((filters,), 5)
    of_filters, residual = operands(layer, epilogue)
    kernel = wc.compile(layer, "F(4x4,3x3)", threads=1, target=target, epilogue=epilogue)
    assert kernel.plan.fused
    y = kernel(x, kernel.pack(weights, bias, **of_filters), **residual)
    more: dict[str, Any] = {"epilogue": epilogue, **of_filters, **residual}
    expected = simulate("F(4x4,3x3)", layer=layer, x=x, weights=weights, bias=bias, **more)
    np.testing.assert_array_equal(y, expected)


LAYERS = {
    "1x1": wc.Layer(9, 20, (7, 9), (1, 1)),
    "stride, channels last": wc.Layer(9, 20, (9, 9), (3, 3), 1, layout="NHWC", stride=2),
    "depthwise": wc.Layer(20, 20, (9, 10), (3, 3), 1, groups=20),
    "transposed": wc.Layer(9, 20, (5, 6), (3, 3), stride=2, transposed=True, layout="NHWC"),
    "reflected": wc.Layer(9, 20, (7, 9), (3, 3), 1, padding_mode="reflect", layout="NHWC"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "epilogue"), some(LAYERS, [*EPILOGUES, Epilogue("relu6", scale=True)], every=2))
def test_all_layers_end_alike(name: str, epilogue: Epilogue) -> None:
    """Fused or not, the bits are those of the convolution alone with the epilogue in numpy."""
    layer = LAYERS[name]
    x, weights, bias = uniform(layer.input_shape), uniform(layer.weight_shape, 1), uniform((layer.filters,), 5)
    of_filters, residual = operands(layer, epilogue)
    kernel, alone = (wc.compile(layer, threads=1, target="generic", epilogue=after) for after in (epilogue, None))
    y = kernel(x, kernel.pack(weights, bias, **of_filters), **residual)
    first = [
        np.moveaxis(array, -1, 1) if layer.layout == "NHWC" else array
        for array in (y, alone(x, alone.pack(weights, bias)))
    ]
    given_ones = given_operands(
        epilogue, layer, of_filters.get("scale"), of_filters.get("shift"), residual.get("residual")
    )
    np.testing.assert_array_equal(first[0], finish(epilogue, first[1], given_ones))
    again = wc.convolve(
        x,
        weights,
        bias,
        padding=layer.pads,
        padding_mode=layer.padding_mode,
        stride=layer.axes[0].stride,
        groups=layer.groups,
        transposed=layer.transposed,
        layout=layer.layout,
        epilogue=epilogue,
        **of_filters,
        **residual,
    )
    np.testing.assert_allclose(again, y, rtol=0, atol=1e-5)


WHOLE = {  # by family, with edges inside blocks: of rows, of vectors, of what pooling drops
    "depthwise": (
        wc.Layer(20, 20, (17, 37), (3, 3), 1, 2, groups=20),
        wc.Layer(5, 10, (18, 25), (3, 3), 1, groups=5),
        wc.Layer(16, 16, (2, 3), (3, 3), 1, 2, groups=16),
    ),
    "direct": (
        wc.Layer(8, 8, (40, 61), (3, 3), 1, 2, stride=3, groups=4),
        wc.Layer(12, 40, (17, 37), (3, 3), 1, stride=2),
        wc.Layer(3, 3, (2, 3), (3, 2), 1, 2),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "epilogue", "layout", "target"),
    some(
        WHOLE,
        [Epilogue("leaky(0.1)", scale=True, residual=True), Epilogue(residual=True, pool="max")],
        ["NCHW", "NHWC"],
        ["avx512", "avx2", "generic"],
        every=3,
    ),
)
def test_kernels_of_whole_layers_end_with_the_bits_of_numpy(
    family: str, epilogue: Epilogue, layout: Layout, target: str
) -> None:
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    for single in WHOLE[family]:
        layer = replace(single, layout=layout)
        x, weights, bias = uniform(layer.input_shape), uniform(layer.weight_shape, 1), uniform((layer.filters,), 5)
        of_filters, residual = operands(layer, epilogue)
        kernel = wc.compile(layer, family, threads=2, target=target, epilogue=epilogue)
        assert kernel.plan.fused
        y = kernel(x, kernel.pack(weights, bias, **of_filters), **residual)
        alone = simulate_direct(layer=layer, x=x, weights=weights, bias=bias)
        if layout == "NHWC":
            y, alone = np.moveaxis(y, -1, 1), np.moveaxis(alone, -1, 1)
        ends = given_operands(
            epilogue, layer, of_filters.get("scale"), of_filters.get("shift"), residual.get("residual")
        )
        np.testing.assert_array_equal(y, finish(epilogue, alone, ends))


@pytest.fixture(
    scope="module",
    params=[
        (layout, *how)
        for layout in ("NCHW", "NHWC")
        for how in (("F(2x2,3x3)", "generic"), ("depthwise", "generic"), ("depthwise", None))
    ],
    ids=str,
)
def added(request: pytest.FixtureRequest) -> wc.Kernel:
    layout, algorithm, target = request.param
    groups = 20 if algorithm == "depthwise" else 1
    layer = wc.Layer(20 if groups > 1 else 3, 20, (6, 7), (3, 3), 1, 2, layout, groups=groups)
    return wc.compile(layer, algorithm, threads=1, target=target, epilogue=Epilogue("relu", residual=True))


def test_a_residual_may_be_the_output(added: wc.Kernel) -> None:
    layer = added.plan.layer
    x, packed, y = (
        uniform(layer.input_shape),
        added.pack(uniform(layer.weight_shape, 1)),
        uniform(layer.output_shape, 2),
    )
    expected = added(x, packed, residual=y.copy())
    assert added(x, packed, out=y, residual=y) is y
    np.testing.assert_array_equal(y, expected)
    with pytest.raises(DataError, match="out shares memory with the residual"):
        added(x, packed, out=y, residual=y[::-1])


def test_an_output_may_be_channels_of_a_larger_array(added: wc.Kernel) -> None:
    layer, axis = added.plan.layer, 1 if added.plan.layer.layout == "NCHW" else 3
    x, packed, residual = (
        uniform(layer.input_shape),
        added.pack(uniform(layer.weight_shape, 1)),
        uniform(layer.output_shape, 2),
    )
    wide = np.full(
        [size + (13 if place == axis else 0) for place, size in enumerate(layer.output_shape)], 7, np.float32
    )
    out, rest = np.moveaxis(wide, axis, 0)[5:25], np.delete(np.moveaxis(wide, axis, 0), slice(5, 25), axis=0)
    out = np.moveaxis(out, 0, axis)
    assert added(x, packed, out=out, residual=residual) is out
    np.testing.assert_array_equal(out, added(x, packed, residual=residual))
    assert (np.delete(np.moveaxis(wide, axis, 0), slice(5, 25), axis=0) == 7).all()
    assert rest.size


@pytest.mark.parametrize(
    "view",
    [
        lambda a: np.repeat(a, 2, axis=2)[:, :, ::2],
        lambda a: np.ascontiguousarray(a[::-1])[::-1],
        lambda a: np.moveaxis(np.ascontiguousarray(np.moveaxis(a, 1, -1)), -1, 1),
        lambda a: np.repeat(a, 2, axis=3)[..., ::2],
        lambda a: np.concatenate([a, a], axis=1)[:, : a.shape[1]],
    ],
    ids=["every second row", "backwards", "other layout", "every second column", "some channels"],
)
def test_strides_of_inputs_and_outputs_change_no_bits(added: wc.Kernel, view: Any) -> None:
    layer = added.plan.layer
    x, packed, residual = (
        uniform(layer.input_shape),
        added.pack(uniform(layer.weight_shape, 1)),
        uniform(layer.output_shape, 2),
    )
    expected = added(x, packed, residual=residual)
    np.testing.assert_array_equal(added(view(x), packed, residual=view(residual)), expected)
    out = view(np.empty(layer.output_shape, np.float32))
    assert added(x, packed, out=out, residual=residual) is out
    np.testing.assert_array_equal(out, expected)


def test_outputs_whose_places_are_one_are_refused(added: wc.Kernel) -> None:
    layer = added.plan.layer
    x, packed = uniform(layer.input_shape), added.pack(uniform(layer.weight_shape, 1))
    one = np.lib.stride_tricks.as_strided(np.zeros(1, np.float32), layer.output_shape, (0, 0, 0, 0))
    with pytest.raises(ShapeError, match="memory of its own"):
        added(x, packed, out=one, residual=uniform(layer.output_shape))
