"""Strided algorithms: what they compute, what they take, and what is none."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm, interleave, toom_cook
from wincook.direct import convolve
from wincook.errors import AlgorithmError, WincookError
from wincook.program.interpret import Exact, evaluate_axes
from wincook.program.programs import programs_of
from wincook.tile import Tile

AXES = st.tuples(st.integers(1, 6), st.integers(1, 7), st.integers(2, 3))


def tile_of(axes: list[tuple[int, int, int]]) -> Tile:
    outputs, taps, strides = zip(*axes, strict=True)
    return Tile(outputs, taps, strides)


@pytest.mark.slow
@settings(max_examples=16)
@given(AXES)
def test_an_axis_is_proven_and_takes_the_products_of_its_phases(axis: tuple[int, int, int]) -> None:
    m, r, s = axis
    strided = algorithm(tile_of([axis]))
    phases = [len(range(phase, r, s)) for phase in range(min(r, s))]
    assert strided.multiplications == strided.least_multiplications == sum(m + taps - 1 for taps in phases)
    assert strided.verify().identities == m * r * (s * (m - 1) + r)


@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(st.one_of(AXES, st.tuples(st.integers(1, 3), st.integers(1, 3), st.just(1))), min_size=2, max_size=2))
def test_programs_convolve_with_different_strides_as_the_oracle_does(axes: list[tuple[int, int, int]]) -> None:
    tile = tile_of(axes)
    programs = programs_of(algorithm(tile))
    rng = np.random.default_rng(prod(tile.inputs))
    d, g = (rng.integers(-9, 10, sizes).astype(object) for sizes in (tile.inputs, tile.taps))
    products = evaluate_axes(programs.filter, g, Exact()) * evaluate_axes(programs.input, d, Exact())
    y = evaluate_axes(programs.output, products, Exact())
    assert (y == convolve(d[None, None], g[None, None], stride=tile.strides)[0, 0]).all()


@pytest.mark.parametrize("matrix", ["AT", "G", "BT"])
def test_each_wrong_entry_fails_the_proof(matrix: str) -> None:
    strided = algorithm("F(2,3)/2")
    (axis,) = strided.axes
    entries = getattr(axis, matrix)
    for place in np.ndindex(*entries.shape):
        wrong = entries.as_mutable()
        wrong[place] += 1
        with pytest.raises(AlgorithmError, match=r"not the correlation F\(2,3\)/2"):
            replace(strided, axes=(replace(axis, **{matrix: wrong}),)).verify()


def test_a_right_algorithm_of_another_stride_fails_the_proof() -> None:
    (axis,) = algorithm("F(3,3)/2").axes
    assert axis.tile == Tile((3,), (3,), (2,))
    with pytest.raises(AlgorithmError, match="must be"):
        BilinearAlgorithm(Tile.parse("F(3,3)"), (), (axis,)).verify()


def test_a_plain_phase_has_equal_filters_and_no_constants() -> None:
    (axis,) = algorithm("F(4,3)/2").axes
    rows = axis.G.tolist()
    assert rows[-4:] == [[0, 1, 0]] * 4
    assert [rows.count(row) for row in rows] == [1] * 5 + [4] * 4


def test_phases_may_be_on_any_points() -> None:
    f42, f41 = toom_cook("F(4,2)", "0, ±1, 2, ∞"), algorithm("F(4,3)/2").axes[0]
    plain = interleave([toom_cook("F(4,1)", "0, ±1, ∞")] * 2, 2)
    assert BilinearAlgorithm(Tile.parse("F(4,2)/2"), (), (plain,)).verify().multiplications == 8
    strided = interleave([f42, toom_cook("F(4,1)", "0, ±1, ∞")], 2)
    assert BilinearAlgorithm(Tile.parse("F(4,3)/2"), (), (strided,)).nested(2).verify().multiplications == 81
    assert strided != f41


def test_more_stride_than_taps_leaves_inputs_unread() -> None:
    (axis,) = algorithm("F(3,2)/4").axes
    assert axis.BT.shape == (6, 10)
    assert [any(axis.BT[:, place]) for place in range(10)] == [True, True, False, False] * 2 + [True, True]


def test_the_adjoint_of_a_strided_correlation_spreads_its_input() -> None:
    adjoint = algorithm("F(3,3)/2").transpose()
    assert adjoint.verify().identities == 3 * 3 * 7
    (axis,) = adjoint.axes
    y, g = np.array([2, -3, 5]), np.array([7, 11, -13])
    M = np.array(axis.G, object) @ g * (np.array(axis.BT, object) @ y)
    spread = [2, 0, -3, 0, 5]
    assert (np.array(axis.AT, object) @ M == np.convolve(spread, g)).all()


@pytest.mark.parametrize(
    "tiles", [["F(2,1)", "F(2,2)"], ["F(2,2)", "F(3,1)"], ["F(2,3)", "F(2,1)"], ["F(2,2)"], []], ids=str
)
def test_what_are_no_phases_is_named(tiles: list[str], golden: Golden) -> None:
    with golden.raises(AlgorithmError):
        interleave([algorithm(tile).axes[0] for tile in tiles], 2)


@pytest.mark.parametrize(
    "arguments",
    [{"points": "0, ±1, 2, ∞"}, {"joint": True}, {"extra": 40}, {"format": "float7"}],
    ids=str,
)
def test_what_strided_tiles_do_not_take_is_named(arguments: dict[str, object], golden: Golden) -> None:
    with golden.raises(WincookError):
        algorithm("F(4x4,3x3)/2", **arguments)  # type: ignore[arg-type]
