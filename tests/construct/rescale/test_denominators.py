from __future__ import annotations

import dataclasses
from math import gcd

import pytest
import sympy

import wincook as wc
from tests.golden import Golden
from wincook.construct.rescale.denominators import denominators_in
from wincook.construct.rescale.scale import rescale
from wincook.errors import AlgorithmError, NotationError
from wincook.transforms import LETTERS, Letter

ALGORITHMS = [
    wc.algorithm("F(4,3)", "0, ±1, ±2, ∞"),
    wc.algorithm("F(4x2,3x3)", "0, ±5/8, ±3/2, ∞; 0, x^2+1/4, ∞"),
    wc.algorithm("F(3,1)", "0, ±1"),
    wc.algorithm("F(2,3)").transpose(),
]


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=str)
def test_two_matrices_are_integer_and_primitive(algorithm: wc.BilinearAlgorithm, letter: Letter) -> None:
    moved = denominators_in(algorithm, letter)
    moved.verify()
    assert moved.kind == algorithm.kind
    for before, axis in zip(algorithm.axes, moved.axes, strict=True):
        for name in LETTERS:
            assert getattr(before, name).applyfunc(sympy.sign) == getattr(axis, name).applyfunc(sympy.sign)
        rows = {"AT": axis.AT.T, "G": axis.G, "BT": axis.BT}
        del rows[letter]
        for matrix in rows.values():
            assert all(entry.is_Integer for entry in matrix)
            assert {gcd(*(int(entry) for entry in matrix.row(k))) for k in range(matrix.rows)} == {1}


def test_lavins_matrices_have_their_fractions_in_the_filter(lavin: wc.Transforms) -> None:
    published = wc.BilinearAlgorithm(wc.Tile.parse("F(4,3)"), (), (lavin,))
    assert denominators_in(published, "G") == published
    scattered = rescale(
        lavin, [sympy.Rational(1, k + 2) for k in range(6)], [sympy.Rational(7, k + 1) for k in range(6)]
    )
    assert denominators_in(dataclasses.replace(published, axes=(scattered,)), "G") == published
    output = denominators_in(published, "AT").axes[0]
    assert (output.AT[3, 3], output.AT[0, 0], list(output.G.row(3))) == (
        sympy.Rational(1, 3),
        sympy.Rational(1, 4),
        [1, 2, 4],
    )


def test_zeros_alone_stay() -> None:
    zero, nonzero = (sympy.ImmutableMatrix([[entry]]) for entry in (0, sympy.Rational(2, 3)))
    algorithm = wc.BilinearAlgorithm(wc.Tile.parse("F(1,1)"), (), (wc.Transforms(nonzero, zero, nonzero),))
    assert denominators_in(algorithm, "AT").axes[0] == wc.Transforms(
        nonzero * sympy.Rational(2, 3), zero, nonzero / nonzero[0]
    )


def test_what_is_not_rational_is_refused(golden: Golden) -> None:
    algorithm = wc.algorithm("F(1,1)")
    root = dataclasses.replace(algorithm, axes=(rescale(algorithm.axes[0], [1], [sympy.sqrt(2)]),))
    with golden.raises(AlgorithmError, match=r"F\(1,1\).*sqrt\(2\)/2"):
        denominators_in(root, "G")
    with golden.raises(AlgorithmError, match="7"):
        denominators_in(dataclasses.replace(algorithm, modulus=7), "G")
    with golden.raises(NotationError, match="'A'"):
        denominators_in(algorithm, "A")  # type: ignore[arg-type]
