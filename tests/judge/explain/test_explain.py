"""Mistakes that are put in are named again, entry by entry; what is named is proven by putting it right."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Rational

import wincook as wc
from wincook.judge import Mistake, Repair, judge

Change = tuple[str, int, int, Any]
LETTERS = ("AT", "G", "BT")
AXES = {
    "F(2,3)": wc.algorithm("F(2,3)").axes[0],
    "F(4,3)": wc.algorithm("F(4,3)", "0, ±1, ±2, ∞").axes[0],
    "F(6,3)": wc.algorithm("F(6,3)", "0, ±1, ±2, ±1/2, ∞").axes[0],
}


def with_entries(axis: wc.Transforms, *changes: Change) -> wc.Transforms:
    """The matrices with other values in some entries."""
    matrices: dict[str, Any] = {name: getattr(axis, name).as_mutable() for name in LETTERS}
    for name, row, column, value in changes:
        matrices[name][row, column] = value
    return wc.Transforms(**{name: matrix.as_immutable() for name, matrix in matrices.items()})


def repaired(axis: wc.Transforms, repair: Repair) -> wc.Transforms:
    return with_entries(
        axis, *((mistake.matrix, mistake.row, mistake.column, mistake.right) for mistake in repair.mistakes)
    )


def named(repair: Repair) -> set[Change]:
    return {(mistake.matrix, mistake.row, mistake.column, mistake.right) for mistake in repair.mistakes}


def product_of(change: Change) -> int:
    return change[2] if change[0] == "AT" else change[1]


@st.composite
def mistakes(draw: st.DrawFn, axis: wc.Transforms, number: int, *, apart: bool) -> tuple[Change, ...]:
    """Entries of other values; `apart` if no product is at fault in two matrices."""
    letters = st.sampled_from(LETTERS)
    changes: dict[tuple[str, int, int], Any] = {}
    for _ in range(number):
        name = draw(letters)
        matrix = getattr(axis, name)
        row, column = draw(st.integers(0, matrix.rows - 1)), draw(st.integers(0, matrix.cols - 1))
        right = matrix[row, column]
        changes[name, row, column] = draw(st.sampled_from([-right, 0, 1, 2, Rational(1, 2), Rational(-1, 3)]))
        assume(changes[name, row, column] != right)
    drawn = tuple((*place, value) for place, value in changes.items())
    matrices: dict[int, set[str]] = {}
    for change in drawn:
        matrices.setdefault(product_of(change), set()).add(change[0])
    assume(len(drawn) == number and (not apart or all(len(names) == 1 for names in matrices.values())))
    return drawn


@pytest.mark.slow
@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("tile", AXES)
@settings(max_examples=10)
@given(data=st.data())
def test_few_mistakes_in_any_matrices_are_all_named(data: st.DataObject, tile: str, number: int) -> None:
    """No change of fewer entries is missed either: what is named has at most as many, and is right."""
    axis = AXES[tile]
    changes = data.draw(mistakes(axis, number, apart=True))
    wrong = with_entries(axis, *changes)
    verdict = judge(wrong)
    assume(verdict.wrong)
    assert len(verdict.repairs[0].mistakes) <= number
    for repair in verdict.repairs:
        assert judge(repaired(wrong, repair)).kind == verdict.nearest
    assume((verdict.nearest, verdict.scale) == ("correlation", 1))
    right = {(name, row, column, getattr(axis, name)[row, column]) for name, row, column, _ in changes}
    if len(verdict.repairs[0].mistakes) == number:
        assert right in [named(repair) for repair in verdict.repairs]


def test_two_mistakes_in_a_published_f63() -> None:
    """A sign in BT and a one in AT: data/foreign/paddle.py, in the words of a framework's kernel."""
    axis = AXES["F(6,3)"]
    wrong = with_entries(axis, ("BT", 0, 4, -axis.BT[0, 4]), ("AT", 5, 7, 0))
    verdict = judge(wrong)
    assert verdict.products == (0, 7)
    assert [str(mistake) for mistake in verdict.repairs[0].mistakes] == [
        "AT[5,7] is 0; 1 would make it right",
        f"BT[0,4] is {-axis.BT[0, 4]}; {axis.BT[0, 4]} would make it right",
    ]
    assert len(verdict.repairs) == 1


@pytest.mark.parametrize(
    "changes",
    [
        [("G", 3, 0, 5), ("BT", 3, 1, 7), ("AT", 2, 3, -1)],
        [("G", 3, 0, 5), ("BT", 3, 1, 7)],
        [("G", 3, 0, 5), ("BT", 3, 1, 7), ("AT", 1, 2, 5)],
        [("AT", 2, 4, 5), ("BT", 4, 1, 7), ("G", 1, 2, 5), ("G", 2, 0, -3)],
    ],
    ids=["three vectors", "two vectors", "beside another", "beside two others"],
)
def test_a_product_at_fault_in_several_matrices_is_named_entry_by_entry(changes: list[Change]) -> None:
    axis = AXES["F(4,3)"]
    verdict = judge(with_entries(axis, *changes))
    right = {(name, row, column, getattr(axis, name)[row, column]) for name, row, column, _ in changes}
    assert named(verdict.repairs[0]) == right
    assert len(verdict.repairs) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("tile", AXES)
@pytest.mark.parametrize("beside", [(), ("BT", 1, 1, 5), ("AT", 1, 2, Rational(7, 3)), ("G", 0, 1, 3)], ids=str)
def test_swapped_rows_are_named_beside_other_mistakes(tile: str, name: str, beside: Change) -> None:
    """Rows of G and BT, columns of AT."""
    axis = AXES[tile]
    rows = axis.AT.T if name == "AT" else getattr(axis, name)
    order = [0, 2, 1, *range(3, rows.rows)]
    swapped = rows[order, :]
    matrices = {letter: getattr(axis, letter) for letter in LETTERS} | {name: swapped.T if name == "AT" else swapped}
    wrong = with_entries(wc.Transforms(**matrices), *([beside] if beside else []))
    verdict = judge(wrong)
    assert verdict.repairs
    assert len(verdict.repairs[0].mistakes) <= sum(a != b for a, b in zip(rows, swapped, strict=True)) + bool(beside)
    assert judge(repaired(wrong, verdict.repairs[0])).kind == verdict.nearest


@pytest.mark.slow
@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("tile", AXES)
def test_a_row_of_the_wrong_sign_is_named_beside_another_mistake(tile: str, name: str) -> None:
    """The sign may stand in any vector of the product: all three are told, the one with the fewest entries first."""
    axis = AXES[tile]
    matrix = getattr(axis, name)
    places = [(q, 2) for q in range(matrix.rows)] if name == "AT" else [(2, q) for q in range(matrix.cols)]
    signs = [(name, row, column, -matrix[row, column]) for row, column in places if matrix[row, column]]
    for beside in ([], [("G", 1, 1, Rational(3, 7))]):
        verdict = judge(with_entries(axis, *signs, *beside))
        assert verdict.products == (1, 2) if beside else (2,)
        right = {(letter, row, column, getattr(axis, letter)[row, column]) for letter, row, column, _ in signs + beside}
        assert right in [named(repair) for repair in verdict.repairs]
        sizes = [len(repair.mistakes) for repair in verdict.repairs]
        assert sizes == sorted(sizes)
        if not beside:
            assert [repair.factors for repair in verdict.repairs] == [(-1,)] * 3


def test_equally_small_repairs_are_all_told() -> None:
    """1 in G[0,0] should be 1/4, or the 1 in AT[0,0]: the sums know only of their product."""
    verdict = judge(with_entries(AXES["F(4,3)"], ("G", 0, 0, 1)))
    assert [named(repair) for repair in verdict.repairs[:2]] == [
        {("AT", 0, 0, Rational(1, 4))},
        {("G", 0, 0, Rational(1, 4))},
    ]


def test_a_scale_that_only_mistakes_make_is_not_taken_for_that_of_the_set() -> None:
    """Half of the sums that should be 1 are 3/2."""
    axis = AXES["F(2,3)"]
    verdict = judge(with_entries(axis, ("AT", 0, 1, 2), ("BT", 1, 0, Rational(1, 2))))
    assert verdict.scale == 1
    assert {("AT", 0, 1, 1), ("BT", 1, 0, 0)} in [named(repair) for repair in verdict.repairs]


@pytest.mark.slow
@settings(max_examples=20)
@given(st.data(), st.integers(4, 6))
def test_any_number_of_products_may_be_at_fault_each_in_one_matrix(data: st.DataObject, number: int) -> None:
    """One entry each, the matrices in turn."""
    axis = AXES["F(6,3)"]
    order = data.draw(st.permutations(range(8)))[:number]
    changes: list[Change] = []
    for place, k in enumerate(order):
        name = LETTERS[place % 3]
        matrix = getattr(axis, name)
        q = data.draw(st.integers(0, (matrix.rows if name == "AT" else matrix.cols) - 1))
        row, column = (q, k) if name == "AT" else (k, q)
        changes.append((name, row, column, matrix[row, column] + data.draw(st.sampled_from([1, -2, Rational(3, 5)]))))
    wrong = with_entries(axis, *changes)
    verdict = judge(wrong)
    assert verdict.nearest == "correlation"
    assert len(verdict.repairs[0].mistakes) <= number
    assert judge(repaired(wrong, verdict.repairs[0])).kind == "correlation"


def test_four_products_at_fault_in_all_matrices_are_named() -> None:
    axis = AXES["F(6,3)"]
    changes = [("AT", 2, 1, 5), ("G", 3, 1, 1), ("BT", 4, 2, Rational(1, 3)), ("BT", 6, 5, 9)]
    verdict = judge(with_entries(axis, *changes))
    right = {(name, row, column, getattr(axis, name)[row, column]) for name, row, column, _ in changes}
    assert [named(repair) for repair in verdict.repairs] == [right]


def test_what_no_few_changes_explain_has_no_repair() -> None:
    entries = iter([*range(-7, 8)] * 9)
    axis = AXES["F(4,3)"]
    garbage = wc.Transforms(
        *(
            sympy.ImmutableMatrix(*matrix.shape, [next(entries) for _ in matrix])
            for matrix in (axis.AT, axis.G, axis.BT)
        )
    )
    verdict = judge(garbage)
    assert (verdict.kind, verdict.products, verdict.repairs) == (None, (), ())


@pytest.mark.parametrize("prime", [97, 2**61 - 1, 2**89 - 1])
def test_mistakes_are_named_modulo_primes_of_any_size(prime: int) -> None:
    algorithm = wc.construct.modular("F(3,3)", prime)
    (axis,) = algorithm.axes
    changes = [("G", 1, 0, 5), ("BT", 3, 2, 7), ("AT", 1, 2, 3)]
    wrong = wc.BilinearAlgorithm(algorithm.tile, (), (with_entries(axis, *changes),), algorithm.kind, prime)
    verdict = judge(wrong)
    assert (verdict.inexact, verdict.rounding, verdict.points) == (False, None, None)
    right = {(name, row, column, getattr(axis, name)[row, column]) for name, row, column, _ in changes}
    assert right in [
        {(*entry[:3], entry[3] % prime) for entry in named(repair)} for repair in verdict.repairs
    ] or right in [named(repair) for repair in verdict.repairs]


@pytest.mark.parametrize(
    ("tile", "points"), [("F(2,3)", "0, ±a, ∞"), ("F(4,3)", "0, ±√2/2, ±√2, ∞"), ("F(2,2)", "0, √2*a, ∞")]
)
def test_mistakes_are_named_in_fields_beyond_the_fractions(tile: str, points: str) -> None:
    axis = wc.algorithm(tile, points).axes[0]
    changes = [("G", 1, 0, 5), ("BT", 2, 1, 7)]
    verdict = judge(with_entries(axis, *changes))
    by_matrix: dict[str, Mistake] = {mistake.matrix: mistake for mistake in verdict.repairs[0].mistakes}
    for name, row, column, _ in changes:
        assert (by_matrix[name].row, by_matrix[name].column) == (row, column)
        assert sympy.simplify(by_matrix[name].right - getattr(axis, name)[row, column]) == 0


@pytest.mark.slow
def test_a_joint_set_of_many_products_is_explained() -> None:
    algorithm = wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞; 0, ±1, x^2+1, ∞", joint=True)
    (axis,) = algorithm.axes
    assert axis.multiplications > 36
    axis = wc.Transforms(axis.AT, axis.G, axis.BT)
    changes = [("G", 7, 4, 5), ("BT", 30, 21, 7), ("AT", 3, 12, 3)]
    wrong = with_entries(axis, *changes)
    verdict = judge(wc.BilinearAlgorithm(algorithm.tile, (), (wrong,)))
    right = {(name, row, column, getattr(axis, name)[row, column]) for name, row, column, _ in changes}
    assert right in [named(repair) for repair in verdict.repairs]
