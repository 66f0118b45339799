"""Algorithms over Q(√2), Q(i), Q(a) and what these make together: proven, counted, and specialised."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import get_args

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.make.product_rule import RuleName
from wincook.construct.residue.modular import modular
from wincook.direct import correlate
from wincook.errors import AlgorithmError, NotationError, PointsError, WincookError
from wincook.factor import Factor
from wincook.points import Points
from wincook.program.interpret import Exact, evaluate_axes
from wincook.program.programs import programs_of
from wincook.tile import Tile

# In each pool, items of one line have roots in common: a set takes at most one of a line.
RATIONAL = [
    ["0", "(x)^2"],
    ["∞", "∞^2", "∞^3"],
    ["1", "(x-1)^2"],
    ["-1/2"],
    ["x^2+1", "(x^2+1)^2"],
    ["x^2+x+1"],
    ["x^3-2"],
]
POOLS = {
    "rational": [*RATIONAL, ["x^4+1"], ["2/3", "(x-2/3)^3"]],
    "√2": [*RATIONAL, ["√2", "(x-√2)^2"], ["-√2/2"], ["1+√2"], ["x^2-√2x+1", "x^4+1"], ["x^2-√2"]],
    "√3": [*RATIONAL, ["√3/3"], ["-√3", "(x+√3)^2"], ["x^2-√3x+1", "x^4-x^2+1"]],
    "golden ratio": [*RATIONAL, ["(1+√5)/2", "x^2-x-1"], ["2/(1-√5)"], ["x^2+(1+√5)/2x+1"]],
    "√2, √3": [*RATIONAL[:3], ["√2"], ["√3/2"], ["√6"], ["x^2-√3"]],
    "√√2": [*RATIONAL[:3], ["√√2", "x^2-√2"], ["√2", "x^2-2"]],
    "i": [*RATIONAL[:4], ["±i", "x^2+1", "(x-i)^2, (x+i)^2"], ["1±i"], ["-1/2±2i"], ["x^2±i"]],
    "√2, i": [*RATIONAL[:3], ["√2"], ["±√2i"], ["1/2±i"]],
    "a": [*RATIONAL, ["a", "(x-a)^2"], ["1/a"], ["a/2-1"], ["x^2+a"]],
    "a, b": [*RATIONAL[:3], ["a"], ["-b", "(x+b)^2"], ["1/(a+b)"], ["x^2+a·x+b"]],
    "a, √2": [*RATIONAL[:3], ["√2a"], ["√2/a"], ["a+√2"]],
    "a, i": [*RATIONAL[:3], ["a±i"], ["±2i"]],
}
SLOW = {"√2, √3", "√√2", "√2, i", "a, √2"}
DEGREES = {pool: 3 if pool in SLOW else 4 for pool in POOLS} | {"rational": 9, "i": 6}


@st.composite
def factor_sets(draw: st.DrawFn, pool: str) -> Points:
    """Items of a pool in any order, up to the degree that its arithmetic allows."""
    chosen: list[str] = []
    left = DEGREES[pool]
    for line in draw(st.permutations(POOLS[pool])):
        words = draw(st.sampled_from(line))
        if degree(words) <= left:
            left -= degree(words)
            chosen.append(words)
    return Points.parse(", ".join(chosen))


@cache
def degree(words: str) -> int:
    return Points.parse(words).degree


def has_imaginary(item: sympy.Expr | Factor) -> bool:
    return bool((item.base if isinstance(item, Factor) else item).has(sympy.I))


def products(points: Points, rule: RuleName) -> int:
    """What the books count: d² or 2d - 1 for a factor, three real products for a pair of complex ones."""
    total = Fraction(0)
    for item in points:
        d = item.degree if isinstance(item, Factor) else 1
        total += (d * d if rule == "schoolbook" else 2 * d - 1) * (Fraction(3, 2) if has_imaginary(item) else 1)
    return int(total)


@pytest.mark.slow
@pytest.mark.parametrize("pool", POOLS)
@settings(max_examples=8)
@given(data=st.data())
def test_sets_over_any_field_give_convolutions(pool: str, data: st.DataObject) -> None:
    points = data.draw(factor_sets(pool))
    n = points.degree
    r = data.draw(st.integers(1, n))
    rule = data.draw(st.sampled_from(get_args(RuleName)))
    bilinear = algorithm(Tile((n + 1 - r,), (r,)), points, rule)
    assert bilinear.verify().identities == n * r * (n + 1 - r)
    assert bilinear.multiplications == products(points, rule)
    assert not any(matrix.has(sympy.I) for matrix in (bilinear.axes[0].AT, bilinear.axes[0].G, bilinear.axes[0].BT))


@pytest.mark.slow
@settings(max_examples=12)
@given(st.integers(1, 4), st.data())
def test_nested_sets_of_up_to_four_axes_give_convolutions(dimension: int, data: st.DataObject) -> None:
    sets = [data.draw(factor_sets(data.draw(st.sampled_from(["rational", "rational", "i"])))) for _ in range(dimension)]
    taps = [data.draw(st.integers(1, points.degree)) for points in sets]
    tile = Tile(tuple(points.degree + 1 - r for points, r in zip(sets, taps, strict=True)), tuple(taps))
    bilinear = algorithm(tile, sets)
    assert bilinear.verify().multiplications == np.prod([products(points, "toom-cook") for points in sets])


@pytest.mark.slow
@settings(max_examples=24)
@given(st.integers(2, 4), st.sampled_from([11, 13, 257, 65537]), st.data())
def test_nested_sets_modulo_a_prime_give_convolutions(dimension: int, prime: int, data: st.DataObject) -> None:
    sizes = st.lists(st.integers(1, 4), min_size=dimension, max_size=dimension)
    tile = Tile(tuple(data.draw(sizes)), tuple(data.draw(sizes)))
    numbers = st.lists(st.integers(-(prime // 2), prime // 2), min_size=7, max_size=7, unique=True)
    sets = [Points((sympy.oo, *map(sympy.Integer, data.draw(numbers)[: n - 1]))) for n in tile.inputs]
    assert modular(tile, prime, sets).verify().multiplications == np.prod(tile.inputs)


@pytest.mark.slow
@pytest.mark.parametrize(
    "points",
    ["0, ±√2, ±√2/2, ∞", "0, ±√3, ±1, ∞", "0, (1+√5)/2, (1-√5)/2, ±1, ∞", "√√2, -√√2, 0, ±1, ∞", "±i, 1±i, 0, ∞"],
)
def test_programs_with_roots_convolve_integers_exactly(points: str) -> None:
    bilinear = algorithm("F(4,3)", points)
    programs = programs_of(bilinear)
    rng = np.random.default_rng(0)
    d, g = (rng.integers(-(10**6), 10**6, size).astype(object) for size in (6, 3))
    U, V = evaluate_axes(programs.filter, g, Exact()), evaluate_axes(programs.input, d, Exact())
    assert (evaluate_axes(programs.output, U * V, Exact()) == correlate(d, g)).all()


FAMILY = algorithm("F(4,3)", "0, ±a, ±1/a, ∞")


@pytest.mark.slow
@pytest.mark.parametrize("value", ["1/2", "√2", "2", "(1+√5)/2", "0.3", "b", "1/b", "2a"])
def test_a_family_at_a_value_is_the_algorithm_on_these_points(value: str) -> None:
    assert FAMILY.at(a=value) == algorithm("F(4,3)", f"0, ±({value}), ±1/({value}), ∞")
    assert FAMILY.at(a=value).verify().identities == 72


def test_values_are_exact_numbers_of_any_kind() -> None:
    assert FAMILY.at(a=Fraction(1, 2)) == FAMILY.at(a=sympy.Rational(1, 2)) == FAMILY.at(a="0.5")
    assert FAMILY.at(a=2) == FAMILY.at(a=sympy.Integer(2)) == FAMILY.at(a="2")
    assert FAMILY.at() == FAMILY


@pytest.mark.slow
def test_values_are_set_all_at_once() -> None:
    two = algorithm("F(4,3)", "0, ±a, ±b, ∞")
    assert two.at(a="b", b="a") == algorithm("F(4,3)", "0, ±b, ±a, ∞")
    assert two.at(a=1, b=2) == two.at(a=1).at(b=2) == algorithm("F(4,3)", "0, ±1, ±2, ∞")


@pytest.mark.slow
@pytest.mark.parametrize(
    "adjoint", [BilinearAlgorithm.transpose, BilinearAlgorithm.flip, BilinearAlgorithm.weight_gradient]
)
def test_a_family_takes_values_after_an_adjoint_as_before(
    adjoint: Callable[[BilinearAlgorithm], BilinearAlgorithm],
) -> None:
    assert adjoint(FAMILY).at(a="√2") == adjoint(FAMILY.at(a="√2"))


def test_a_joint_family_takes_values() -> None:
    joint = algorithm("F(1x2,2x1)", ["a±i", "x^2+1"], joint=True)
    assert joint.at(a=0).verify().multiplications == joint.multiplications == 9
    assert not joint.at(a=0).axes[0].free_symbols


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1, "point 1 stands twice in 0, ±1, ±1, ∞"),
        (-1, "point -1 stands twice"),
        (0, "1/a becomes infinite at a = 0"),
        ("1", "point 1 stands twice"),
        ("i", "point -i stands twice"),
        (0.5, "0.5 is not exact; give a fraction, or text such as 1/2, 0.3 or √2/2"),
        (sympy.Float(0.5), "is not exact"),
        (1j, "is not exact"),
        (None, "None is not exact"),
        (sympy.pi, "pi is not made of fractions, i, real roots such as √2, and symbols"),
        ("√b", "√(b) is not made of"),
        ("x", "x is not made of"),
        ("1/0", "divides by zero"),
        ("∞", "cannot read '∞'"),
    ],
)
def test_values_where_points_meet_and_values_that_are_none_are_refused(value: str, message: str) -> None:
    with pytest.raises((PointsError, NotationError)) as caught:
        FAMILY.at(a=value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_symbols_that_are_not_there_are_refused(golden: Golden) -> None:
    with golden.raises(PointsError):
        FAMILY.at(a=2, b=1)
    with golden.raises(PointsError):
        algorithm("F(4,3)").at(a=2)


def test_poles_are_found_without_points_too(golden: Golden) -> None:
    with golden.raises(PointsError, match="a = 1"):
        FAMILY.axes[0].at({sympy.Symbol("a"): sympy.Integer(1)})


def test_programs_refuse_symbols(golden: Golden) -> None:
    with golden.raises(AlgorithmError, match=r"at\(a=1\)"):
        programs_of(FAMILY)
    assert programs_of(FAMILY.at(a="√2")).input


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ("0, ±√2, x^2-2", "x^2-2 have a root in common"),
        ("0, i, -i, x^2+1", "i and x^2+1"),
        ("√2, √3, √5, √7, 0, ∞", "roots √2, √3, √5, √7 are too many"),
        ("√√√√√2, 0, ±1, ±2", "roots √√√√√2 are too many"),
        ("√(3+2√2), 1+√2, 0, ±1, ∞", "point 1+√2 stands twice"),
        ("√(2+√2)√(2-√2), √2, 0, ±1, ∞", "have a root in common"),
        ("x^2-√2x+1, x^4+1, ∞", "x^2-√2x+1 and x^4+1"),
        ("x^2-a, x^2-a·b", None),
        ("x^2-a^2, 0, ∞", "x^2 is reducible; write its factors: -a+x, a+x"),
        ("√(1-√2), 0, ±1, ∞", "√(1-√2) is not made of fractions, i, real roots such as √2, and symbols"),
        ("√i, 0, ±1, ∞", "√(i) is not made of"),
        ("√a, 0, ±1, ∞", "√(a) is not made of"),
        ("i, 0, ±1, ±2", "i stands without its conjugate -i in i, 0, ±1, ±2"),
        ("x^2+i, 0, ±1, ∞", "x^2+i stands without its conjugate x^2-i"),
        ("0, ±a, 1/a, ∞", "F(4,3) needs 6 points"),
    ],
)
@pytest.mark.parametrize("joint", [False, True], ids=["nested", "joint"])
def test_what_is_wrong_with_a_set_is_named(points: str, message: str | None, joint: bool) -> None:
    with pytest.raises(WincookError) as caught:
        algorithm("F(4x4,3x3)", points, joint=joint)
    assert (message or "needs 6 points") in str(caught.value)
    assert "\n" not in str(caught.value)
