"""Iterated algorithms: Karatsuba and its relatives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.construct import algorithm
from wincook.construct.make.iterated import iterate, iterated, truncated
from wincook.construct.make.toom_cook import toom_cook
from wincook.errors import AlgorithmError, NotationError, ShapeError
from wincook.points import Points
from wincook.program.interpret import Exact, evaluate_axes
from wincook.program.programs import programs_of
from wincook.tile import Tile


@pytest.mark.slow
@pytest.mark.parametrize("k", range(1, 5))
def test_karatsuba_takes_three_to_the_k_products_and_no_constants(k: int) -> None:
    bilinear = iterated(Tile((2**k,), (2**k,)), (2,) * k)
    assert bilinear.verify().multiplications == 3**k
    for matrix in (bilinear.axes[0].AT, bilinear.axes[0].G, bilinear.axes[0].BT):
        assert set(matrix) <= {-1, 0, 1}


@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(st.integers(2, 3), min_size=1, max_size=2), st.data())
def test_any_tile_that_holds_the_blocks_is_proven(blocks: list[int], data: st.DataObject) -> None:
    step = int(np.prod(blocks))
    large, small = data.draw(st.integers(step, step + 3)), data.draw(st.integers(1, step + 3))
    m, r = data.draw(st.permutations([large, small]))
    bilinear = iterated(Tile((m,), (r,)), blocks)
    assert bilinear.verify().identities == m * r * (m + r - 1)
    outermost = -(-m // step) + -(-r // step) - 1
    assert m + r - 1 <= bilinear.multiplications <= outermost * np.prod([2 * b - 1 for b in blocks])


@pytest.mark.slow
def test_levels_may_be_of_any_points_and_mixed() -> None:
    outer = toom_cook(Tile((3,), (2,)), Points.parse("0, ±√2, ∞"))
    inner = toom_cook(Tile((2,), (2,)), Points.parse("x^2+1, ∞"))
    bilinear = iterate(outer, inner)
    assert bilinear.multiplications == 4 * 4
    assert truncated(bilinear, Tile((6,), (4,))) == bilinear
    direct = algorithm("F(6,4)")
    assert type(direct)(direct.tile, (), (bilinear,)).verify().identities == 6 * 4 * 9


def test_products_of_a_truncated_tile_that_nothing_needs_are_left_out() -> None:
    assert iterated("F(4,4)", (2, 2)).multiplications == 9
    assert iterated("F(4,3)", (2, 2)).multiplications == 8
    assert iterated("F(4,1)", (2,)).multiplications < iterated("F(4,2)", (2,)).multiplications


def test_axes_are_nested() -> None:
    bilinear = iterated("F(4x2,2x4)", (2,))
    assert (
        bilinear.multiplications == iterated("F(4,2)", (2,)).multiplications * iterated("F(2,4)", (2,)).multiplications
    )
    assert bilinear.verify().identities == 2 * 4 * 2 * 5


@pytest.mark.parametrize(("tile", "blocks"), [("F(8,8)", (2, 2)), ("F(7,5)", (3,)), ("F(6,6)", (2, 3))])
def test_iterated_programs_correlate_as_numpy_does(tile: str, blocks: tuple[int, ...]) -> None:
    bilinear = iterated(tile, blocks)
    programs = programs_of(bilinear)
    rng = np.random.default_rng(0)
    d, g = (rng.integers(-(10**6), 10**6, shape) for shape in (bilinear.tile.inputs, bilinear.tile.taps))
    U, V = (
        evaluate_axes(programs.filter, g.astype(object), Exact()),
        evaluate_axes(programs.input, d.astype(object), Exact()),
    )
    assert (evaluate_axes(programs.output, U * V, Exact()) == np.correlate(d, g, mode="valid")).all()


@pytest.mark.parametrize(
    ("tile", "blocks", "message"),
    [
        ("F(4,4)", (1,), "a block = 1 must be a whole number, at least 2"),
        ("F(4,4)", (2, 0), "a block = 0"),
        ("F(4,4)", (), "there are no blocks"),
        ("F(4,4)", (5,), "blocks (5,) hold 5 numbers, more than F(4,4) has; give fewer or smaller"),
        ("F(4,4)", (2, 2, 2), "hold 8 numbers, more than F(4,4)"),
        ("F(4x2,4x2)", (2, 2), "hold 4 numbers, more than F(2,2)"),
    ],
)
def test_blocks_that_do_not_fit_are_named(tile: str, blocks: tuple[int, ...], message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        iterated(tile, blocks)
    assert message in str(caught.value)


def test_an_inner_algorithm_that_is_not_square_is_refused(golden: Golden) -> None:
    inner = algorithm("F(2,3)").axes[0]
    with golden.raises(AlgorithmError, match=r"F\(b,b\).*F\(2,3\)"):
        iterate(algorithm("F(2,2)").axes[0], inner)
    with pytest.raises(NotationError):
        iterated("F(4", (2,))
