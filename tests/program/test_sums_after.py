"""What `show --after` prints: sums that apply the matrices of the algorithm, of the right step."""

from __future__ import annotations

import pytest

import wincook as wc
from tests.golden import Golden
from wincook.errors import NotationError
from wincook.program.cost import cost
from wincook.program.passes.rows import share_rows
from wincook.program.programs import exact
from wincook.program.style import PASSES, Style
from wincook.program.sums import dot_products, matrix_of_sums
from wincook.program.sums_after import STEPS, sums_after

F43 = wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞")


@pytest.mark.parametrize("step", STEPS)
def test_all_transforms_are_shown_after_any_step(step: str) -> None:
    shown = sums_after(F43, step, Style("additions"))
    axis = F43.axes[0]
    assert [str(sums.transform) for sums in shown] == ["U 6x3", "V 6x6", "y 4x6"]
    assert [matrix_of_sums(sums.sums) for sums in shown] == [exact(matrix) for matrix in (axis.G, axis.BT, axis.AT)]


def test_the_sums_are_those_of_the_step() -> None:
    first = sums_after(F43, "dot products")[0].sums
    assert first == dot_products(exact(F43.axes[0].G))
    assert sums_after(F43, "share ± rows")[0].sums == share_rows(PASSES["share ± columns"](first))


def test_the_cost_is_that_of_the_program_if_no_pass_came_after() -> None:
    """Each pass of the chain saves additions here, and the last step is the program itself."""
    chain = ("dot products", "share ± columns", "share ± rows", "factor")
    of_input = [sums_after(F43, step)[1].cost for step in chain]
    assert [counted.sums for counted in of_input] == sorted((counted.sums for counted in of_input), reverse=True)
    assert of_input[0].sums == 6 * 5 - sum(entry == 0 for row in exact(F43.axes[0].BT) for entry in row)
    assert of_input[-1] == cost(wc.programs_of(F43).input[0])


def test_axes_that_differ_are_all_shown() -> None:
    shown = sums_after(wc.algorithm("F(2x4,3x3)"), "factor")
    assert [str(sums.transform) for sums in shown] == ["U 4x3", "U 6x3", "V 4x4", "V 6x6", "y 2x4", "y 4x6"]


def test_plus_minus_may_be_written_in_ascii() -> None:
    assert sums_after("F(2,3)", "share +- rows") == sums_after("F(2,3)", "share ± rows")


def test_matrices_that_are_products_are_shown_one_by_one() -> None:
    changed = wc.construct.change_basis(wc.algorithm("F(4,3)"), "legendre")
    of_input = [sums for sums in sums_after(changed, "factor") if sums.transform.target == "V"]
    assert [sums.transform.matrix for sums in of_input] == [
        exact(factor) for factor in reversed(changed.axes[0].BT_factors)
    ]


def test_a_pass_that_is_not_there_is_named(golden: Golden) -> None:
    with golden.raises(NotationError, match="'share'"):
        sums_after(F43, "share")
    with golden.raises(NotationError, match="'share lines'"):
        sums_after(F43, "share lines")
    with golden.raises(NotationError):
        sums_after(F43, None)  # type: ignore[arg-type]
