"""Kernels of few channels: the bits of the interpreter in every layout of tiles, and when they are chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from tests.some import some
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.arrays import Array
from wincook.epilogue import Epilogue
from wincook.errors import TargetError
from wincook.kernels import make_plan, module_stem
from wincook.kernels.plans.tiles.shallow import MOST_CHANNELS, is_shallow
from wincook.kernels.plans.tiles.tiled import plan
from wincook.kernels.target import AVX2, AVX512, Target, host_isa_names
from wincook.layers import Layout
from wincook.quantisation import Affine
from wincook.quantisation.factors import requantised

TARGETS = ("avx512", "avx2", "generic")
CASES = (  # steps between tiles of 1 to 7 columns: even ones go in halves, odd ones lane by lane
    *(("F(4x4,3x3)", layout, target) for layout in ("NCHW", "NHWC") for target in TARGETS),
    ("F(3x5,3x2)", "NCHW", "avx512"),
    ("F(3x5,3x2)", "NCHW", "generic"),
    ("F(6x6,3x3)", "NCHW", "avx2"),
    ("F(2x3,5x1)", "NHWC", "generic"),  # one tap along the rows, whose filter is kept once
    ("F(2x2,5x5)", "NCHW", "avx512"),  # three tiles read a column
    ("F(1x7,1x3)", "NCHW", "avx2"),
    ("F(2x1,3x3)", "NCHW", "avx512"),
    ("F(4x3,3x3)/2", "NCHW", "avx512"),
    ("F(3x2,3x3)/2", "NHWC", "avx512"),
)
FIRST = wc.Layer(3, 64, (224, 224), (3, 3), 1)


def uniform(shape: tuple[int, ...], seed: int = 0) -> Array:
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


@st.composite
def layers(draw: st.DrawFn, tile: wc.Tile, layout: Layout, lanes: int) -> wc.Layer:
    """Layers whose rows of tiles, or filters, fill vectors, or nearly so."""
    pads = tuple((draw(st.integers(0, 3)), draw(st.integers(0, 3))) for _ in tile.taps)
    vectors = draw(st.integers(1, 2))
    across, filters = vectors * lanes - draw(st.integers(0, vectors * lanes // 4)), draw(st.integers(1, 9))
    if layout == "NHWC":
        across, filters = draw(st.integers(1, lanes + 1)), across
    # The outputs of the last tiles that the image has, and what their inputs span.
    tiles = zip(tile.outputs, (draw(st.integers(1, 3)), across), strict=True)
    outputs = [m * (number - 1) + draw(st.integers(1, m)) for m, number in tiles]
    spans = (stride * (size - 1) + taps for stride, size, taps in zip(tile.strides, outputs, tile.taps, strict=True))
    size = tuple(max(1, span - sum(pad)) for span, pad in zip(spans, pads, strict=True))
    channels, batch = draw(st.sampled_from((3, 1, MOST_CHANNELS))), draw(st.integers(1, 2))  # each costs a compilation
    return wc.Layer(channels, filters, size, tile.taps, pads, batch, layout, stride=tile.strides)


@pytest.mark.slow
@pytest.mark.parametrize(("tile", "layout", "target"), CASES)
@settings(max_examples=4)
@given(draws=st.data())
def test_kernel_equals_the_interpreter_bit_for_bit(
    tile: str, layout: Layout, target: str, draws: st.DataObject
) -> None:
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    algorithm, machine = wc.algorithm(tile), Target.of(target)
    layer = draws.draw(layers(algorithm.tile, layout, machine.isa.lanes))
    x, weights, bias = uniform(layer.input_shape), uniform(layer.weight_shape, 1), uniform((layer.filters,), 2)
    kernel = wc.compile(layer, algorithm, threads=draws.draw(st.integers(1, machine.threads)), target=target)
    assert [single.family for single in kernel.plan.plans] == ["shallow"]
    y = kernel(x, kernel.pack(weights, bias))
    np.testing.assert_array_equal(y, simulate(algorithm, layer=layer, x=x, weights=weights, bias=bias))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("epilogue", "code"),
    some(
        [Epilogue("gelu", scale=True, residual=True, pool="max"), Epilogue("relu6", scale=True, residual=True)],
        [*(("NCHW", target) for target in TARGETS), ("NHWC", "avx512")],
        every=2,
    ),
)
@settings(max_examples=4)
@given(draws=st.data())
def test_what_follows_has_the_bits_of_the_interpreter(
    epilogue: Epilogue, code: tuple[Layout, str], draws: st.DataObject
) -> None:
    layout, target = code
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    layer = draws.draw(layers(wc.Tile.parse("F(4x4,3x3)"), layout, Target.of(target).isa.lanes))
    layer = replace(layer, channels=3, padding=2)  # outputs enough to pool
    formats: dict[str, Any] = {} if epilogue.pool else dict.fromkeys(("output_format", "residual_format"), "uint8")
    kernel = wc.compile(layer, "F(4x4,3x3)", threads=1, target=target, epilogue=epilogue, **formats)
    assert kernel.plan.fused
    of_y, of_residual = Affine(0.01, 3), Affine(0.02, 99)
    scales: dict[str, Any] = {} if epilogue.pool else {"y": of_y, "residual": of_residual}
    x, weights, residual = uniform(layer.input_shape), uniform(layer.weight_shape, 1), uniform(layer.output_shape, 2)
    of_filters = enumerate(("bias", "scale", "shift"), 3)
    given_ones: dict[str, Any] = {name: uniform((layer.filters,), seed) for seed, name in of_filters}
    packed = kernel.pack(weights, **given_ones, **scales)
    if scales:
        y = kernel(x, packed, residual=of_residual.quantised(residual))
        residual = of_residual.real(of_residual.quantised(residual))
    else:
        y = kernel(x, packed, residual=residual)
    more: dict[str, Any] = {"epilogue": epilogue, "residual": residual, **given_ones}
    expected = simulate("F(4x4,3x3)", layer=layer, x=x, weights=weights, **more)
    np.testing.assert_array_equal(y, requantised(expected, of_y, "uint8") if scales else expected)


@pytest.fixture(scope="module")
def added() -> wc.Kernel:
    layer = wc.Layer(3, 5, (10, 30), (3, 3), 1, 2)
    kernel = wc.compile(layer, "F(4x4,3x3)", threads=1, target="generic", epilogue=Epilogue("relu", residual=True))
    assert kernel.plan.plans[0].family == "shallow"
    return kernel


def test_a_residual_may_be_the_output_and_arrays_may_have_strides(added: wc.Kernel) -> None:
    layer = added.plan.layer
    x, packed = uniform(layer.input_shape), added.pack(uniform(layer.weight_shape, 1))
    residual = uniform(layer.output_shape, 2)
    expected = added(x, packed, residual=residual)
    y = residual.copy()
    assert added(x, packed, out=y, residual=y) is y
    np.testing.assert_array_equal(y, expected)
    wide = np.full((2, 9, 20, 35), 7, np.float32)
    out = wide[:, 2:7, ::2, 3:33]
    assert added(np.repeat(x, 2, axis=2)[:, :, ::2], packed, out=out, residual=residual) is out
    np.testing.assert_array_equal(out, expected)
    out[...] = 7
    assert (wide == 7).all()


def test_images_with_the_channels_last_are_copied_where_they_have_strides() -> None:
    layer = wc.Layer(3, 4, (10, 9), (3, 3), 1, layout="NHWC")
    kernel = wc.compile(layer, "F(4x4,3x3)", threads=1, target="generic")
    assert kernel.plan.plans[0].family == "shallow"
    x, packed = uniform((1, 10, 9, 8)), kernel.pack(uniform(layer.weight_shape, 1))
    wide = np.full((1, 10, 9, 7), 7, np.float32)
    y = kernel(x[..., 2:5], packed, wide[..., 1:5])
    np.testing.assert_array_equal(y, kernel(np.ascontiguousarray(x[..., 2:5]), packed))
    assert (wide[..., [0, 5, 6]] == 7).all()


def test_filters_are_kept_by_columns_of_products(golden: Golden) -> None:
    layer = wc.Layer(3, 5, (9, 15), (3, 3), 1, stride=2)
    kernel = wc.compile(layer, "F(4x2,3x3)/2", threads=1, target="generic")
    weights = uniform(layer.weight_shape)
    (contents,) = kernel.pack(weights).contents
    assert contents.U.shape == (8, 2 + 2, 3, 4 + 2)  # in whole vectors of filters; repeated products once
    np.testing.assert_array_equal(contents.U[:5, -1, :, -1], weights[:, :, 1, 1])
    last = wc.compile(replace(layer, layout="NHWC", filters=8), "F(4x2,3x3)/2", threads=1, target="generic")
    (contents,) = last.pack(np.repeat(weights, 2, axis=0)[:8]).contents
    assert contents.U.shape == (2, 2 + 2, 3, 4 + 2, 4)
    np.testing.assert_array_equal(contents.U[0, -1, :, -1, ::2], weights[:2, :, 1, 1].T)
    (module,) = kernel.modules
    with golden.raises(ValueError):
        module.pack(uniform((5, MOST_CHANNELS + 1, 3, 3)))


@pytest.mark.slow
def test_the_module_convolves_by_itself(tmp_path: Path) -> None:
    layer = wc.Layer(2, 5, (7, 30), (3, 3), 1)
    kernel = wc.compile(layer, "F(4x4,3x3)", threads=1, target="generic")
    path = wc.emit(kernel.plan, tmp_path)
    assert path.name == "wincook_f4x4_3x3_shallow_nchw_generic.py"
    names: dict[str, Any] = {"__name__": kernel.modules[0].__name__}
    exec(compile(path.read_text(encoding="utf-8"), kernel.modules[0].__name__ + ".py", "exec"), names)  # noqa: S102
    x, weights = uniform(layer.input_shape), uniform(layer.weight_shape, 1)
    y = names["convolve"](x, names["pack"](weights), layer.pads)
    np.testing.assert_array_equal(y, kernel(x, kernel.pack(weights)))


def test_layers_of_few_channels_share_a_module() -> None:
    one, three = (
        make_plan(replace(FIRST, channels=channels), "F(4x4,3x3)", target="generic").plans[0] for channels in (1, 3)
    )
    assert wc.kernels.module_source(one) == wc.kernels.module_source(three)
    assert module_stem(one) == "wincook_f4x4_3x3_shallow_nchw_generic"


@pytest.mark.parametrize(
    ("changed", "products", "expected"),
    [
        ({}, 36, True),
        ({"channels": 1}, 36, True),
        ({"channels": MOST_CHANNELS + 1}, 36, False),
        ({"layout": "NHWC"}, 36, True),
        ({"layout": "NHWC", "size": (224, 8)}, 36, True),  # there, filters fill vectors
        ({"layout": "NHWC", "filters": 11}, 36, False),
        ({"size": (224, 48)}, 36, True),  # 12 tiles of 16 lanes
        ({"size": (224, 44)}, 36, False),
        ({"size": (224, 72)}, 36, False),  # 18 of 32
        ({"size": (9, 224)}, 36, True),
        ({}, 170, True),
        ({}, 171, False),  # V would be more than 32 KiB
        ({"layout": "NHWC"}, 42, True),
        ({"layout": "NHWC"}, 43, False),  # U would be
    ],
)
def test_tiles_are_lanes_where_they_fill_vectors(changed: dict[str, Any], products: int, expected: bool) -> None:
    assert is_shallow(replace(FIRST, **changed), (4, 4), products, AVX512) is expected


def test_threads_share_vectors_of_tiles() -> None:
    layer, algorithm = wc.Layer(3, 8, (9, 64), (3, 3), 1), wc.algorithm("F(4x4,3x3)")
    planned = [plan(layer, algorithm, Target(isa, 1 << 20, 64), 64) for isa in (AVX512, AVX2)]
    assert [(single.family, single.threads, single.panel) for single in planned] == [
        ("shallow", 3, 16),
        ("shallow", 6, 8),
    ]


def test_there_are_no_panels_to_make_smaller(golden: Golden) -> None:
    with golden.raises(TargetError):
        make_plan(FIRST, "F(4x4,3x3)", threads=1, target=Target(AVX512, 1 << 20, 1), memory=30_000)


@pytest.mark.parametrize(
    "layer",
    [
        FIRST,
        replace(FIRST, stride=2),
        replace(FIRST, layout="NHWC"),
        wc.Layer(3, 64, (224, 224), (7, 7), 3, stride=2),
        wc.Layer(1, 16, (64, 64), (5, 5)),
    ],
    ids=str,
)
def test_first_layers_of_networks_get_them(layer: wc.Layer) -> None:
    target = Target(AVX512, 1 << 20, 2)
    chosen = make_plan(layer, threads=1, target=target)
    assert [single.family for single in chosen.plans] == ["shallow"]
    assert make_plan(layer, threads=2, target=target).algorithms == chosen.algorithms
