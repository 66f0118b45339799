"""Widths of words, against every input of few bits."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest

import wincook as wc
from tests.construct.rescale.test_integers import CASES
from tests.golden import Golden
from wincook.arrays import Array
from wincook.construct.rescale.integers import integers
from wincook.errors import FormatError, ShapeError
from wincook.stages import PerStage
from wincook.transforms import LETTERS

F43 = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞")


def bits_of(values: Array) -> int:
    """Bits of the narrowest signed integers that hold all."""
    return next(b for b in range(1, 64) if -(2 ** (b - 1)) <= values.min() and values.max() < 2 ** (b - 1))


def every(bits: int, size: int) -> Array:
    """All vectors of signed integers of so many bits."""
    values = np.arange(-(2 ** (bits - 1)), 2 ** (bits - 1))
    return np.stack([axis.ravel() for axis in np.meshgrid(*[values] * size)])


SMALL = {
    "F22": (wc.algorithm("F(2,2)", "0, 1/2, ∞"), 2, 3),
    "F22, one bit": (wc.algorithm("F(2,2)", "0, 1/2, ∞"), 3, 1),
    "linear": (wc.algorithm("F(3,2)", "0, 1, -2, ∞").transpose(), 3, 2),
    "linear, long filter": (wc.algorithm("F(2,3)").transpose(), 1, 1),
    "two axes": (wc.algorithm("F(1x2,2x2)", "3, -1; 0, -1/2, ∞"), 2, 1),
    "signs on both axes": (wc.algorithm("F(1x1,2x2)", "-4, 0"), 1, 1),
    "joint": (wc.algorithm("F(1x2,2x1)", "-1, 2; 0, 3", joint=True), 2, 2),
}


def along(matrix: Array, x: Array, axis: int) -> tuple[Array, Array]:
    """A matrix along one axis: every product and sum in the order of the columns, and what comes out."""
    products = matrix[:, :, None] * np.moveaxis(x, axis, 0).reshape(1, matrix.shape[1], -1)
    sums = products.cumsum(axis=1)
    shape = (len(matrix), *np.delete(x.shape, axis))
    return np.concatenate([products.ravel(), sums.ravel()]), np.moveaxis(sums[:, -1].reshape(shape), 0, axis)


def transformed(matrices: list[Array], x: Array) -> tuple[Array, Array]:
    """All values that a transform holds, one axis after the other, and what comes out; the data are the last axis."""
    held = [x.ravel()]
    for axis, matrix in enumerate(matrices):
        values, x = along(matrix, x, axis)
        held.append(values)
    return np.concatenate(held), x


@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", SMALL)
def test_bits_hold_every_input_and_no_fewer_do(name: str, channels: int, wrap: bool) -> None:
    algorithm, filter_bits, input_bits = SMALL[name]
    form = integers(algorithm)
    assert prod(form.divisors) >= 1
    AT, G, BT = ([np.array(getattr(axis, letter).tolist(), dtype=np.int64) for axis in form.axes] for letter in LETTERS)
    g, d = (every(bits, prod(matrix.shape[1] for matrix in M)) for bits, M in ((filter_bits, G), (input_bits, BT)))
    G_held, U = transformed(G, g.reshape(*(matrix.shape[1] for matrix in G), -1))
    BT_held, V = transformed(BT, d.reshape(*(matrix.shape[1] for matrix in BT), -1))
    M = U[..., :, None] * V[..., None, :]
    AT_held, y = transformed(AT, M)
    widths = form.widths(filter_bits, input_bits, channels, wrap=wrap)
    reached = {
        "filter": U if wrap else G_held,
        "U": U,
        "input": V if wrap else BT_held,
        "V": V,
        "product": M,
        "accumulate": channels * M,
        "output": channels * (y if wrap else AT_held),
    }
    assert {stage: (ends.least, ends.most) for stage, ends in widths.stages.items()} == {
        stage: (values.min(), values.max()) for stage, values in reached.items()
    }
    assert (widths.y.least, widths.y.most) == (channels * y.min(), channels * y.max())
    assert dict(widths.bits.items()) == {stage: bits_of(values) for stage, values in reached.items()}
    assert widths.stages.map(lambda ends: ends.largest).values() == tuple(abs(v).max() for v in reached.values())
    assert widths.words == widths.bits.map(lambda bits: next(word for word in (8, 16, 32, 64) if word >= bits))


def test_wrapping_around_saves_two_bits_of_f43() -> None:
    form = integers(wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞"))
    assert [form.widths(channels=64, wrap=wrap).bits.output for wrap in (False, True)] == [36, 34]


@pytest.mark.slow
def test_filters_too_long_to_try_all_ends_are_bounded() -> None:
    """Of more than 12 taps the terms are summed up in magnitude, each at the end that suits it."""
    form = integers(wc.algorithm("F(2,13)", wc.Points.default(14)))
    (axis,) = form.axes
    AT, G, BT = (np.array(getattr(axis, letter).tolist(), dtype=object) for letter in LETTERS)
    unit = np.eye(14, dtype=int).astype(object)
    sums = np.concatenate([unit, *np.cumsum(AT[:, :, None] * unit, axis=1)])
    T = np.einsum("fk,kj,kl->fjl", sums, G, BT)
    widths = form.widths(2, 2)
    assert widths.stages.output.most == max((4 * np.maximum(T, 0) - 2 * np.minimum(T, 0)).sum(axis=(1, 2)))
    assert widths.y.most == 13 * form.divisor * 4


def test_int8_data_of_the_smallest_tile_fit_int16_and_int32() -> None:
    widths = integers(wc.algorithm("F(2x2,3x3)")).widths(channels=64)
    assert widths.bits == PerStage(12, 12, 10, 10, 21, 27, 27)
    assert widths.words == PerStage(16, 16, 16, 16, 32, 32, 32)


@pytest.mark.parametrize(("tile", "points"), CASES[:3], ids=[f"{tile} {points or ''}" for tile, points in CASES[:3]])
def test_one_bit_less_is_too_little(tile: str, points: str | None) -> None:
    """Data with the signs of the longest row of BT, and of the same product of G."""
    form = integers(wc.algorithm(tile, points))
    widths = form.widths()
    for stage, letter in (("V", "BT"), ("U", "G")):
        longest = [max(getattr(axis, letter).tolist(), key=lambda row: sum(map(abs, row))) for axis in form.axes]
        sizes = [abs(prod(map(int, entries))) for entries in product(*longest)]
        reached = 128 * sum(sizes)
        assert reached - sum(sizes) <= widths.stages[stage].largest <= reached
        assert widths.stages[stage].largest >= 2 ** (widths.stages[stage].bits - 2)


@pytest.mark.slow
@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize(("tile", "points"), CASES, ids=[f"{tile} {points or ''}" for tile, points in CASES])
def test_widths_do_not_depend_on_gauge_or_basis(tile: str, points: str | None, wrap: bool) -> None:
    algorithm = wc.algorithm(tile, points)
    widths = integers(algorithm).widths(7, 8, channels=16, wrap=wrap)
    legendre = wc.construct.change_basis(algorithm, "legendre")
    for other in (wc.gauge(algorithm, "integer"), wc.gauge(algorithm, "input"), legendre):
        assert integers(other).widths(7, 8, channels=16, wrap=wrap) == widths


@pytest.mark.parametrize("wrong", [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_less_than_one_bit_is_refused(wrong: tuple[int, int, int], golden: Golden) -> None:
    with golden.raises(ShapeError, match=" = 0 "):
        integers(F43).widths(*wrong)
    assert integers(F43).widths(1, 1, 1).bits.filter == 4


def test_words_that_no_integer_type_has_are_refused(golden: Golden) -> None:
    with golden.raises(FormatError, match="64"):
        _ = integers(wc.algorithm("F(10x10,3x3)", wc.Points.default(12))).widths(channels=64).words


def test_integers_beyond_64_bits_are_exact() -> None:
    """40 bits of g and 41 of d, at all of their ends, where a form linear in each number is largest."""
    form = integers(wc.algorithm("F(2,3)", "0, 1/2, -3, ∞"))
    (axis,) = form.axes
    AT, G, BT = (np.array(getattr(axis, letter).tolist(), dtype=object) for letter in LETTERS)

    def ends(bits: int, size: int) -> Array:
        return np.array(list(product([-(2 ** (bits - 1)), 2 ** (bits - 1) - 1], repeat=size)), dtype=object).T

    (G_held, U), (BT_held, V) = transformed([G], ends(40, 3)), transformed([BT], ends(41, 4))
    AT_held, y = transformed([AT], U[..., :, None] * V[..., None, :])
    widths = form.widths(40, 41)
    for reached, values in (
        (widths.stages.filter, G_held),
        (widths.stages.input, BT_held),
        (widths.stages.output, AT_held),
        (widths.y, y),
    ):
        assert (reached.least, reached.most) == (min(values.flat), max(values.flat))
    assert widths.bits.output > 80
