from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Rational, sqrt

import wincook as wc
from tests.golden import Golden
from wincook.construct.make.toom_cook import toom_cook
from wincook.construct.rescale.named import rescale
from wincook.construct.residue.modular import modular
from wincook.errors import AlgorithmError
from wincook.judge import judge, least_wrong
from wincook.points import Points
from wincook.tile import Tile


def changed(axis: wc.Transforms, *changes: tuple[str, int, int, Any]) -> wc.Transforms:
    """The matrices with something added to some entries."""
    matrices: dict[str, Any] = {name: getattr(axis, name).as_mutable() for name in ("AT", "G", "BT")}
    for name, row, column, more in changes:
        matrices[name][row, column] += more
    return wc.Transforms(**{name: matrix.as_immutable() for name, matrix in matrices.items()})


def roots_of_two() -> wc.Transforms:
    """F(4,3) on 0, ±√2/2, ±√2, ∞."""
    points = Points((sympy.Integer(0), sqrt(2) / 2, -sqrt(2) / 2, sqrt(2), -sqrt(2), sympy.oo))
    return toom_cook(Tile((4,), (3,)), points, sympy.QQ.algebraic_field(sqrt(2)))


def test_lavins_matrices_are_a_correlation_on_the_points_he_names(lavin: wc.Transforms) -> None:
    verdict = judge(lavin)
    assert (verdict.kind, verdict.scale, verdict.wrong, verdict.sums) == ("correlation", 1, (), 72)
    assert verdict.points == Points.parse("0, ±1, ±2, ∞")


@pytest.mark.parametrize("tile", ["F(2,3)", "F(4,3)", "F(3,5)", "F(1,3)", "F(6,1)"])
def test_permuted_rescaled_reversed_and_transposed_matrices_are_recognised(tile: str) -> None:
    axis = wc.algorithm(tile).axes[0]
    order = list(range(axis.multiplications))
    random.Random(0).shuffle(order)
    shuffled = wc.Transforms(axis.AT[:, order], axis.G[order, :], axis.BT[order, :])
    scales = [Rational(k + 2, 3) for k in order]
    scaled = rescale(shuffled, scales, scales)
    assert judge(scaled).kind == "correlation"
    seven = replace(scaled, BT=sympy.ImmutableMatrix(7 * scaled.BT))
    assert (judge(seven).kind, judge(seven).scale) == ("correlation", 7)
    if axis.G.cols > 1:
        assert (judge(seven.flip()).kind, judge(seven.flip()).scale) == ("true convolution", 7)
        linear = judge(seven.transpose())
        assert (linear.kind, str(linear.tile), linear.scale) == ("linear convolution", tile, 7)
        assert linear.points == judge(seven).points


@pytest.mark.slow
@settings(max_examples=24)
@given(st.data(), st.sampled_from(["F(2,3)", "F(4,3)", "F(3,2)", "√2", "x^2+1"]))
def test_a_single_wrong_entry_is_named_with_what_would_be_right(data: st.DataObject, which: str) -> None:
    if which == "√2":
        axis = roots_of_two()
    else:
        axis = (wc.algorithm("F(4,3)", "0, ±1, x^2+1, ∞") if which == "x^2+1" else wc.algorithm(which)).axes[0]
    name = data.draw(st.sampled_from(["AT", "G", "BT"]))
    matrix = getattr(axis, name)
    row, column = data.draw(st.integers(0, matrix.rows - 1)), data.draw(st.integers(0, matrix.cols - 1))
    verdict = judge(changed(axis, (name, row, column, data.draw(st.sampled_from([1, -2, Rational(1, 7)])))))
    assert verdict.kind is None
    assert verdict.wrong
    assert verdict.products == (column if name == "AT" else row,)
    assert (name, row, column, matrix[row, column]) in [
        (mistake.matrix, mistake.row, mistake.column, mistake.right)
        for repair in verdict.repairs
        for mistake in repair.mistakes
    ]


def test_every_wrong_sum_is_cut_off() -> None:
    verdict = judge(changed(wc.algorithm("F(2,3)", "0, ±1, ∞").axes[0], ("G", 0, 0, 1)))
    assert [(wrong_sum.place, wrong_sum.value, wrong_sum.right) for wrong_sum in verdict.wrong] == [
        ((0, 0, 0), 0, 1),
        ((0, 0, 2), 1, 0),
    ]
    assert str(verdict.wrong[0]) == "Σ_k AT[0,k] G[k,0] BT[k,0] is 0, not 1"


@pytest.mark.slow
@settings(max_examples=16)
@given(st.data(), st.sampled_from(["AT", "G", "BT"]))
def test_many_wrong_entries_of_one_matrix_are_all_named(data: st.DataObject, name: str) -> None:
    """One matrix follows from the other two; that it is named with all its mistakes is proven by putting them right."""
    axis = wc.algorithm("F(4,3)").axes[0]
    matrix = getattr(axis, name)
    places = st.tuples(st.integers(0, matrix.rows - 1), st.integers(0, matrix.cols - 1))
    drawn = data.draw(st.lists(places, min_size=2, max_size=5, unique=True))
    wrong = changed(axis, *((name, row, column, Rational(row + 1, column + 2)) for row, column in drawn))
    verdict = judge(wrong)
    assume(verdict.scale == 1)  # another scale is right too, where most sums have it
    assert verdict.repairs
    repair = verdict.repairs[0]
    assert len(repair.mistakes) <= len(drawn)
    assert judge(changed(wrong, *((m.matrix, m.row, m.column, m.right - m.value) for m in repair.mistakes))).kind
    assert repair.products == verdict.products


def test_products_of_the_wrong_size_are_cut_off_with_their_factors() -> None:
    """An F(6,3) for training: github.com/jafermarq/WinogradAwareNets, src/winogradUtils.py, commit 4b68948.

    AT = Vᵀ, BT = Sx V⁻ᵀ and G = Sw V, so that Sx Sw should be the unit matrix.
    """
    points = [(0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (Rational(3, 2), 1), (-Rational(3, 2), 1), (1, 0)]
    Sx = [4, -6, -6, 24, 24, 1, -12, -12]
    Sw = [Rational(1, q) for q in (4, -6, -6, 24, 24, -12, -12, 1)]

    def V(columns: int) -> sympy.Matrix:
        return sympy.Matrix([[f**c * g ** (columns - 1 - c) for c in range(columns)] for f, g in points])

    matrices = (V(6).T, sympy.diag(*Sw) * V(3), sympy.diag(*Sx) * V(8).inv().T)
    verdict = judge(wc.Transforms(*map(sympy.ImmutableMatrix, matrices)))
    assert (verdict.kind, verdict.nearest, verdict.products) == (None, "correlation", (5, 7))
    assert verdict.repairs[0].factors == (-12, Rational(-1, 12))
    assert verdict.points == Points.parse("0, ±1, ±2, ±3/2, ∞")


def test_truncated_decimals_are_inexact_and_named_even_in_two_matrices(lavin: wc.Transforms) -> None:
    def cut(entry: Any) -> Any:
        return Rational(int(entry * 10**5), 10**5)

    G = lavin.G.applyfunc(cut)
    verdict = judge(replace(lavin, G=G))
    assert (verdict.kind, verdict.inexact) == (None, True)
    assert {(mistake.row, mistake.column) for mistake in verdict.repairs[0].mistakes} == {
        (k, j) for k in range(6) for j in range(3) if G[k, j] != lavin.G[k, j]
    }
    moved = rescale(lavin, [7, 7, 7, 7, 7, 3], [1] * 6)
    cut_off = judge(wc.Transforms(moved.AT.applyfunc(cut), moved.G.applyfunc(cut), moved.BT))
    assert (cut_off.kind, cut_off.inexact) == (None, True)
    assert {mistake.matrix for mistake in cut_off.repairs[0].mistakes} == {"AT", "G"}


def test_numbers_of_an_algebraic_field_are_judged_exactly() -> None:
    axis = roots_of_two()
    assert str(judge(axis).points) == "0, ±√2/2, ±√2, ∞"
    verdict = judge(changed(axis, ("BT", 1, 1, Rational(1, 10**30))))
    assert verdict.kind is None
    assert verdict.repairs[0].mistakes[0].right == axis.BT[1, 1]
    assert least_wrong(axis) == (0, "correlation")


ALGORITHMS: dict[str, Callable[[], wc.BilinearAlgorithm]] = {
    "joint": lambda: wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True),
    "joint, linear": lambda: wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True).transpose(),
    "residues": lambda: modular("F(3,3)", 97),
    "symbols": lambda: wc.algorithm("F(2,3)", "0, ±a, ∞"),
    "symbols and roots": lambda: wc.algorithm("F(2,2)", "0, √2*a, ∞"),
    "complex": lambda: wc.BilinearAlgorithm(
        Tile((3,), (2,)), (), (toom_cook(Tile((3,), (2,)), Points.parse("0,1,±i")),)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["AT", "G", "BT"])
@pytest.mark.parametrize("which", ALGORITHMS)
def test_what_an_algorithm_says_it_is_is_judged_in_its_own_field(which: str, name: str) -> None:
    """A wrong entry is named with what is right, and so are two in two products where the others determine them."""
    algorithm = ALGORITHMS[which]()
    (axis,) = algorithm.axes
    verdict = judge(algorithm)
    assert (verdict.kind, verdict.tile, verdict.modulus) == (algorithm.kind, algorithm.tile, algorithm.modulus)
    places = [(0, 1), (1, 2)] if name == "AT" else [(1, 0), (2, 1)]
    places = places[: 1 if "joint" in which else 2]
    verdict = judge(replace(algorithm, axes=(changed(axis, *((name, row, column, 5) for row, column in places)),)))
    assert verdict.kind is None
    mistakes = next(repair.mistakes for repair in verdict.repairs if repair.mistakes[0].matrix == name)
    assert [(mistake.row, mistake.column) for mistake in mistakes] == places
    for mistake in mistakes:
        assert sympy.simplify(mistake.right - getattr(axis, name)[mistake.row, mistake.column]) == 0


def test_only_one_set_is_judged_and_its_shape_is_that_of_the_tile(golden: Golden) -> None:
    algorithm = wc.algorithm("F(2x2,3x3)")
    with golden.raises(AlgorithmError, match="2"):
        judge(algorithm)
    with golden.raises(AlgorithmError, match=r"2.*F\(2x2,3x3\).*4.*9.*16"):
        judge(replace(algorithm, axes=algorithm.axes[:1]))
    with golden.raises(AlgorithmError, match="7"):
        judge(wc.BilinearAlgorithm(Tile((2,), (3,)), (), algorithm.axes[:1], modulus=7))


def test_points_show_only_in_toom_cook_algorithms() -> None:
    assert judge(wc.algorithm("F(4,3)", "0, ±1, x^2+1, ∞").axes[0]).points is None
    assert judge(wc.algorithm("F(3,2)", "∞, 1/3, -2, 0").axes[0]).points == Points.parse("∞, 1/3, -2, 0")


def test_what_cannot_be_judged_is_named(golden: Golden) -> None:
    axis = wc.algorithm("F(4,3)").axes[0]
    with golden.raises(AlgorithmError, match=r"6.*5"):
        judge(replace(axis, BT=axis.BT[:, :5]))
    with golden.raises(AlgorithmError):
        judge(replace(axis, BT=axis.BT.applyfunc(sympy.Float)))


@pytest.mark.parametrize("factor", [Rational(101, 100), Rational(99, 100), sympy.Symbol("a")], ids=str)
def test_a_factor_of_all_sums_is_one_however_near_to_1(factor: sympy.Expr) -> None:
    axis = wc.algorithm("F(2,3)").axes[0]
    verdict = judge(wc.Transforms(axis.AT * factor, axis.G, axis.BT))
    assert (verdict.kind, verdict.scale, verdict.wrong) == ("correlation", factor, ())


@pytest.mark.parametrize("zeros", [("AT",), ("G",), ("AT", "G"), ("G", "BT"), ("AT", "BT"), ("AT", "G", "BT")], ids=str)
def test_matrices_of_zeros_are_judged(zeros: tuple[str, ...]) -> None:
    """One matrix follows from the others; two do not, and no sum is right."""
    (axis,) = wc.algorithm("F(2,3)").axes
    blank = {letter: sympy.zeros(*getattr(axis, letter).shape) for letter in zeros}
    verdict = judge(replace(axis, **blank))
    assert (verdict.kind, len(verdict.wrong)) == (None, 6)
    assert len(verdict.repairs) == (len(zeros) == 1)


def test_of_two_explanations_as_short_the_one_without_a_scale_is_given() -> None:
    """F(2,2) with two wrong entries; one of the ways to put it right without a scale takes four."""
    AT, G, BT = [[2, 1, 0], [0, 1, 1]], [[1, 0], [-1, -1], [0, 1]], [[-1, 1, 0], [0, 1, 0], [0, -1, 1]]
    verdict = judge(wc.Transforms(*map(sympy.ImmutableMatrix, (AT, G, BT))))
    assert verdict.scale == 1
    assert {len(repair.mistakes) for repair in verdict.repairs} == {2, 3, 4}
    assert [(mistake.matrix, mistake.row, mistake.column) for mistake in verdict.repairs[0].mistakes] == [
        ("AT", 0, 0),
        ("BT", 1, 1),
    ]
