"""Integer forms, against integer arithmetic of numpy and against every input of few bits."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from functools import reduce
from math import lcm, prod

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.arrays import Array
from wincook.construct.rescale.denominators import LETTERS, Letter
from wincook.construct.rescale.integers import IntegerForm, integers
from wincook.construct.rescale.scale import rescale
from wincook.direct import correlate
from wincook.errors import AlgorithmError, ShapeError

F43 = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞")


def whole(form: IntegerForm) -> tuple[Array, Array, Array]:
    """The integer matrices of all axes together."""
    axes = [[np.array(getattr(axis, letter).tolist(), dtype=np.int64) for letter in LETTERS] for axis in form.axes]
    AT, G, BT = (reduce(np.kron, matrices) for matrices in zip(*axes, strict=True))
    return AT, G, BT


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(
    ("tile", "points"),
    [("F(4x4,3x3)", "0, ±1, ±2, ∞"), ("F(3x2,2x3)", "0, ±1/3, ∞; 0, ±1, ∞"), ("F(4,3)", "0,±1,x^2+1,∞")],
)
def test_integers_compute_d_times_the_correlation(tile: str, points: str, letter: Letter) -> None:
    form = integers(wc.algorithm(tile, points), letter)
    form.verify()
    AT, G, BT = whole(form)
    rng = np.random.default_rng(0)
    d, g = (rng.integers(-128, 128, shape) for shape in (form.algorithm.tile.inputs, form.algorithm.tile.taps))
    y = AT @ ((G @ g.ravel()) * (BT @ d.ravel()))
    assert (y == form.divisor * correlate(d, g).ravel()).all()


@settings(max_examples=60)
@given(st.data(), st.sampled_from(["0, ±1, ±2, ∞", "0, ±5/8, ±3/2, ∞", "1/3, -2, 3/7, 4, 5, 6", "0, ±1, x^2+1, ∞"]))
def test_no_scaling_has_a_smaller_divisor(data: st.DataObject, points: str) -> None:
    """Integer matrices have integer products, so D clears the denominators of every AT[i,k] G[k,j] BT[k,l]."""
    made = wc.algorithm("F(4,3)", points)
    axis = made.axes[0]
    rank = axis.multiplications
    some = st.lists(st.builds(sympy.Rational, st.integers(1, 30), st.integers(1, 30)), min_size=rank, max_size=rank)
    scaled = rescale(axis, data.draw(some), data.draw(some))
    columns = zip(scaled.AT.T.tolist(), scaled.G.tolist(), scaled.BT.tolist(), strict=True)
    least = lcm(*(Fraction(str(a * g * b)).denominator for k in columns for a in k[0] for g in k[1] for b in k[2]))
    form = integers(dataclasses.replace(made, axes=(scaled,)), data.draw(st.sampled_from(LETTERS)))
    assert form.divisors == (least,)
    form.verify()


def test_known_divisors() -> None:
    assert integers(wc.algorithm("F(2x2,3x3)", "0, ±1, ∞")).divisors == (2, 2)
    assert integers(F43).divisors == (24,)
    assert integers(wc.algorithm("F(1,1)", "∞")).algorithm == wc.algorithm("F(1,1)", "∞")


def test_the_algorithm_divides_once_at_the_end() -> None:
    form = integers(F43)
    first, second = form.algorithm.axes[0].AT_factors
    assert (first, second) == (sympy.eye(4) / 24, form.axes[0].AT)
    programs = wc.programs_of(form.algorithm)
    assert [Fraction(str(c)).denominator for c in programs.output[0].constants].count(24) == 1
    assert all(Fraction(str(c)).denominator == 1 for one in (programs.input, programs.filter) for c in one[0].constants)


@settings(max_examples=60)
@given(st.data())
def test_a_mutant_of_any_entry_or_divisor_is_refused(data: st.DataObject) -> None:
    form = integers(wc.algorithm("F(2x2,3x3)"))
    if data.draw(st.booleans()):
        mutant = dataclasses.replace(form, divisors=(2, data.draw(st.sampled_from([1, 3, 4, -2]))))
    else:
        letter = data.draw(st.sampled_from(LETTERS))
        matrix = getattr(form.axes[1], letter).as_mutable()
        place = data.draw(st.integers(0, matrix.rows - 1)), data.draw(st.integers(0, matrix.cols - 1))
        matrix[place] += data.draw(st.sampled_from([1, -3, sympy.Rational(1, 2)]))
        axis = dataclasses.replace(form.axes[1], **{letter: sympy.ImmutableMatrix(matrix)})
        mutant = dataclasses.replace(form, axes=(form.axes[0], axis))
    with pytest.raises(AlgorithmError, match=r"integer form of F\(2x2,3x3\)"):
        mutant.verify()


def test_fractions_are_no_integer_form() -> None:
    with pytest.raises(AlgorithmError, match=r"G of the integer form of F\(4,3\) .* holds 1/4"):
        IntegerForm(F43, F43.axes, (1,)).verify()


def test_a_form_of_a_wrong_algorithm_is_refused() -> None:
    axis = dataclasses.replace(F43.axes[0], BT=-F43.axes[0].BT)
    with pytest.raises(AlgorithmError, match="not the correlation"):
        integers(dataclasses.replace(F43, axes=(axis,))).verify()


def width(values: Array) -> int:
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
    made, filters, inputs = SMALL[name]
    form = integers(made)
    assert prod(form.divisors) >= 1
    AT, G, BT = ([np.array(getattr(axis, letter).tolist(), dtype=np.int64) for axis in form.axes] for letter in LETTERS)
    g, d = (every(bits, prod(one.shape[1] for one in M)) for bits, M in ((filters, G), (inputs, BT)))
    G_held, U = transformed(G, g.reshape(*(one.shape[1] for one in G), -1))
    BT_held, V = transformed(BT, d.reshape(*(one.shape[1] for one in BT), -1))
    M = U[..., :, None] * V[..., None, :]
    AT_held, y = transformed(AT, M)
    found = form.ranges(filters, inputs, channels, wrap=wrap)
    reached = {
        "G g": U if wrap else G_held,
        "U": U,
        "BT d": V if wrap else BT_held,
        "V": V,
        "U V": M,
        "M": channels * M,
        "AT M": channels * (y if wrap else AT_held),
        "y": channels * y,
    }
    assert [(one.stage, one.least, one.most) for one in found.stages] == [
        (stage, values.min(), values.max()) for stage, values in reached.items()
    ]
    assert [one.bits for one in found.stages] == [width(values) for values in reached.values()]
    assert [one.largest for one in found.stages] == [abs(values).max() for values in reached.values()]
    bits = form.bits(filters, inputs, channels, wrap=wrap)
    assert dataclasses.astuple(bits) == tuple(found[stage].bits for stage in ("G g", "BT d", "M", "AT M"))


def test_wrapping_around_saves_two_bits_of_f43() -> None:
    form = integers(wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞"))
    assert [form.bits(channels=64, wrap=wrap).output for wrap in (False, True)] == [36, 34]


def test_filters_too_long_to_try_all_ends_are_bounded() -> None:
    """Of more than 12 taps the terms are summed up in magnitude, each at the end that suits it."""
    made = wc.algorithm("F(2,13)")
    AT, G, BT = whole(integers(made))
    forms = np.concatenate([np.eye(14, dtype=int), *(np.cumsum(AT[:, :, None] * np.eye(14, dtype=int), axis=1))])
    T = np.einsum("fk,kj,kl->fjl", *(one.astype(object) for one in (forms, G, BT)))
    ranges = integers(made).ranges(2, 2)
    assert ranges["AT M"].most == max((4 * np.maximum(T, 0) - 2 * np.minimum(T, 0)).sum(axis=(1, 2)))
    assert ranges["y"].most == 13 * integers(made).divisor * 4


@pytest.mark.parametrize("wrong", [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_less_than_one_bit_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ShapeError, match="= 0 must be a whole number, at least 1"):
        integers(F43).bits(*wrong)
    assert integers(F43).bits(1, 1, 1).filter == 4
