"""Joint sets for several axes: proven, run on integers, and counted as in the literature."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.signal import correlate as correlate_by_scipy

from wincook.construct import algorithm
from wincook.points import Points
from wincook.program.interpret import Exact, evaluate_axes
from wincook.program.programs import programs_of, sizes
from wincook.tile import Tile

SFC6 = "0, ±1, x^2±x+1"
POOL = ["0", "1", "∞", "x^2+1", "x^2+x+1", "x^2-x+1", "x^2-2", "x^3-2", "(x-1/2)^2", "∞^2", "±i", "1±i"]


@st.composite
def tiles(draw: st.DrawFn) -> tuple[Tile, list[Points]]:
    """Two axes of up to five inputs each, or three of up to three."""
    dimension = draw(st.integers(2, 3))
    most = 5 if dimension == 2 else 3
    sets = []
    for _ in range(dimension):
        words = ", ".join(draw(st.lists(st.sampled_from(POOL), min_size=1, max_size=3, unique=True)))
        assume("±i" not in words or ("x^2+1" not in words and "1±i" not in words))
        assume("∞, ∞^2" not in words and "∞^2, ∞" not in words and words.count("∞") < 2)
        sets.append(Points.parse(words))
        assume(sets[-1].degree <= most)
    taps = tuple(draw(st.integers(1, points.degree)) for points in sets)
    return Tile(tuple(points.degree + 1 - r for points, r in zip(sets, taps, strict=True)), taps), sets


@pytest.mark.slow
@settings(max_examples=12)
@given(tiles())
def test_joint_sets_are_proven_and_never_dearer_than_nested_ones(case: tuple[Tile, list[Points]]) -> None:
    tile, sets = case
    joint, nested = algorithm(tile, sets, joint=True), algorithm(tile, sets)
    assert joint.joint
    assert joint.verify().identities == np.prod([*tile.outputs, *tile.taps, *tile.inputs])
    assert joint.multiplications <= nested.multiplications


@pytest.mark.parametrize(
    ("tile", "points", "nested", "joint"),
    [
        ("F(2x2,2x2)", "x^2+1, ∞", 16, 13),
        ("F(2x2,2x2)", "x^2-2, ∞", 16, 13),
        ("F(2x2,2x2)", ["x^2+1, ∞", "x^2+4, 0"], 16, 13),
        ("F(2x2,2x2)", ["x^2+1, ∞", "x^2+2, 0"], 16, 16),
        ("F(2x2,2x2)", "x^3-2", 25, 25),  # not all roots of x^3-2 lie in Q(∛2)
        ("F(2x2,2x2)", "x^3-3x+1", 25, 15),  # a normal field: three copies of it, five products each
        ("F(2x2,2x2)", "(x-1)^2, ∞", 16, 16),
        ("F(3x3,3x3)", "x^4+x^3+x^2+x+1, ∞", 64, 4 * 7 + 2 * 7 + 1),
        ("F(2x2x2,2x2x2)", "x^2+1, ∞", 64, 4 * 3 + 3 * 6 + 3 * 3 + 1),
    ],
)
def test_algebras_split_into_fields(tile: str, points: str | list[Points | str], nested: int, joint: int) -> None:
    assert algorithm(tile, points).verify().multiplications == nested
    assert algorithm(tile, points, joint=True).verify().multiplications == joint


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tile", "points", "published", "counts"),
    [
        ("F(4x4,3x3)", "0, ±1, x^2+1, ∞", (34.03, 31.94), (49, 46)),
        ("F(6x6,3x3)", f"{SFC6}, ∞", (30.87, 27.16), (100, 88)),
        ("F(7x7,3x3)", f"{SFC6}, ∞^2", (32.65, 29.93), (144, 132)),
        ("F(6x6,5x5)", "±1, x^2±x+1, (x)^2, ∞^2", (21.78, 20.44), (196, 184)),
        ("F(4x4,7x7)", "±1, x^2±x+1, (x)^2, ∞^2", (25.00, None), (196, 184)),
    ],
)
def test_counts_of_symbolic_fourier_convolution(
    tile: str, points: str, published: tuple[float, float | None], counts: tuple[int, int]
) -> None:
    """He, Zhao, Gao, Du and Du, arXiv 2407.02913, table 1: products in per cent of the direct method.

    The published 21.99 % for F(4x4,7x7) would be 172.4 products of 784; no algorithm has so many.
    """
    for joint, per_cent, count in zip((False, True), published, counts, strict=True):
        bilinear = algorithm(tile, points, joint=joint)
        assert bilinear.multiplications == count
        assert per_cent is None or 100 / bilinear.speedup == pytest.approx(per_cent, abs=0.0101)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tile", "points", "nested", "joint"),
    [
        ("F(7x7,3x3)", "0, ±1, x^2+1, x^2±x+1", 144, 129),
        ("F(6x6,5x5)", "0, ±1, x^2+1, x^2±x+1, ∞", 169, 154),
        ("F(4x4,7x7)", "0, ±1, x^2+1, x^2±x+1, ∞", 169, 154),
    ],
)
def test_three_quadratic_factors_take_fewer_products_than_published(
    tile: str, points: str, nested: int, joint: int
) -> None:
    assert algorithm(tile, points).multiplications == nested
    bilinear = algorithm(tile, points, joint=True)
    assert bilinear.multiplications == joint
    assert bilinear.verify().multiplications == joint


@pytest.mark.slow
def test_the_complex_points_of_meng_and_brothers_take_46_products() -> None:
    """arXiv 1901.01965: F(4x4,3x3) on 0, ±1, ±i, ∞ in 46 products, 3.13 times fewer than direct."""
    bilinear = algorithm("F(4x4,3x3)", "0, ±1, ±i, ∞", joint=True)
    assert bilinear.verify().multiplications == 46
    assert round(bilinear.speedup, 2) == 3.13
    assert bilinear.axes == algorithm("F(4x4,3x3)", "0, ±1, x^2+1, ∞", joint=True).axes


@pytest.mark.slow
def test_powers_of_complex_points_pair_up() -> None:
    bilinear = algorithm("F(3x2,2x3)", "(x-i)^2, (x+i)^2", joint=True)
    assert bilinear.axes == algorithm("F(3x2,2x3)", "(x^2+1)^2", joint=True).axes
    assert bilinear.verify().identities == 6 * 6 * 16


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tile", "points"),
    [
        ("F(4x4,3x3)", "0, ±1, x^2+1, ∞"),
        ("F(3x2,2x3)", ["x^2+1, 0, ∞", "x^2-2, x^2+4"]),
        ("F(2x1x2,1x2x2)", ["±i", "x^2+1", "x^2+1, ∞"]),
        ("F(2x2,2x2)", ["0, √2, ∞", "x^2+1, ∞"]),
    ],
)
def test_joint_programs_correlate_as_scipy_does(tile: str, points: str | list[Points | str]) -> None:
    bilinear = algorithm(tile, points, joint=True)
    programs = programs_of(bilinear)
    rng = np.random.default_rng(0)
    d, g = (rng.integers(-(10**6), 10**6, shape) for shape in (bilinear.tile.inputs, bilinear.tile.taps))
    exact = np.vectorize(Fraction, otypes=[object])
    U = evaluate_axes(programs.filter, exact(g).reshape(sizes(programs.filter)), Exact())
    V = evaluate_axes(programs.input, exact(d).reshape(sizes(programs.input)), Exact())
    y = evaluate_axes(programs.output, U * V, Exact()).reshape(bilinear.tile.outputs)
    assert (y == correlate_by_scipy(d, g, mode="valid", method="direct")).all()


def test_joint_on_one_axis_is_the_ordinary_algorithm() -> None:
    assert algorithm("F(4,3)", "0, ±1, x^2+1, ∞", joint=True) == algorithm("F(4,3)", "0, ±1, x^2+1, ∞")


@pytest.mark.slow
def test_the_factors_of_a_joint_set_are_sparse_and_multiply_to_its_matrices() -> None:
    axis = algorithm("F(4x4,3x3)", "0, ±1, x^2+1, ∞", joint=True).axes[0]
    for letter in ("AT", "G", "BT"):
        product, factors = getattr(axis, letter), getattr(axis, f"{letter}_factors")
        assert sympy.prod([sympy.Matrix(factor) for factor in factors]) == product
        nonzero = sum(1 for factor in factors for entry in factor if entry)
        assert nonzero < sum(1 for entry in product if entry)


def test_the_order_of_points_orders_the_products() -> None:
    bilinear = algorithm("F(2x1,2x2)", ["0, 1, ∞", "∞, 2"], joint=True).axes[0]
    nested = algorithm("F(2x1,2x2)", ["0, 1, ∞", "∞, 2"])
    for letter in ("AT", "G", "BT"):
        first, second = (np.array(getattr(axis, letter).tolist()) for axis in nested.axes)
        assert (np.kron(first, second) == np.array(getattr(bilinear, letter).tolist())).all()


@pytest.mark.slow
@pytest.mark.parametrize("tile", ["F(2x2,2x2)", "F(1x3,3x1)"])
@pytest.mark.parametrize("points", ["0, 1, ∞", "√2, 0, -1"])
def test_sets_of_points_alone_gain_nothing(tile: str, points: str) -> None:
    bilinear = algorithm(tile, points, joint=True)
    assert bilinear.verify().multiplications == bilinear.least_multiplications == 9
