"""Complex points for real data: three real products for each pair."""

from __future__ import annotations

import pytest
import sympy

from tests.golden import Golden
from wincook.construct import algorithm
from wincook.construct.make.complex_points import real_factors, real_form
from wincook.construct.make.toom_cook import toom_cook
from wincook.errors import PointsError
from wincook.points import Points
from wincook.tile import Tile


def test_a_pair_takes_three_real_products() -> None:
    bilinear = algorithm("F(4,3)", "0, ±1, ±i, ∞")
    assert bilinear.multiplications == 3 + 3 + 1
    assert set(bilinear.axes[0].BT) <= {-2, -1, 0, 1, 2}
    assert algorithm("F(4,3)", "1±2i, -1±2i, 1/2±i").verify().multiplications == 9


def test_the_three_products_are_those_of_gauss() -> None:
    axis = toom_cook(Tile((2,), (1,)), Points.parse("±i"))
    real = real_form(axis)
    for rows, letter in ((real.G, "G"), (real.BT, "BT")):
        plain = sympy.Matrix(getattr(axis, letter).row(0))
        assert sympy.Matrix(rows.row(0)) + sympy.I * sympy.Matrix(rows.row(1)) == plain
        assert rows.row(2) == rows.row(0) + rows.row(1)


def test_points_without_an_imaginary_part_are_left_alone() -> None:
    axis = toom_cook(Tile((2,), (3,)), Points.parse("0, ±1, ∞"))
    assert real_form(axis) is axis


@pytest.mark.parametrize(
    ("points", "factors"),
    [
        ("1, 1±i, ∞", "1, x^2-2x+2, ∞"),
        ("i, 0, -i", "x^2+1, 0"),
        ("±√2i", "x^2+2"),
        ("a±i", "x^2-2a*x+a^2+1"),
        ("(x-i)^2, (x+i)^2", "(x^2+1)^2"),
        ("x^2±i", "x^4+1"),
        ("x^2+1, 2", "x^2+1, 2"),
    ],
)
def test_pairs_become_real_factors(points: str, factors: str) -> None:
    assert real_factors(Points.parse(points)) == Points.parse(factors)


@pytest.mark.parametrize("points", ["i, 0", "1+i, -1+i", "i, -2i", "(x-i)^2, x+i", "x^2+i, x^2-3i", "a+i, b-i"])
def test_a_point_without_its_conjugate_is_named(points: str, golden: Golden) -> None:
    first, *_ = points.split(",")
    with golden.raises(PointsError) as caught:
        real_factors(Points.parse(points))
    assert str(caught.value).startswith(first)
    with golden.raises(PointsError):
        real_form(toom_cook(Tile((Points.parse(points).degree,), (1,)), Points.parse(points)))
