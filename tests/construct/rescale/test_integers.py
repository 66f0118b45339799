"""Integer forms, against integer arithmetic of numpy and against every input of few bits."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from functools import reduce
from math import lcm

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from wincook.arrays import Array
from wincook.construct.rescale.integers import IntegerForm, integers
from wincook.construct.rescale.scale import rescale
from wincook.direct import correlate
from wincook.errors import AlgorithmError, DataError, FormatError, ShapeError
from wincook.transforms import LETTERS, Letter

F43 = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞")


def kronecker_products(form: IntegerForm) -> tuple[Array, Array, Array]:
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
    AT, G, BT = kronecker_products(form)
    rng = np.random.default_rng(0)
    d, g = (rng.integers(-128, 128, shape) for shape in (form.algorithm.tile.inputs, form.algorithm.tile.taps))
    y = AT @ ((G @ g.ravel()) * (BT @ d.ravel()))
    assert (y == form.divisor * correlate(d, g).ravel()).all()


@pytest.mark.slow
@settings(max_examples=24)
@given(st.data(), st.sampled_from(["0, ±1, ±2, ∞", "0, ±5/8, ±3/2, ∞", "1/3, -2, 3/7, 4, 5, 6", "0, ±1, x^2+1, ∞"]))
def test_no_scaling_has_a_smaller_divisor(data: st.DataObject, points: str) -> None:
    """Integer matrices have integer products, so D clears the denominators of every AT[i,k] G[k,j] BT[k,l]."""
    algorithm = wc.algorithm("F(4,3)", points)
    axis = algorithm.axes[0]
    rank = axis.multiplications
    some = st.lists(st.builds(sympy.Rational, st.integers(1, 30), st.integers(1, 30)), min_size=rank, max_size=rank)
    scaled = rescale(axis, data.draw(some), data.draw(some))
    columns = zip(scaled.AT.T.tolist(), scaled.G.tolist(), scaled.BT.tolist(), strict=True)
    least = lcm(*(Fraction(str(a * g * b)).denominator for k in columns for a in k[0] for g in k[1] for b in k[2]))
    form = integers(dataclasses.replace(algorithm, axes=(scaled,)), data.draw(st.sampled_from(LETTERS)))
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
    assert all(
        Fraction(str(c)).denominator == 1 for stage in (programs.input, programs.filter) for c in stage[0].constants
    )


@pytest.mark.slow
@settings(max_examples=24)
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


def test_fractions_are_no_integer_form(golden: Golden) -> None:
    with golden.raises(AlgorithmError, match=r"F\(4,3\).*1/4"):
        IntegerForm(F43, F43.axes, (1,)).verify()


def test_a_form_of_a_wrong_algorithm_is_refused(golden: Golden) -> None:
    axis = dataclasses.replace(F43.axes[0], BT=-F43.axes[0].BT)
    with golden.raises(AlgorithmError):
        integers(dataclasses.replace(F43, axes=(axis,))).verify()


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
    form = integers(wc.algorithm(tile, points))
    rng = np.random.default_rng(0)
    for values in ([-128, 127], [-128], [-1, 0, 1]):
        d = rng.choice(values, (4, *form.algorithm.tile.inputs))
        g = rng.choice(values, (4, *form.algorithm.tile.taps))
        assert (form.convolve(d, g, wrap=wrap) == direct(d, g)).all()


def test_linear_convolutions_and_joint_sets_are_convolved_too() -> None:
    rng = np.random.default_rng(0)
    d, g = rng.integers(-128, 128, (3, 4)), rng.integers(-128, 128, (3, 3))
    linear = integers(wc.algorithm("F(4,3)").transpose())
    assert (linear.convolve(d, g) == sum(np.convolve(d[c], g[c]) for c in range(3))).all()
    joint = integers(wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True))
    d, g = rng.integers(-128, 128, (2, 5, 3, 3)), rng.integers(-128, 128, (1, 5, 2, 2))
    assert [y.tolist() for y in joint.convolve(d, g)] == [direct(image, g[0]).tolist() for image in d]


def test_tiles_without_channels_are_single_ones() -> None:
    form = integers(wc.algorithm("F(2,3)"))
    assert form.convolve(np.array([1, 2, 3, 4]), np.array([1, 0, -1])).tolist() == [-2, -2]


@pytest.mark.slow
@settings(max_examples=12)
@given(data=st.data(), bits=st.integers(1, 16), wrap=st.booleans())
def test_integers_of_any_width_are_convolved(data: st.DataObject, bits: int, wrap: bool) -> None:
    numbers = st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    d, g = (
        np.array(data.draw(st.lists(numbers, min_size=2 * size, max_size=2 * size))).reshape(2, size) for size in (4, 3)
    )
    assert (integers(wc.algorithm("F(2,3)")).convolve(d, g, bits, bits, wrap=wrap) == direct(d, g)).all()


def test_results_come_in_the_words_of_the_output() -> None:
    form = integers(wc.algorithm("F(2x2,3x3)"))
    d, g = np.ones((64, 4, 4), np.int8), np.ones((64, 3, 3), np.int8)
    assert form.convolve(d, g).dtype == np.int32
    assert form.widths(channels=64).words.output == 32


def test_words_too_narrow_give_wrong_results(golden: Golden) -> None:
    """The mutant: the same algorithm for data of fewer bits, and what it would make of wider data."""
    d, g = np.full((1, 4), 127), np.full((1, 3), 127)
    form = integers(wc.algorithm("F(2,3)"))
    assert form.widths(4, 4).words.accumulate == 16
    with golden.raises(DataError, match=r"127.*-8\.\.7"):
        form.convolve(d, g, 4, 4)
    wrapped = (d[0, :3].astype(np.int16) * g[0].astype(np.int16)).sum(dtype=np.int16)
    assert wrapped != 3 * 127**2 == form.convolve(d, g)[0]


def test_a_word_too_narrow_for_sums_on_the_way_is_enough_if_they_wrap() -> None:
    form = integers(wc.algorithm("F(4x4,3x3)", "0,±1,±2,∞"))
    words = [form.widths(7, 7, channels, wrap=wrap).words.output for channels in (16, 32) for wrap in (False, True)]
    assert words == [32, 32, 64, 32]
    d, g = np.full((32, 6, 6), -64), np.full((32, 3, 3), -64)
    y = form.convolve(d, g, 7, 7, wrap=True)
    assert y.dtype == np.int32
    assert (y == direct(d, g)).all()


def test_data_that_do_not_fit_are_refused(golden: Golden) -> None:
    form = integers(wc.algorithm("F(2,3)"))
    d, g = np.zeros((1, 4), int), np.zeros((1, 3), int)
    with golden.raises(DataError, match="float64"):
        form.convolve(d.astype(float), g)
    with golden.raises(DataError, match=r"-129.*-128\.\.127"):
        form.convolve(d - 129, g)
    with golden.raises(ShapeError):
        form.convolve(d, g[:, :2])
    with golden.raises(ShapeError):
        form.convolve(np.zeros((2, 4), int), g)
    with golden.raises(ShapeError, match=r"\(5,\).*\(4,\)"):
        form.convolve(np.zeros((5, 2, 4), int), np.zeros((4, 2, 3), int))
    with golden.raises(FormatError):
        integers(wc.algorithm("F(10x10,3x3)", wc.Points.default(12))).convolve(
            np.zeros((64, 12, 12), int), np.zeros((64, 3, 3), int)
        )


def test_sets_that_are_not_rational_have_no_integer_form(golden: Golden) -> None:
    with golden.raises(AlgorithmError):
        integers(wc.algorithm("F(2,3)", "0,±√2,∞"))
    with golden.raises(AlgorithmError):
        integers(wc.construct.modular("F(2,3)", 17))
