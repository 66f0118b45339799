"""Sets rounded to formats and to decimals are recognised; the formats here are numpy's own and ml_dtypes'."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import ImmutableMatrix, Matrix, Rational, zeros

import wincook as wc
from wincook.construct.rescale.named import rescale
from wincook.judge import judge
from wincook.judge.identify.interval import simplest_between
from wincook.judge.identify.rounded import rounding
from wincook.judge.tensor import Aim

Rounded = Callable[[Any], Any]


def as_float(dtype: Any) -> Rounded:
    return lambda entry: Rational(*float(dtype(float(entry))).as_integer_ratio())


def decimals(number: int, how: str = ROUND_HALF_EVEN) -> Rounded:
    def rounded(entry: Any) -> Any:
        wide = Decimal(int(entry.p)) / Decimal(int(entry.q))
        return Rational(str(wide.quantize(Decimal(1).scaleb(-number), how)))

    return rounded


def digits(number: int) -> Rounded:
    return lambda entry: Rational(str(Context(number).create_decimal(Decimal(int(entry.p)) / Decimal(int(entry.q)))))


def every(axis: wc.Transforms, rounded: Rounded) -> wc.Transforms:
    return wc.Transforms(*(matrix.applyfunc(rounded) for matrix in (axis.AT, axis.G, axis.BT)))


SETS = {
    "F(4,3)": ("F(4,3)", "0, ±1, ±2, ∞"),
    "F(4,3), rounding everywhere": ("F(4,3)", "0, ±1/3, ±3, ∞"),
    "F(4,3), good points": ("F(4,3)", "0, ±5/8, ±3/2, ∞"),
    "F(6,3)": ("F(6,3)", "0, ±1, ±2, ±1/2, ∞"),
    "F(8,3)": ("F(8,3)", "0, ±1, ±1/2, ±2, -1/4, 4, ∞"),
}
ROUNDINGS: dict[str, Rounded] = {
    "bfloat16": as_float(ml_dtypes.bfloat16),
    "float16": as_float(np.float16),
    "float32": as_float(np.float32),
    "4 decimals": decimals(4),
    "4 digits": digits(4),
    "4 decimals, cut off": decimals(4, ROUND_DOWN),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ROUNDINGS)
@pytest.mark.parametrize("which", SETS)
def test_a_rounded_set_is_called_that_and_the_exact_one_is_found(which: str, name: str) -> None:
    tile, points = SETS[which]
    axis = wc.algorithm(tile, points).axes[0]
    verdict = judge(every(axis, ROUNDINGS[name]))
    assert verdict.rounding is not None
    assert verdict.rounding.exact == axis
    assert str(verdict.points) == str(wc.algorithm(tile, points).points[0])
    assert (verdict.kind, verdict.inexact) == (None, True)
    same_here = which == "F(4,3), rounding everywhere" and name == "4 decimals, cut off"  # of 1/3, 1/9 and 1/27
    assert str(verdict.rounding) == f"rounded to {'4 decimals' if same_here else name}"
    differing = sum(a != b for a, b in zip(every(axis, ROUNDINGS[name]).G, axis.G, strict=True))
    assert sum(mistake.matrix == "G" for mistake in verdict.repairs[0].mistakes) == differing


@pytest.mark.parametrize("form", ["flip", "transpose"])
def test_so_are_sets_of_other_kinds(form: str) -> None:
    algorithm = getattr(wc.algorithm("F(4,3)", "0, ±1/3, ±3, ∞"), form)()
    verdict = judge(every(algorithm.axes[0], ROUNDINGS["bfloat16"]))
    assert verdict.nearest == algorithm.kind
    assert verdict.rounding is not None
    assert verdict.rounding.exact == algorithm.axes[0]


@pytest.mark.slow
def test_so_are_sets_of_other_scales_and_factors() -> None:
    f63 = wc.algorithm("F(6,3)", "0, ±1, ±2, ±1/2, ∞").axes[0]
    scaled = rescale(f63, [Rational(-2, 9), *[3] * 7], [1, *[Rational(1, 3)] * 7])
    for axis in (scaled, wc.algorithm("F(6,3)", "0, ±1/3, 2, -3, x^2+1, ∞").axes[0]):
        verdict = judge(every(axis, ROUNDINGS["float16"]))
        assert verdict.rounding is not None
        assert verdict.rounding.exact == axis


@pytest.mark.slow
def test_matrices_rounded_in_different_ways_are_told_one_by_one() -> None:
    axis = wc.algorithm("F(4,3)", "0, ±1/3, ±3, ∞").axes[0]
    float16, four = (every(axis, ROUNDINGS[name]) for name in ("float16", "4 decimals"))
    verdict = judge(wc.Transforms(axis.AT, float16.G, four.BT))
    assert str(verdict.rounding) == "with G rounded to float16, BT rounded to 4 decimals"
    f63 = wc.algorithm("F(6,3)", "0, ±1, ±2, ±1/2, ∞").axes[0]  # of whose AT 1/32 has more decimals
    verdict = judge(wc.Transforms(f63.AT, every(f63, ROUNDINGS["4 decimals"]).G, f63.BT))
    assert str(verdict.rounding) == "with G rounded to 4 decimals"
    verdict = judge(wc.Transforms(f63.AT, every(f63, ROUNDINGS["bfloat16"]).G, f63.BT))
    assert str(verdict.rounding) == "rounded to bfloat16"  # which holds all of AT and BT


@pytest.mark.slow
def test_mistakes_are_not_called_rounding() -> None:
    """One of the entries of a rounded set is another number; one of an exact set is a number near."""
    axis = wc.algorithm("F(6,3)", "0, ±1, ±2, ±1/2, ∞").axes[0]
    rounded = every(axis, ROUNDINGS["bfloat16"])
    G = rounded.G.as_mutable()
    G[1, 1] += Rational(1, 1024)
    assert judge(wc.Transforms(rounded.AT, G.as_immutable(), rounded.BT)).rounding is None
    G = axis.G.as_mutable()
    G[1, 1] = Rational(-22, 100)
    verdict = judge(wc.Transforms(axis.AT, G.as_immutable(), axis.BT))
    assert (verdict.rounding, len(verdict.repairs[0].mistakes)) == (None, 1)
    BT = axis.BT.as_mutable()
    BT[0, 4] = -BT[0, 4]
    assert judge(wc.Transforms(axis.AT, axis.G, BT.as_immutable())).rounding is None


@pytest.mark.slow
@given(st.fractions(-20, 20, max_denominator=200), st.fractions(0, 2, max_denominator=200))
def test_the_simplest_fraction_between_two_has_the_smallest_denominator(low: Fraction, width: Fraction) -> None:
    high = low + width
    simplest = simplest_between(low, high)
    assert low <= simplest <= high
    smaller = (Fraction(-(-low.numerator * q // low.denominator), q) for q in range(1, simplest.denominator))
    assert all(number > high for number in smaller)
    assert not (abs(simplest) > 1 and low <= simplest - (1 if simplest > 0 else -1) <= high)


@pytest.mark.parametrize("points", ["0, ±1, 1000/999, 3, ∞", "0, ±1, 700/699, -3, ∞"])
def test_fractions_beside_rounded_decimals_are_kept_to_the_last_place(points: str) -> None:
    """G has four decimals; 1000/999 in the others is no 1, though it is as near as float16 comes."""
    axis = wc.algorithm("F(4,3)", points).axes[0]
    given_set = wc.Transforms(axis.AT, every(axis, ROUNDINGS["4 decimals"]).G, axis.BT)
    found = rounding(given_set, Aim("correlation", wc.Tile.parse("F(4,3)")), ())
    assert found is not None
    assert (found.exact, str(found)) == (axis, "with G rounded to 4 decimals")


@pytest.mark.parametrize("tile", ["F(4x1,3x1)", "F(1x4,1x3)"])
def test_joint_sets_with_an_axis_of_one_are_found_on_points_too(tile: str) -> None:
    axis = wc.algorithm("F(4,3)", "0, ±1/3, ±3, ∞").axes[0]
    joint = wc.BilinearAlgorithm(wc.Tile.parse(tile), (), (every(axis, ROUNDINGS["bfloat16"]),))
    verdict = judge(joint)
    assert str(verdict.rounding) == "rounded to bfloat16"
    assert verdict.rounding is not None
    assert verdict.rounding.exact == axis


@pytest.mark.slow
def test_rounded_sets_with_a_product_that_is_not_used_are_judged() -> None:
    axis = wc.algorithm("F(4,3)", "0, ±1/3, ±3, ∞").axes[0]
    AT, G, BT = (
        axis.AT.row_join(Matrix([1, 2, 4, 8])),
        axis.G.col_join(Matrix([[1, 2, 4]])),
        axis.BT.col_join(zeros(1, 6)),
    )
    unused = wc.Transforms(*(ImmutableMatrix(matrix) for matrix in (AT, G, BT)))
    verdict = judge(every(unused, ROUNDINGS["bfloat16"]))
    assert (verdict.kind, verdict.nearest, verdict.rounding) == (None, "correlation", None)
