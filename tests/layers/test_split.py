"""Sub-kernels against the oracle, and their choice against all choices."""

from itertools import combinations_with_replacement
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from tests.near import near
from wincook import direct
from wincook.errors import ShapeError
from wincook.layers import Layer, apply, reduce, split, split_taps
from wincook.tile import Tile


@pytest.mark.slow
@given(
    kernel=st.tuples(st.integers(1, 11), st.integers(1, 9)),
    outputs=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    stride=st.integers(1, 3),
    dilation=st.integers(1, 2),
    transposed=st.booleans(),
)
def test_sub_kernels_add_up_to_the_kernel(
    kernel: tuple[int, int], outputs: tuple[int, int], stride: int, dilation: int, transposed: bool
) -> None:
    layer = Layer(2, 2, (9, 7), kernel, 0 if transposed else 8, stride=stride, dilation=dilation, transposed=transposed)
    rng = np.random.default_rng(0)
    x, weights = rng.integers(-9, 10, layer.input_shape), rng.integers(-9, 10, layer.weight_shape)
    oracle = direct.convolve_transposed if transposed else direct.convolve
    expected = oracle(x, weights, layer.pads, stride=(stride,) * 2, dilation=(dilation,) * 2)
    shorter = split(reduce(layer), outputs)
    np.testing.assert_array_equal(apply(shorter, x, weights), expected)
    assert all(m + len(axis.w) <= 9 for part in shorter.parts for axis, m in zip(part.axes, outputs, strict=True))
    assert shorter.multiplications() == reduce(layer).multiplications()


def odd_only(tile: Tile) -> float:
    """A cost with holes: long tiles are dear, and even filters impossible."""
    return inf if tile.taps[0] % 2 == 0 else tile.inputs[0] ** 1.5


@pytest.mark.parametrize("taps", range(1, 12))
@pytest.mark.parametrize("outputs", [1, 2, 4])
def test_the_choice_is_the_cheapest_of_all(taps: int, outputs: int) -> None:
    partitions = [
        sizes
        for number in range(1, taps + 1)
        for sizes in combinations_with_replacement(range(1, taps + 1), number)
        if sum(sizes) == taps
    ]
    numbers = split_taps(taps, outputs, odd_only)
    assert sum(numbers) == taps
    least = min(sum(odd_only(Tile((outputs,), (r,))) for r in sizes) for sizes in partitions)
    assert sum(odd_only(Tile((outputs,), (r,))) for r in numbers) == near(least)


@pytest.mark.parametrize(
    ("taps", "outputs", "sizes"),
    [
        (3, 4, (3,)),
        (5, 4, (5,)),
        (7, 4, (4, 3)),
        (11, 4, (4, 4, 3)),
        (11, 2, (6, 5)),
        (7, 6, (3, 2, 2)),
        (3, 8, (1,) * 3),
    ],
)
def test_filters_are_split_evenly_into_tiles_of_eight_inputs(taps: int, outputs: int, sizes: tuple[int, ...]) -> None:
    assert split_taps(taps, outputs) == sizes


def test_sub_kernels_cost_one_tile_less_an_output_each() -> None:
    layer = Layer(3, 5, (20, 20), (7, 7), 3)
    assert split(reduce(layer), 4).multiplications(4) == 3 * 5 * 25 * ((4 + 3) + (4 + 2)) ** 2


def test_costs_that_leave_nothing_are_named(golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"3.*F\(9,r\)"):
        split(reduce(Layer(1, 1, (9,), (3,))), 9)
    with golden.raises(ShapeError, match="5"):
        split_taps(5, 2, lambda tile: inf if tile.taps[0] % 2 else 1.0)
    with golden.raises(ShapeError, match="outputs = 0"):
        split(reduce(Layer(1, 1, (9,), (3,))), 0)
