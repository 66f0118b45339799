from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.analysis.dynamic_range.word_widths import integer_algorithm
from wincook.arrays import Array
from wincook.errors import AlgorithmError, DataError, FormatError, ShapeError

CASES = [
    ("F(2,3)", None),
    ("F(2x2,3x3)", None),
    ("F(4x4,3x3)", "0,±1,±2,∞"),
    ("F(4x4,3x3)", "0,±1,x^2+1,∞"),
    ("F(6x6,3x3)", "0,±1,±2,±1/2,∞"),
    ("F(2x3,3x2)", "0,±1/2,∞; 0,±1,∞"),
    ("F(2x2x2,3x3x3)", None),
]


def direct(d: Array, g: Array) -> Array:
    """Sums of products of Python's integers."""
    outputs = tuple(n - r + 1 for n, r in zip(d.shape[1:], g.shape[1:], strict=True))
    y = np.zeros(outputs, dtype=object)
    for place in np.ndindex(*outputs):
        for tap in np.ndindex(*g.shape[1:]):
            at = tuple(i + j for i, j in zip(place, tap, strict=True))
            y[place] += sum(int(a) * int(b) for a, b in zip(d[:, *at], g[:, *tap], strict=True))
    return y


@pytest.mark.parametrize(("tile", "points"), CASES, ids=[f"{tile} {points or ''}" for tile, points in CASES])
@pytest.mark.parametrize("wrap", [False, True])
def test_integers_are_convolved_bit_for_bit(tile: str, points: str | None, wrap: bool) -> None:
    whole = integer_algorithm(wc.algorithm(tile, points), channels=4, wrap=wrap)
    rng = np.random.default_rng(0)
    for values in ([-128, 127], [-128], [-1, 0, 1]):
        d = rng.choice(values, (4, *whole.algorithm.tile.inputs))
        g = rng.choice(values, (4, *whole.algorithm.tile.taps))
        assert (whole.convolve(d, g) == direct(d, g)).all()


@settings(max_examples=30)
@given(data=st.data(), bits=st.integers(2, 16))
def test_so_are_integers_of_any_width(data: st.DataObject, bits: int) -> None:
    whole = integer_algorithm(wc.algorithm("F(2,3)"), bits, bits, channels=2)
    numbers = st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    d, g = (
        np.array(data.draw(st.lists(numbers, min_size=2 * size, max_size=2 * size))).reshape(2, size) for size in (4, 3)
    )
    assert (whole.convolve(d, g) == direct(d, g)).all()


def test_int8_data_of_the_smallest_tile_fit_int16_and_int32() -> None:
    whole = integer_algorithm(wc.algorithm("F(2x2,3x3)"), channels=64)
    assert {stage: whole.ranges[stage].bits for stage in ("U", "V", "M")} == {"U": 12, "V": 10, "M": 27}
    assert whole.words == {"G g": 16, "U": 16, "BT d": 16, "V": 16, "U V": 32, "M": 32, "AT M": 32, "y": 32}
    assert whole.denominator == 4


@pytest.mark.parametrize(("tile", "points"), CASES[:3], ids=[f"{tile} {points or ''}" for tile, points in CASES[:3]])
def test_one_bit_less_is_too_little(tile: str, points: str | None) -> None:
    """Data with the signs of the longest row of BT, and of the same product of G."""
    whole = integer_algorithm(wc.algorithm(tile, points))
    rows, sizes = {}, {}
    for name in ("BT", "G"):
        longest = [max(getattr(axis, name).tolist(), key=lambda row: sum(map(abs, row))) for axis in whole.axes]
        signs = [[int(np.sign(int(entry))) for entry in row] for row in longest]
        pairs = zip(product(*longest), product(*signs), strict=True)
        terms = [prod(map(int, entries)) * prod(sign) for entries, sign in pairs]
        rows[name], sizes[name] = sum(term * 128 for term in terms), sum(map(abs, terms))
    for stage, name in (("V", "BT"), ("U", "G")):
        reached = rows[name]
        assert reached - sizes[name] <= whole.ranges[stage].largest <= reached
        assert whole.ranges[stage].largest >= 2 ** (whole.ranges[stage].bits - 2)


def test_words_too_narrow_give_wrong_results() -> None:
    """The mutant: the same algorithm for data of fewer bits, and what it would make of wider data."""
    d, g = np.full((1, 4), 127), np.full((1, 3), 127)
    narrow = integer_algorithm(wc.algorithm("F(2,3)"), 4, 4)
    assert narrow.words["M"] == 16
    with pytest.raises(DataError, match=r"d holds 127, outside of the declared range -8\.\.7"):
        narrow.convolve(d, g)
    wrapped = (d[0, :3].astype(np.int16) * g[0].astype(np.int16)).sum(dtype=np.int16)
    assert wrapped != 3 * 127**2 == integer_algorithm(wc.algorithm("F(2,3)")).convolve(d, g)[0]


def test_bad_input_is_refused_by_name() -> None:
    algorithm = wc.algorithm("F(2,3)")
    whole = integer_algorithm(algorithm)
    d, g = np.zeros((1, 4), int), np.zeros((1, 3), int)
    with pytest.raises(FormatError, match="input_bits = 1 must be a whole number, at least 2, at most 32"):
        integer_algorithm(algorithm, 1)
    with pytest.raises(AlgorithmError, match="not rational"):
        integer_algorithm(wc.algorithm("F(2,3)", "0,±√2,∞"))
    with pytest.raises(AlgorithmError, match="linear convolution"):
        integer_algorithm(algorithm.transpose())
    with pytest.raises(ShapeError, match="channels = 0"):
        integer_algorithm(algorithm, channels=0)
    with pytest.raises(DataError, match="d holds float64"):
        whole.convolve(d.astype(float), g)
    with pytest.raises(DataError, match=r"d holds -129, outside of the declared range -128\.\.127"):
        whole.convolve(d - 129, g)
    with pytest.raises(ShapeError, match="do not end in"):
        whole.convolve(d, g[:, :2])
    with pytest.raises(ShapeError, match="2 channels; the words are for 1"):
        whole.convolve(np.zeros((2, 4), int), np.zeros((2, 3), int))
    with pytest.raises(FormatError, match=r"AT M takes \d+ bits"):
        _ = integer_algorithm(wc.algorithm("F(10x10,3x3)"), channels=64).words


@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize(("tile", "points"), CASES, ids=[f"{tile} {points or ''}" for tile, points in CASES])
def test_the_integer_form_says_the_same(tile: str, points: str | None, wrap: bool) -> None:
    """One computation, whatever the gauge and the basis in which the algorithm is given."""
    made = wc.algorithm(tile, points)
    whole = integer_algorithm(made, 7, 8, channels=16, wrap=wrap)
    assert wc.integers(made).ranges(8, 7, 16, wrap=wrap) == whole.ranges
    for other in (wc.gauge(made, "integer"), wc.gauge(made, "input"), wc.change_basis(made, "legendre")):
        assert integer_algorithm(other, 7, 8, channels=16, wrap=wrap).ranges == whole.ranges


def test_a_word_too_narrow_for_sums_on_the_way_is_enough_if_they_wrap() -> None:
    made = wc.algorithm("F(4x4,3x3)", "0,±1,±2,∞")
    words = [integer_algorithm(made, 7, 7, channels=16, wrap=wrap).words["AT M"] for wrap in (False, True)]
    assert words == [32, 32]
    words = [integer_algorithm(made, 7, 7, channels=32, wrap=wrap).words["AT M"] for wrap in (False, True)]
    assert words == [64, 32]
    whole = integer_algorithm(made, 7, 7, channels=32, wrap=True)
    d, g = np.full((32, 6, 6), -64), np.full((32, 3, 3), -64)
    assert (whole.convolve(d, g) == direct(d, g)).all()
