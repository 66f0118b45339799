"""A library computes what the kernels of this process compute, in every bit, and touches nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wincook as wc
from tests.emit.library.called import ARGUMENT, NO_IMPLEMENTATION, OK, TOO_SMALL, Called, arguments, dims_of, lines
from tests.emit.library.tools import needs
from tests.kernels.guarded import walled
from wincook.emit import Library
from wincook.kernels.target import host_isa_names

pytestmark = pytest.mark.slow
VARIANTS = {1: "generic", 3: "avx2", 4: "avx512"}
LAYERS = (
    wc.Layer(37, 50, (29, 31), (3, 3), padding=((1, 2), (0, 1)), batch=2),
    wc.Layer(1, 1, (3, 3), (3, 3)),
    wc.Layer(73, 96, (9, 70), (3, 3), padding=((3, 3), (4, 0))),
)


@pytest.fixture(scope="module")
def called(library: Library) -> Called:
    needs("make", "gcc")
    return Called(library.folder / "libconv.so", "conv")


def random(layer: wc.Layer, memory: Any = None) -> list[Any]:
    """x, weights and a bias."""
    rng = np.random.default_rng(layer.channels)
    arrays = []
    for shape in (layer.input_shape, layer.weight_shape, (layer.filters,)):
        values = rng.uniform(-1, 1, shape).astype(np.float32)
        if memory is not None:
            place = memory(values.size).reshape(shape)
            place[...] = values
            values = place
        arrays.append(values)
    return arrays


@pytest.mark.parametrize("layer", LAYERS, ids=str)
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_library_has_the_bits_of_a_kernel(variant: int, layer: wc.Layer, called: Called) -> None:
    if VARIANTS[variant] not in host_isa_names():
        assert called.sizes(dims_of(layer, variant))[0] == NO_IMPLEMENTATION
        return
    x, weights, bias = random(layer)
    kernel = wc.compile(layer, "F(4x4,3x3)", target=VARIANTS[variant], threads=1)
    expected = kernel(x, kernel.pack(weights, bias))
    for panel in (0, 1, 5, 1000):
        dims = dims_of(layer, variant, panel)
        y = called.convolve(dims, x, called.packed(dims, weights, bias))
        np.testing.assert_array_equal(y.view(np.int32), expected.view(np.int32))


@pytest.mark.parametrize("side", ["start", "end"])
@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_a_library_stays_within_its_arrays(layer: wc.Layer, side: str, called: Called) -> None:
    def memory(nbytes: int) -> Any:
        return walled(-(-nbytes // 64) * 16, side).view(np.uint8)[:nbytes]

    x, weights, bias = random(layer, partial(walled, side=side))
    for variant, isa in VARIANTS.items():
        if isa in host_isa_names():
            dims = dims_of(layer, variant)
            y = walled(int(np.prod(layer.output_shape)), side).reshape(layer.output_shape)
            called.convolve(dims, x, called.packed(dims, weights, bias, memory), y=y, memory=memory)
            assert np.isfinite(y).all()


def test_items_may_be_computed_by_threads_of_the_caller(called: Called) -> None:
    layer = wc.Layer(20, 40, (60, 61), (3, 3), padding=1)
    x, weights, bias = random(layer)
    dims = dims_of(layer, panel=7)
    packed = called.packed(dims, weights, bias)
    expected = called.convolve(dims, x, packed)
    _, sizes = called.sizes(dims)
    y = np.full_like(expected, np.nan)

    def compute(item: int) -> int:
        workspace = lines(sizes["workspace"])
        return called.status("run", arguments(dims, x, None, y, packed, workspace), item, item + 1)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(compute, range(sizes["items"]))) == {OK}
    np.testing.assert_array_equal(y, expected)


def test_views_are_read_and_written_where_they_lie(called: Called) -> None:
    layer = LAYERS[0]
    x, weights, bias = random(layer)
    dims = dims_of(layer)
    packed = called.packed(dims, weights, bias)
    expected = called.convolve(dims, x, packed)
    larger, outer = np.zeros((2, 40, 33, 35), np.float32), np.full((2, 60, 30, 31), 7, np.float32)
    inner, y = larger[:, 2:39, 1:30, 3:34], outer[:, 5:55, :, :30]
    inner[...] = x
    _, sizes = called.sizes(dims)
    args = arguments(dims, inner, None, y, packed, lines(sizes["workspace"]))
    for first, array in ((dims.size, inner), (dims.size + 10, y)):
        args[first + 1 : first + 5] = [stride // 4 for stride in array.strides]
    assert called.status("run", args, 0, sizes["items"]) == OK
    np.testing.assert_array_equal(y, expected)
    assert (outer[:, :5] == 7).all()
    assert (outer[:, :, :, 30:] == 7).all()
    args[dims.size + 4] = 2
    assert called.status("run", args, 0, sizes["items"]) == NO_IMPLEMENTATION


def test_what_cannot_be_is_a_status(called: Called) -> None:
    layer = LAYERS[0]
    x, weights, _ = random(layer)
    dims = dims_of(layer)
    _, sizes = called.sizes(dims)
    packed, workspace = called.packed(dims, weights), lines(sizes["workspace"])
    y = np.zeros(layer.output_shape, np.float32)
    right = arguments(dims, x, None, y, packed, workspace)
    assert called.status("run", right, 0, 0) == OK

    def with_word(number: int, value: int) -> Any:
        changed = right.copy()
        changed[number] = value
        return changed

    count = dims.size
    for number in (count, count + 10, count + 15, count + 16):  # x, y, packed weights, workspace
        assert called.status("run", with_word(number, 0), 0, 1) == ARGUMENT
        assert called.status("run", with_word(number, int(right[number]) + 1), 0, 1) == ARGUMENT
    assert called.status("run", with_word(count + 5, x.ctypes.data), 0, 1) == ARGUMENT  # a residual
    assert called.status("run", with_word(count + 17, sizes["workspace"] - 1), 0, 1) == TOO_SMALL
    assert called.status("run", with_word(5, 49), 0, 1) == ARGUMENT  # weights packed for other filters
    for begin, end in ((-1, 1), (1, 0), (0, sizes["items"] + 1)):
        assert called.status("run", right, begin, end) == ARGUMENT
    assert called.status("pack", dims, None, None, None, None, packed, packed.nbytes) == ARGUMENT
    assert called.status("pack", dims, weights, None, weights, None, packed, packed.nbytes) == ARGUMENT
    assert called.status("pack", dims, weights, None, None, None, packed, packed.nbytes - 1) == TOO_SMALL
    assert called.status("query", None, right, right, right) == ARGUMENT
    assert called.status("query", dims, right, None, right) == ARGUMENT
    for number, value in ((0, 2), (0, 7), (6, 37), (7, 5), (9, 2), (11, 2)):  # variant, groups, taps, stride, dilation
        other = dims.copy()
        other[number] = value
        assert called.sizes(other)[0] in ({ARGUMENT, NO_IMPLEMENTATION} if number == 6 else {NO_IMPLEMENTATION})


SIZE = st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 100) | st.integers(2**31 - 2, 2**31) | st.just(2**20)


@given(sizes=st.lists(SIZE, min_size=10, max_size=10))
def test_sizes_that_overflow_are_arguments_that_cannot_be(sizes: list[int], called: Called) -> None:
    batch, channels, height, width, filters, top, bottom, left, right, panel = sizes
    words = (0, batch, channels, height, width, filters, 1, 3, 3, 1, 1, 1, 1, top, bottom, left, right, panel)
    status, found = called.sizes(np.array(words, np.int64))
    out = (height + top + bottom - 2, width + left + right - 2)
    fits = all(0 < size < 2**31 for size in sizes[:5]) and all(0 <= size < 2**31 for size in sizes[5:])
    fits = fits and min(out) > 0
    arrays = (
        batch * channels * height * width,
        batch * out[0] * out[1] * max(channels, filters),
        9 * channels * filters,
    )
    assert status == (OK if fits and max(arrays) <= 2**40 else ARGUMENT)
    if status == OK:
        assert found["y"] == (batch, filters, *out)
        tiles = batch * -(-out[0] // 4) * -(-out[1] // 4)
        assert 1 <= found["items"] <= tiles
        at_least = min(panel or 1, tiles) * 36 * (channels + filters) * 4
        assert at_least <= found["workspace"] < 2**62
        assert found["packed"] >= 36 * 4 * channels * filters
