"""Matrices of an algorithm as one value: products of sparse factors, transposition, substitution."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy
from sympy.polys.domains import GF, QQ, QQ_I

from tests.golden import Golden
from wincook.construct import algorithm
from wincook.construct.make.iterated import iterated
from wincook.errors import AlgorithmError, PointsError
from wincook.transforms import Transforms, in_one_field

LETTERS = ("AT", "G", "BT")
JOINT = algorithm("F(2x2,2x2)", "x^2+1, ∞", joint=True).axes[0]
ITERATED = iterated("F(4,4)", (2, 2)).axes[0]
PLAIN = algorithm("F(2,3)").axes[0]


def product(axis: Transforms, letter: str) -> sympy.Matrix:
    return sympy.prod([sympy.Matrix(f) for f in getattr(axis, f"{letter}_factors") or (getattr(axis, letter),)])


@pytest.mark.parametrize("axis", [JOINT, ITERATED, PLAIN], ids=["joint", "iterated", "plain"])
@pytest.mark.parametrize("change", [Transforms.transpose, Transforms.exchange, Transforms.flip])
def test_factors_follow_their_matrices(axis: Transforms, change: Callable[[Transforms], Transforms]) -> None:
    changed = change(axis)
    for letter in LETTERS:
        assert product(changed, letter) == sympy.Matrix(getattr(changed, letter))
        assert bool(getattr(changed, f"{letter}_factors")) == bool(axis.BT_factors)
    assert change(changed) == axis
    assert changed != axis


def test_changes_of_places() -> None:
    assert PLAIN.transpose() == Transforms(PLAIN.BT.T, PLAIN.G, PLAIN.AT.T)
    assert PLAIN.exchange() == Transforms(PLAIN.G.T, PLAIN.AT.T, PLAIN.BT)
    assert PLAIN.flip() == Transforms(PLAIN.AT, PLAIN.G[:, ::-1], PLAIN.BT)


def test_one_factor_is_the_matrix_itself() -> None:
    bilinear = Transforms.of_factors((PLAIN.AT,), (PLAIN.G,), (PLAIN.BT, sympy.ImmutableMatrix.eye(4)))
    assert (bilinear.AT_factors, bilinear.G_factors, len(bilinear.BT_factors)) == ((), (), 2)
    assert (bilinear.AT, bilinear.G, bilinear.BT) == (PLAIN.AT, PLAIN.G, PLAIN.BT)


def test_factors_that_do_not_multiply_to_the_matrix_are_refused(golden: Golden) -> None:
    with golden.raises(AlgorithmError):
        Transforms(PLAIN.AT, PLAIN.G, PLAIN.BT, G_factors=(PLAIN.G, 2 * sympy.ImmutableMatrix.eye(3)))
    with golden.raises(AlgorithmError, match=r"\(4.*3\).*\(2.*2\)"):
        Transforms(PLAIN.AT, PLAIN.G, PLAIN.BT, G_factors=(PLAIN.G, sympy.ImmutableMatrix.eye(2)))


def test_matrices_meet_in_one_field() -> None:
    row, root = sympy.ImmutableMatrix([[1, 0]]), sympy.ImmutableMatrix([[sympy.sqrt(2)]])
    assert {matrix.domain for matrix in in_one_field(row)} == {QQ}
    assert {matrix.domain for matrix in in_one_field(row, root)} == {QQ.algebraic_field(sympy.sqrt(2))}
    assert {matrix.domain for matrix in in_one_field(row, sympy.I * row)} == {QQ_I}
    assert in_one_field(row, modulus=7)[0].domain == GF(7)


def test_values_take_the_place_of_symbols_in_matrices_and_factors(golden: Golden) -> None:
    a = sympy.Symbol("a")
    family = algorithm("F(2x1,1x2)", ["a, ∞", "0, ∞"], joint=True).axes[0]
    assert family.free_symbols == {a}
    bilinear = family.at({a: sympy.Integer(3)})
    assert bilinear == algorithm("F(2x1,1x2)", ["3, ∞", "0, ∞"], joint=True).axes[0]
    assert bilinear.free_symbols == set()
    with golden.raises(PointsError, match="a = 1"):
        algorithm("F(2,1)", "a, 1").axes[0].at({a: sympy.Integer(1)})


def test_matrices_without_products_are_refused(golden: Golden) -> None:
    with golden.raises(AlgorithmError):
        Transforms(sympy.zeros(2, 0), sympy.zeros(0, 3), sympy.zeros(0, 4))
