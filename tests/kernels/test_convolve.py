"""One call for any layer, against the oracle in float64."""

from typing import Any

import numpy as np
import pytest
from scipy.signal import correlate

import wincook as wc
from wincook import direct
from wincook.errors import DataError, NotationError, ShapeError, TargetError


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


@pytest.mark.slow
@pytest.mark.parametrize("taps", [(1, 1), (1, 11), (5, 5)])
def test_any_filter(taps: tuple[int, int]) -> None:
    compare(wc.Layer(3, 18, (12, 11), taps, ((1, 2), (0, 3)), 2))


@pytest.mark.slow
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
        ((1, 3, 2, 2), (20, 3, 3, 3), {}, "larger than the padded image"),
        ((1, 3, 7, 9), (20, 3, 3, 3), {"padding": -1}, "padding = -1"),
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


IMAGE = np.random.default_rng(3).uniform(-1, 1, (2, 3, 9, 8)).astype(np.float32)
FILTERS = np.random.default_rng(4).uniform(-1, 1, (5, 3, 3, 3)).astype(np.float32)
EXPECTED = wc.convolve(IMAGE, FILTERS, padding=1)


@pytest.mark.parametrize(
    ("x", "weights"),
    [
        (IMAGE[::-1, ::-1, :, ::-1][::-1, ::-1, :, ::-1], FILTERS),
        (np.asfortranarray(IMAGE), np.asfortranarray(FILTERS)),
        (IMAGE.astype(">f4"), FILTERS.astype(">f8")),
        (IMAGE.tolist(), FILTERS.tolist()),
        (np.repeat(IMAGE, 2, 3)[..., ::2], FILTERS),
        (np.frombuffer(IMAGE.tobytes(), np.float32).reshape(IMAGE.shape), FILTERS),
        (np.frombuffer(b"\0" + IMAGE.tobytes(), np.float32, offset=1, count=IMAGE.size).reshape(IMAGE.shape), FILTERS),
    ],
    ids=["reversed", "Fortran order", "byte-swapped", "lists", "strided", "read-only", "unaligned"],
)
def test_arrays_of_any_layout_give_the_same_bits(x: Any, weights: Any) -> None:
    np.testing.assert_array_equal(wc.convolve(x, weights, padding=1), EXPECTED)


@pytest.mark.parametrize(
    "padding",
    ["same", 1, np.int64(1), np.array(1), (1, 1), [1, 1], np.array([1, 1]), np.ones((2, 2), np.uint8), ((1, 1), 1)],
    ids=repr,
)
def test_one_padding_may_be_written_in_many_ways(padding: Any) -> None:
    unit: Any = np.int64(1)
    steps: Any = np.array([1, 1])
    y = wc.convolve(IMAGE, FILTERS, padding=padding, stride=steps, dilation=unit, groups=unit, threads=unit)
    np.testing.assert_array_equal(y, EXPECTED)
    assert wc.Layer(3, 5, (9, 8), (3, 3), padding).pads == ((1, 1), (1, 1))


@pytest.mark.slow
@pytest.mark.parametrize("kernel", [(3, 3), (1, 3), (3, 1)])
@pytest.mark.parametrize("mode", ["same", "valid"])
def test_padding_by_a_word_is_that_of_scipy(kernel: tuple[int, int], mode: Any) -> None:
    weights = FILTERS[..., : kernel[0], : kernel[1]]
    y = wc.convolve(IMAGE, weights, padding=mode)
    expected = [
        [sum(correlate(x, w, mode) for x, w in zip(image, kernels, strict=True)) for kernels in weights]
        for image in IMAGE
    ]
    np.testing.assert_allclose(y, np.array(expected), rtol=0, atol=1e-4)


def test_an_even_filter_has_its_odd_zero_at_the_end_as_in_torch() -> None:
    assert wc.Layer(1, 1, (9, 9), (2, 4), "same").pads == ((0, 1), (1, 2))
    assert wc.Layer(1, 1, (9, 9), (2, 3), "same", dilation=(3, 2)).pads == ((1, 2), (2, 2))
    assert wc.Layer(1, 1, (9, 9), (2, 3), "valid", stride=2).pads == ((0, 0), (0, 0))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "weights", "more", "expected"),
    [
        ((0, 3, 9, 8), (5, 3, 3, 3), {"padding": 1}, (0, 5, 9, 8)),
        ((0, 9, 8, 3), (5, 3, 3, 3), {"layout": "NHWC"}, (0, 7, 6, 5)),
        ((0, 4, 9, 8), (6, 2, 3, 3), {"groups": 2, "stride": 2}, (0, 6, 4, 3)),
        ((0, 4, 5, 6), (4, 3, 3, 3), {"groups": 2, "transposed": True}, (0, 6, 7, 8)),
        ((0, 3, 9), (5, 3, 3), {}, (0, 5, 7)),
        ((0, 3, 5, 6, 7), (5, 3, 3, 3, 3), {}, (0, 5, 3, 4, 5)),
    ],
)
def test_no_images_give_none(
    shape: tuple[int, ...], weights: tuple[int, ...], more: dict[str, Any], expected: tuple[int, ...]
) -> None:
    y = wc.convolve(np.ones(shape), np.ones(weights), **more)
    assert y.shape == expected
    assert y.dtype == np.float32


def test_a_kernel_for_no_images_is_called_as_any() -> None:
    kernel = wc.compile(wc.Layer(3, 5, (9, 8), (3, 3), batch=0))
    assert kernel(IMAGE[:0], kernel.pack(FILTERS)).shape == (0, 5, 7, 6)


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"x": IMAGE[:, :0], "weights": FILTERS[:, :0]}, ShapeError, "channels = 0"),
        ({"weights": FILTERS[:0]}, ShapeError, "filters = 0"),
        ({"x": IMAGE[:, :, :0]}, ShapeError, "size = 0"),
        ({"x": [[1.0], [2.0, 3.0]]}, ShapeError, "different lengths"),
        ({"x": IMAGE + 0j}, DataError, "complex64"),
        ({"x": np.ma.masked_array(IMAGE, False)}, DataError, "masked"),
        ({"weights": FILTERS.astype(object)}, DataError, "object"),
        ({"bias": "zeros"}, DataError, "bias = 'zeros'"),
        ({"padding": "full"}, NotationError, "known are valid, same"),
        ({"padding": "same", "stride": 2}, ShapeError, "unit stride"),
        ({"padding": 1.0}, ShapeError, "padding = 1.0"),
        ({"padding": None}, ShapeError, "padding = None"),
        ({"padding": 2**40}, ShapeError, "at most"),
        ({"stride": True}, ShapeError, "stride = True"),
        ({"groups": 1.5, "transposed": True}, ShapeError, "groups = 1.5"),
        ({"transposed": "no"}, NotationError, "True or False"),
        ({"layout": "CHWN"}, NotationError, "NCHW, NHWC"),
        ({"threads": 1.0}, TargetError, "threads = 1.0"),
        ({"threads": [1]}, TargetError, "threads"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_wrong_arguments_are_named(change: dict[str, Any], error: type[wc.WincookError], named: str) -> None:
    with pytest.raises(error) as caught:
        wc.convolve(**({"x": IMAGE, "weights": FILTERS} | change))
    assert named in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [
        {"padding": 2**40},
        {"padding": 2**30},
        {"padding": ((0, 2**30), (0, 0))},
        {"padding": 20000},
        {"padding": 30000, "dilation": 20000},
        {"transposed": True, "stride": 2**30},
        {"transposed": True, "stride": 20000},
        {"transposed": True, "dilation": 2**30},
    ],
    ids=str,
)
def test_outputs_out_of_all_proportion_are_refused_before_memory_is_taken(arguments: dict[str, Any]) -> None:
    with pytest.raises(ShapeError):
        wc.convolve(np.ones((1, 1, 5, 5)), np.ones((1, 1, 3, 3)), **arguments)


def test_a_stride_beyond_the_image_is_one_output() -> None:
    assert wc.convolve(np.ones((1, 1, 5, 5)), np.ones((1, 1, 3, 3)), stride=2**30).tolist() == [[[[9.0]]]]


@pytest.mark.parametrize("stride", [1, 2])
def test_packed_weights_know_their_layer(stride: int) -> None:
    kernel = wc.compile(wc.Layer(3, 5, (9, 8), (3, 3), 1, 2, stride=stride))
    packed = kernel.pack(FILTERS, np.arange(5))
    expected = wc.convolve(IMAGE, FILTERS, np.arange(5), padding=1, stride=stride)
    np.testing.assert_array_equal(wc.convolve(IMAGE, packed), expected)
    np.testing.assert_array_equal(wc.convolve(IMAGE, packed), kernel(IMAGE, packed))


def test_beside_packed_weights_nothing_defines_the_layer_again() -> None:
    packed = wc.compile(wc.Layer(3, 5, (9, 8), (3, 3), 1, 2)).pack(FILTERS)
    for more in ({"bias": np.ones(5)}, {"padding": 1}, {"layout": "NHWC"}, {"threads": 1}):
        with pytest.raises(ShapeError, match="packed weights know their layer"):
            wc.convolve(IMAGE, packed, **more)
    with pytest.raises(ShapeError, match="x has shape"):
        wc.convolve(IMAGE[:, :2], packed)
    with pytest.raises(DataError, match="finite"):
        wc.convolve(IMAGE * np.nan, packed, check_finite=True)
