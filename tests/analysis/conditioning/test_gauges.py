from __future__ import annotations

import numpy as np
import pytest
import sympy

import wincook as wc
from tests.golden import Golden
from tests.hang import at_once
from tests.near import near
from wincook.analysis.conditioning.condition import condition
from wincook.analysis.conditioning.gauges import gauged_conditions
from wincook.analysis.conditioning.vandermonde import vandermonde
from wincook.errors import PointsError
from wincook.points import Points

NOVA = "0, ±2/5, ±5/6, ±1, ±7/6, ∞"


def test_published_condition_numbers_of_vandermonde_matrices() -> None:
    """NOVA, arXiv 2512.18453: 2·10⁵ becomes 474.1, 415.3 times less; in 2-D 172484 times."""
    before, after = (
        condition(vandermonde(Points.parse(points), infinity=False)).kappa_2
        for points in ("0, ±1, ±2, ±3, ±4, ∞", NOVA)
    )
    assert (round(before, -2), round(after, 1)) == (196900, 474.1)
    assert (round(before / after, 1), int((before / after) ** 2)) == (415.3, 172484)


def test_vandermonde_is_numpys_and_infinity_the_last_coefficient() -> None:
    nodes = [0.0, 1.0, -1.0, 0.5]
    points = Points.parse("0, ±1, 1/2, ∞")
    finite = np.array(vandermonde(points, infinity=False).tolist(), dtype=float)
    square = np.array(vandermonde(points).tolist(), dtype=float)
    assert (finite == np.vander(nodes, increasing=True)).all()
    assert (square[:-1] == np.vander(nodes, 5, increasing=True)).all()
    assert square[-1].tolist() == [0, 0, 0, 0, 1]


def test_without_infinity_both_are_the_same() -> None:
    points = Points.parse("0, ±√2, 3")
    assert vandermonde(points) == vandermonde(points, infinity=False)
    assert vandermonde(points)[1, 2] == sympy.Integer(2)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ("0, ±1, x^2+1, ∞", "x^2+1 is a factor"),
        ("(x)^2, 1, ∞", "is a factor"),
        ("0, ±i, ∞", "i is complex"),
        ("∞", "has no finite points"),
    ],
    ids=["factor", "power", "complex", "infinity"],
)
def test_where_there_is_no_vandermonde_matrix_the_reason_is_told(points: str, reason: str, golden: Golden) -> None:
    with golden.raises(PointsError, match=r"no (real )?Vandermonde matrix"):
        vandermonde(Points.parse(points), infinity=False)
    tile = f"F({Points.parse(points).degree},1)"
    gauged = gauged_conditions(wc.algorithm(tile, points))
    assert gauged.vandermonde is None
    assert gauged.vandermonde_finite is None
    assert reason in gauged.without_vandermonde


def test_gauges_change_the_numbers_but_no_row_norms_are_left_unequal() -> None:
    gauged = gauged_conditions(wc.algorithm("F(4x6,3x3)", ("0, ±1, ±2, ∞", "0, ±1, ±2, ±1/2, ∞")))
    assert gauged.equal.G.norm_inf == gauged.equal.BT.norm_inf == 1.0
    assert gauged.equal.product.kappa_inf < gauged.raw.product.kappa_inf
    assert gauged.vandermonde is not None
    first, second = (
        np.linalg.cond(np.array(vandermonde(points).tolist(), dtype=float)) for points in gauged.algorithm.points
    )
    assert gauged.vandermonde.kappa_2 == near(first * second, rel=1e-9)


@pytest.mark.slow
def test_joint_sets_and_algebraic_points() -> None:
    joint = gauged_conditions(wc.algorithm("F(2x2,3x3)", "0, 1, x^2+1", joint=True))
    BT = np.array(joint.algorithm.axes[0].BT.tolist(), dtype=float)
    assert joint.raw.BT.kappa_2 == near(np.linalg.cond(BT), rel=1e-9)
    roots = gauged_conditions(wc.algorithm("F(4,3)", "0, ±√2, ±√2/2, ∞"))
    assert roots.equal.BT.norm_inf == pytest.approx(1, abs=1e-5)
    assert roots.vandermonde is not None


@pytest.mark.slow
def test_a_large_tile_is_quick() -> None:
    with at_once():
        assert gauged_conditions(wc.algorithm("F(20,3)")).raw.product.kappa_2 > 1e21
