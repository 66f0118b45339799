"""Algorithms with polynomial factors and powers: proven exactly, counted, and run."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import get_args

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.polys.domains import QQ

import wincook as wc
from tests.golden import Golden
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.construct.make.iterated import iterated
from wincook.construct.make.product_rule import RuleName
from wincook.construct.make.toom_cook import toom_cook
from wincook.direct import correlate
from wincook.errors import AlgorithmError, NotationError, PointsError
from wincook.exact.notation import X
from wincook.factor import INFINITY, Factor
from wincook.points import Points
from wincook.program.interpret import Exact, evaluate_axes
from wincook.tile import Tile

SIMPLE = [sympy.Rational(p, q) for p in range(-4, 5) for q in (1, 2, 3) if sympy.gcd(p, q) == 1]
POLYNOMIALS = [
    X**2 + 1,
    X**2 + X + 1,
    X**2 - X + 1,
    X**2 - 2,
    X**2 + sympy.Rational(1, 4),
    X**3 - 2,
    X**3 + X + 1,
    X**4 - X**2 + 1,
    X**4 + X**3 + X**2 + X + 1,
]


@st.composite
def factor_sets(draw: st.DrawFn) -> Points:
    """Simple and repeated points, polynomials up to degree 4, and powers of ∞, in any order."""
    items: list[sympy.Expr | Factor] = []
    for point in draw(st.lists(st.sampled_from(SIMPLE), max_size=3, unique=True)):
        power = draw(st.integers(1, 3))
        items.append(point if power == 1 else Factor(X - point, power))
    bases = draw(st.lists(st.sampled_from(POLYNOMIALS), max_size=2, unique=True))
    items += [Factor(base, draw(st.integers(1, 2))) for base in bases]
    infinite = draw(st.integers(0, 3))
    if infinite:
        items.append(INFINITY if infinite == 1 else Factor(INFINITY, infinite))
    return Points(tuple(draw(st.permutations(items or [INFINITY]))))


@pytest.mark.slow
@settings(max_examples=60)
@given(factor_sets(), st.data())
def test_every_factor_set_gives_a_convolution(points: Points, data: st.DataObject) -> None:
    n = points.degree
    r = data.draw(st.integers(1, n))
    rule = data.draw(st.sampled_from(get_args(RuleName)))
    algorithm = wc.algorithm(Tile((n + 1 - r,), (r,)), points, rule)
    algorithm.verify()
    assert Points.parse(str(points)) == points
    degrees = [item.degree if isinstance(item, Factor) else 1 for item in points]
    expected = sum(d * d if rule == "schoolbook" else 2 * d - 1 for d in degrees)
    assert algorithm.multiplications == expected >= algorithm.least_multiplications == n


@pytest.mark.slow
def test_all_small_tiles_on_default_points() -> None:
    for n in range(1, 25):
        for r in range(1, min(n, 9) + 1):
            wc.algorithm(Tile((n + 1 - r,), (r,))).verify()


@pytest.mark.parametrize(
    ("tile", "points", "products", "percent"),
    [
        ("F(3x3,3x3)", "0, ±1, 1/2, ∞", 25, 30.86),
        ("F(4x4,3x3)", "0, ±1, x^2+1, ∞", 49, 34.03),
        ("F(4x4,3x3)", "0, ±1, ±2, ∞", 36, 25.00),
        ("F(6x6,3x3)", "0, ±1, x^2±x+1, ∞", 100, 30.86),
        ("F(8x8,3x3)", "0, ±1, ±2, ±1/2, x^2+1, ∞", 121, 21.01),
    ],
)
def test_products_of_nested_algorithms(tile: str, points: str, products: int, percent: float) -> None:
    """The nested counts of Symbolic Fourier Convolution (arXiv 2407.02913, table 1), and of F(8,3) with x²+1."""
    algorithm = wc.algorithm(tile, points)
    assert algorithm.multiplications == products
    assert 100 / algorithm.speedup == pytest.approx(percent, abs=0.01)


def test_karatsuba_and_schoolbook_modulo_a_square(golden: Golden) -> None:
    assert wc.algorithm("F(2,2)", "x^2+1, ∞").multiplications == 3 + 1
    assert wc.algorithm("F(2,2)", "x^2+1, ∞", rule="schoolbook").multiplications == 4 + 1
    with golden.raises(NotationError):
        wc.algorithm("F(2,2)", "x^2+1, ∞", rule="fourier")  # type: ignore[arg-type]


def test_degrees_that_do_not_add_up_are_named(golden: Golden) -> None:
    with golden.raises(PointsError, match=r"6.*7"):
        wc.algorithm("F(4,3)", "0, ±1, ±2, x^2+1")


def test_points_outside_the_field_are_named(golden: Golden) -> None:
    with golden.raises(PointsError, match=r"sqrt\(2\)"):
        toom_cook(Tile.parse("F(2,2)"), Points((sympy.sqrt(2), sympy.Integer(0), INFINITY)), QQ)


def test_programs_with_factors_convolve_integers_exactly() -> None:
    rng = np.random.default_rng(0)
    algorithm = wc.algorithm("F(4x5,3x2)", ["0, ±1, x^2+1, ∞", "x^3-2, (x-1)^2, ∞"])
    programs = wc.programs_of(algorithm)
    d = rng.integers(-(10**6), 10**6, algorithm.tile.inputs).astype(object)
    g = rng.integers(-(10**6), 10**6, algorithm.tile.taps).astype(object)
    U = evaluate_axes(programs.filter, np.vectorize(Fraction, otypes=[object])(g), Exact())
    V = evaluate_axes(programs.input, np.vectorize(Fraction, otypes=[object])(d), Exact())
    assert (evaluate_axes(programs.output, U * V, Exact()) == correlate(d, g)).all()


def test_a_kernel_with_a_quadratic_factor_agrees_bit_for_bit() -> None:
    algorithm = wc.algorithm("F(4x4,3x3)", "0, ±1, x^2+1, ∞")
    layer = wc.Layer(channels=5, filters=19, size=(11, 9), kernel=(3, 3), padding=1)
    rng = np.random.default_rng(0)
    x, weights = rng.uniform(-1, 1, layer.input_shape), rng.uniform(-1, 1, layer.weight_shape)
    kernel = wc.compile(layer, algorithm)
    np.testing.assert_array_equal(
        kernel(x, kernel.pack(weights)), simulate(algorithm, "float32", layer=layer, x=x, weights=weights)
    )


@pytest.mark.slow
def test_a_quadratic_factor_lowers_the_error_of_a_large_tile() -> None:
    """F(6,3) with x²+1 in place of two points has the error of F(4,3): predicted, and measured."""
    plain, better, small = (
        wc.analyse(wc.algorithm(tile, points), channels=8, samples=200)
        for tile, points in (
            ("F(6x6,3x3)", "0, ±1, ±1/2, ±2, ∞"),
            ("F(6x6,3x3)", "0, ±2/3, ±3/2, x^2+1, ∞"),
            ("F(4x4,3x3)", "0, ±1, ±2, ∞"),
        )
    )
    for kind in ("predicted", "measured"):
        assert getattr(better, kind).rms < 0.5 * getattr(plain, kind).rms
        assert getattr(better, kind).rms < getattr(small, kind).rms
    assert 0.9 < better.predicted.rms / better.measured.rms < 1.1


@pytest.mark.slow
def test_any_algorithm_is_a_rule_for_the_factors_of_its_degree(golden: Golden) -> None:
    twice = iterated("F(4,4)", (2, 2))  # nine products, where Toom-Cook takes seven with larger constants
    algorithm = wc.algorithm("F(5,3)", "x^4+1, x^2+1, ∞", rule=twice)
    assert algorithm.multiplications == 9 + 3 + 1
    assert algorithm.verify().multiplications == 13
    assert wc.algorithm("F(5x5,3x3)", "x^4+1, x^2+1, ∞", rule=twice, joint=True).verify().multiplications < 169
    wrong = dataclasses.replace(twice, axes=(dataclasses.replace(twice.axes[0], G=2 * twice.axes[0].G, G_factors=()),))
    with golden.raises(AlgorithmError):
        wc.algorithm("F(5,3)", "x^4+1, x^2+1, ∞", rule=wrong)
