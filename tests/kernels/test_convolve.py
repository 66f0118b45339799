"""One call for any layer, against the oracle in float64."""

import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import wincook as wc
from wincook import direct
from wincook.errors import DataError, ShapeError
from wincook.layers import Layout

Array = NDArray[Any]


def compare(layer: wc.Layer, *, bias: bool = True) -> None:
    rng = np.random.default_rng(5)
    x, weights = rng.uniform(-1, 1, layer.input_shape), rng.uniform(-1, 1, layer.weight_shape)
    shift = rng.uniform(-1, 1, layer.filters) if bias else None
    steps: dict[str, Any] = {"stride": layer.stride, "dilation": layer.dilation, "groups": layer.groups}
    more: dict[str, Any] = {"output_padding": layer.output_padding} if layer.transposed else {}
    oracle: Any = direct.convolve_transposed if layer.transposed else direct.convolve
    last = layer.layout == "NHWC"
    expected = oracle(np.moveaxis(x, -1, 1) if last else x, weights, layer.pads, **steps, **more)
    if shift is not None:
        expected = expected + shift.reshape(-1, *(1,) * layer.dimension)
    kind: dict[str, Any] = {"padding": layer.pads, "layout": layer.layout, "transposed": layer.transposed}
    y = wc.convolve(x, weights, shift, **kind, **steps, **more)
    assert y.dtype == np.float32
    assert y.flags.c_contiguous
    np.testing.assert_allclose(np.moveaxis(y, -1, 1) if last else y, expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize("taps", [(1, 1), (1, 11), (5, 5)])
def test_any_filter(taps: tuple[int, int]) -> None:
    compare(wc.Layer(3, 18, (12, 11), taps, ((1, 2), (0, 3)), 2))


# All parts have filters of 3x3, 1x3, 2x2 or 1x1, so that few kernels are compiled.
@pytest.mark.parametrize(
    "layer",
    [
        wc.Layer(3, 5, (9, 8), (2, 2), stride=2),
        wc.Layer(3, 5, (9, 8), (4, 4), ((1, 0), 2), 2, stride=2),
        wc.Layer(3, 5, (12, 13), (3, 3), 2, dilation=(2, 3), layout="NHWC"),
        wc.Layer(4, 6, (9, 8), (3, 3), 1, groups=2),
        wc.Layer(3, 5, (5, 6), (4, 4), 1, stride=2, transposed=True, output_padding=1),
        wc.Layer(4, 6, (5, 6), (3, 3), 1, groups=2, transposed=True, layout="NHWC"),
        wc.Layer(3, 5, (15,), (3,), 1, 2),
        wc.Layer(3, 5, (15,), (6,), 1, stride=2, layout="NHWC"),
        wc.Layer(3, 5, (5, 6, 7), (3, 3, 3), 1, 2),
        wc.Layer(2, 3, (4, 5, 6, 7), (2, 2, 3, 3), (0, 0, 1, 1), layout="NHWC"),
    ],
    ids=str,
)
def test_any_layer(layer: wc.Layer) -> None:
    compare(layer)
    compare(layer, bias=False)


@pytest.mark.parametrize(
    ("x_shape", "weight_shape", "arguments", "named"),
    [
        ((1, 3, 7), (20, 3, 3, 3), {}, "as many axes"),
        ((1, 3), (20, 3), {}, "as many axes"),
        ((1, 2, 3, 3, 3, 3, 3), (1, 2, 3, 3, 3, 3, 3), {}, "from 1 to 4"),
        ((1, 4, 7, 9), (20, 3, 3, 3), {}, "4 channels"),
        ((1, 4, 7, 9), (20, 4, 3, 3), {"groups": 2}, "(20, 2, 3, 3)"),
        ((1, 4, 7, 9), (20, 4, 3, 3), {"groups": 0, "transposed": True}, "groups = 0"),
        ((1, 4, 7, 9), (5, 4, 3, 3), {"transposed": True}, "(4, 4, 3, 3)"),
        ((0, 3, 7, 9), (20, 3, 3, 3), {}, "batch = 0"),
        ((1, 3, 2, 2), (20, 3, 3, 3), {}, "larger than the padded image"),
        ((1, 3, 7, 9), (20, 3, 3, 3), {"padding": -1}, "padding -1"),
        ((1, 3, 7, 9), (20, 3, 3, 3), {"stride": 0}, "stride = 0"),
        ((1, 3, 7, 9), (20, 3, 3, 3), {"layout": "CHWN"}, "CHWN"),
        ((1, 3, 7, 9), (0, 3, 3, 3), {}, "filters = 0"),
        ((1, 3, 7, 9), (20, 3, 3, 3), {"stride": 2, "bias": np.ones(3)}, "bias has shape (3,)"),
    ],
)
def test_what_does_not_fit_is_named(
    x_shape: tuple[int, ...], weight_shape: tuple[int, ...], arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(wc.WincookError) as caught:
        wc.convolve(np.ones(x_shape), np.ones(weight_shape), **arguments)
    assert isinstance(caught.value, ShapeError) or "CHWN" in named
    assert named in str(caught.value)


@pytest.mark.parametrize("stride", [1, 2])
def test_what_is_no_number_is_named(stride: int) -> None:
    x, weights = np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 2))
    for wrong in ((x, weights * np.nan, None), (x.astype(str), weights, None), (x, weights, [np.inf])):
        with pytest.raises(DataError):
            wc.convolve(*wrong, stride=stride)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[wc.Layer]:
    """The layers that kernels are made for."""
    module = sys.modules["wincook.kernels.convolve"]
    made: list[wc.Layer] = []
    original = vars(module)["_kernel"]

    def recorded(layer: wc.Layer, threads: int | None) -> wc.Kernel:
        made.append(layer)
        kernel: wc.Kernel = original(layer, threads)
        return kernel

    monkeypatch.setattr(module, "_kernel", recorded)
    return made


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_a_plain_layer_is_one_call_of_its_kernel(layout: Layout, calls: list[wc.Layer]) -> None:
    layer = wc.Layer(3, 5, (9, 8), (3, 3), 1, 2, layout)
    compare(layer)
    assert calls == [layer]


@pytest.mark.parametrize(("taps", "pieces"), [((1, 7), 2), ((1, 5), 1), ((1, 6), 2), ((1, 11), 3), ((7, 7), 4)])
def test_long_filters_are_split(taps: tuple[int, int], pieces: int, calls: list[wc.Layer]) -> None:
    compare(wc.Layer(1, 2, (12, 12), taps, 1))
    assert len(calls) == pieces
    assert max(tap for layer in calls for tap in layer.kernel) <= 5
