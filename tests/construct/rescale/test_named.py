"""All gauges that have names: the same products, term by term, whatever the algorithm."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from wincook.arrays import Array
from wincook.construct.rescale.basis import change_basis
from wincook.construct.rescale.named import GAUGES, gauge
from wincook.errors import NotationError

POINTS = ["0", "1", "-1", "2", "-1/2", "5/8", "-7/3", "x^2+1", "x^2+x+1", "x^3-2", "(x-3)^2", "∞"]


@st.composite
def algorithms(draw: st.DrawFn) -> wc.BilinearAlgorithm:
    """One or two axes on any points, of every kind."""
    outputs, taps, sets = [], [], []
    for _ in range(draw(st.integers(1, 2))):
        points = ", ".join(draw(st.lists(st.sampled_from(POINTS), min_size=1, max_size=3, unique=True)))
        n = wc.Points.parse(points).degree
        r = draw(st.integers(1, n))
        outputs.append(n + 1 - r)
        taps.append(r)
        sets.append(points)
    algorithm = wc.algorithm(wc.Tile(tuple(outputs), tuple(taps)), sets)
    return draw(st.sampled_from([algorithm, algorithm.flip(), algorithm.transpose()]))


def terms(axis: wc.Transforms) -> Array:
    """AT[i,k] G[k,j] BT[k,l], indexed [k, i, j, l]."""
    AT, G, BT = (np.array(matrix.tolist(), dtype=object) for matrix in (axis.AT, axis.G, axis.BT))
    return np.asarray(np.einsum("ik,kj,kl->kijl", AT, G, BT))


@pytest.mark.slow
@settings(max_examples=16)
@given(algorithms(), st.sampled_from(sorted(GAUGES)), st.booleans())
def test_every_gauge_leaves_every_product_what_it_was(
    algorithm: wc.BilinearAlgorithm, name: str, factored: bool
) -> None:
    start = change_basis(algorithm, "legendre") if factored else algorithm
    changed = gauge(start, name)
    changed.verify()
    assert dataclasses.replace(changed, axes=algorithm.axes) == algorithm
    for before, after in zip(algorithm.axes, changed.axes, strict=True):
        assert (terms(before) == terms(after)).all()
    assert gauge(changed, name).axes == changed.axes
    wc.programs_of(changed)


def test_unknown_gauges_are_refused_with_the_known_ones(golden: Golden) -> None:
    with golden.raises(NotationError, match="'best'"):
        gauge(wc.algorithm("F(2,3)"), "best")


@pytest.mark.parametrize("name", GAUGES)
def test_the_predicted_error_is_the_measured_one_in_every_gauge(name: str) -> None:
    algorithm = gauge(wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞"), name)
    report = wc.analyse(algorithm, format="float32", channels=16, samples=200, seed=0)
    assert 0.9 < report.predicted.rms / report.measured.rms < 1.1
