"""The proof for every kind of convolution: right ones pass, every mutant is refused."""

from __future__ import annotations

import dataclasses
from typing import get_args

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.make.iterated import iterated
from wincook.construct.residue.modular import modular
from wincook.direct import correlate
from wincook.errors import AlgorithmError
from wincook.proof import Kind, convolution_tensor, ones
from wincook.tile import Tile
from wincook.transforms import Transforms

LETTERS = ("AT", "G", "BT")
ALGORITHMS = {
    "nested": algorithm("F(2x3,3x1)", "0, ±1, ∞; 1, √2, ∞"),
    "complex": algorithm("F(2,3)", "0, ±i, ∞"),
    "symbolic": algorithm("F(2,2)", "a, 1/a, ∞"),
    "joint": algorithm("F(2x2,2x2)", "x^2+1, ∞", joint=True),
    "joint in three axes": algorithm("F(2x1x2,1x2x1)", "x^2+1", joint=True),
    "iterated": iterated("F(4,3)", (2, 2)),
    "transposed": algorithm("F(3,2)").transpose(),
    "joint and transposed": algorithm("F(2x2,2x2)", ["x^2+1, ∞", "x^2+x+1, 0"], joint=True).transpose(),
    "flipped": algorithm("F(2x2,3x2)").flip(),
    "weight gradient": algorithm("F(4,3)").weight_gradient(),
    "modular": modular("F(4,3)", 17),
}


@pytest.mark.parametrize("name", ALGORITHMS)
def test_what_is_right_is_proven(name: str) -> None:
    assert ALGORITHMS[name].verify().multiplications == ALGORITHMS[name].multiplications


def with_entry_changed(matrix: sympy.ImmutableMatrix, data: st.DataObject) -> sympy.ImmutableMatrix:
    row, column = data.draw(st.integers(0, matrix.rows - 1)), data.draw(st.integers(0, matrix.cols - 1))
    entries = matrix.as_mutable()
    entries[row, column] += data.draw(st.sampled_from([1, -1, 2, -3]))
    return sympy.ImmutableMatrix(entries)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALGORITHMS)
@settings(max_examples=15)
@given(data=st.data())
def test_any_changed_entry_is_refused(name: str, data: st.DataObject) -> None:
    base = ALGORITHMS[name]
    place, letter = data.draw(st.integers(0, len(base.axes) - 1)), data.draw(st.sampled_from(LETTERS))
    changed = {letter: with_entry_changed(getattr(base.axes[place], letter), data), f"{letter}_factors": ()}
    mutant = dataclasses.replace(base.axes[place], **changed)
    axes = (*base.axes[:place], mutant, *base.axes[place + 1 :])
    with pytest.raises(AlgorithmError, match=f"not the {base.kind}") as caught:
        dataclasses.replace(base, axes=axes).verify()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["joint", "joint in three axes", "iterated", "joint and transposed"])
@settings(max_examples=15)
@given(data=st.data())
def test_any_changed_factor_is_refused(name: str, data: st.DataObject) -> None:
    axis, letter = ALGORITHMS[name].axes[0], data.draw(st.sampled_from(LETTERS))
    factors = list(getattr(axis, f"{letter}_factors"))
    place = data.draw(st.integers(0, len(factors) - 1))
    factors[place] = with_entry_changed(factors[place], data)
    assume(sympy.prod([sympy.Matrix(factor) for factor in factors]) != sympy.Matrix(getattr(axis, letter)))
    with pytest.raises(AlgorithmError, match=f"the factors of {letter} do not multiply to {letter}"):
        dataclasses.replace(axis, **{f"{letter}_factors": tuple(factors)})


@pytest.mark.parametrize("name", ["transposed", "flipped", "weight gradient", "joint", "modular"])
def test_no_algorithm_is_of_two_kinds(name: str, golden: Golden) -> None:
    base = ALGORITHMS[name]
    for kind in get_args(Kind):
        if kind != base.kind:
            with golden.raises(AlgorithmError, match=f"not the {kind}|must be"):
                dataclasses.replace(base, kind=kind).verify()


def test_places_of_joint_sets_are_named_by_axis(golden: Golden) -> None:
    base = ALGORITHMS["joint"].axes[0]
    mutant = Transforms(base.AT, base.G, sympy.ImmutableMatrix(base.BT[:, [1, 0, *range(2, 9)]]))
    with golden.raises(AlgorithmError, match=r"AT\[0,0,k\]·G\[k,0,0\]·BT\[k,0,0\] = 0.*1.*BT\[k,0,1\] = 1.*0"):
        BilinearAlgorithm(ALGORITHMS["joint"].tile, (), (mutant,)).verify()


@pytest.mark.slow
def test_fractions_that_differ_by_a_unit_are_equal() -> None:
    """sympy does not normalise fractions over Q(√2): √2a/√2b and a/b are different to its eyes."""
    assert algorithm("F(4,3)", "0, ±√2a, ±√2/a, ∞").verify().identities == 72


@pytest.mark.parametrize("text", ["F(4,3)", "F(2x3,3x2)", "F(1,1)"])
def test_the_tensor_of_each_convolution_is_what_numpy_and_the_oracle_compute(text: str) -> None:
    """Σ T[i,j,l] g_j d_l, all axes in one."""
    tile, rng = Tile.parse(text), np.random.default_rng(0)
    g, d, x = (rng.integers(-9, 10, shape) for shape in (tile.taps, tile.inputs, tile.outputs))
    full = np.zeros(tile.inputs, np.int64)
    for place in np.ndindex(*tile.taps):
        full[tuple(slice(j, j + m) for j, m in zip(place, tile.outputs, strict=True))] += g[place] * x
    wanted = {
        "correlation": (d, correlate(d, g)),
        "true convolution": (d, correlate(d, np.flip(g))),
        "linear convolution": (x, full),
    }
    for kind in get_args(Kind):
        read, y = wanted[kind]
        tensor = convolution_tensor(tile, kind)
        np.testing.assert_array_equal(np.einsum("ijl,j,l->i", tensor, g.ravel(), read.ravel()), y.ravel())
        assert [tuple(place) for place in np.argwhere(tensor)] == list(ones(tile, kind))
