"""Toom-Cook matrices against the published ones, against wincnn, and against the definition of F(m,r)."""

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
import wincnn

from wincook.bilinear import Transforms
from wincook.construct.make.toom_cook import toom_cook
from wincook.errors import PointsError
from wincook.factor import INFINITY
from wincook.points import Points
from wincook.tile import Tile

Vector = list[Fraction]
HEIGHT = 8


def fractions(matrix: sympy.Matrix) -> list[Vector]:
    return [[Fraction(int(entry.p), int(entry.q)) for entry in row] for row in matrix.tolist()]


def columns(rows: list[Vector]) -> list[Vector]:
    return [list(column) for column in zip(*rows, strict=True)]


def ratio(ours: Vector, theirs: Vector) -> Fraction:
    """The s with ours = s · theirs."""
    place = next(i for i, entry in enumerate(theirs) if entry)
    s = ours[place] / theirs[place]
    assert ours == [s * entry for entry in theirs]
    return s


def assert_equal_up_to_scaling(ours: Transforms, AT: list[Vector], G: list[Vector], BT: list[Vector]) -> None:
    """Each product k may be scaled by three factors whose product is 1, and by nothing else."""
    mine = zip(columns(fractions(ours.AT)), fractions(ours.G), fractions(ours.BT), strict=True)
    for vectors, others in zip(mine, zip(columns(AT), G, BT, strict=True), strict=True):
        a, g, b = (ratio(vector, other) for vector, other in zip(vectors, others, strict=True))
        assert a * g * b == 1


def assert_convolution(transforms: Transforms, m: int, r: int) -> None:
    AT, G, BT = (np.array(fractions(t), object) for t in (transforms.AT, transforms.G, transforms.BT))
    n = m + r - 1
    assert (AT.shape, G.shape, BT.shape) == ((m, n), (n, r), (n, n))
    for j in range(r):
        assert ((AT * G[:, j]) @ BT == np.eye(m, n, j, dtype=int)).all()


def points_of(finite: list[Fraction], infinity_at: int | None) -> Points:
    items: list[sympy.Expr] = [sympy.Rational(p.numerator, p.denominator) for p in finite]
    if infinity_at is not None:
        items.insert(infinity_at, INFINITY)
    return Points(tuple(items))


def random_points(rng: random.Random, number: int) -> list[Fraction]:
    pool = sorted({Fraction(p, q) for p in range(-HEIGHT, HEIGHT + 1) for q in range(1, HEIGHT + 1)})
    return rng.sample(pool, number)


def infinity_moved_last(transforms: Transforms, infinity_at: int) -> Transforms:
    """The same products in the order of wincnn, which always appends ∞."""
    order = [k for k in range(transforms.multiplications) if k != infinity_at] + [infinity_at]
    return Transforms(transforms.AT[:, order], transforms.G[order, :], transforms.BT[order, :])


def by_wincnn(finite: list[Fraction], m: int, r: int) -> tuple[list[Vector], list[Vector], list[Vector]]:
    points = tuple(sympy.Rational(p.numerator, p.denominator) for p in finite)
    AT, G, BT, _ = wincnn.cookToomFilter(points, m, r)
    return fractions(AT), fractions(G), fractions(BT)


def test_f43_is_lavins_up_to_scaling(lavin: Transforms) -> None:
    matrices = [
        [[Fraction(str(entry)) for entry in row] for row in matrix.tolist()] for matrix in (lavin.AT, lavin.G, lavin.BT)
    ]
    assert_equal_up_to_scaling(toom_cook(Tile((4,), (3,)), Points.parse("0,±1,±2,inf")), *matrices)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("m", "r", "finite"),
    [
        (2, 3, "0, ±1"),
        (4, 3, "0, ±1, ±2"),
        (6, 3, "0, ±1, ±2, ±1/2"),
        (2, 5, "0, ±1, ±2"),
        (20, 3, "0, ±1, ±2, ±1/2, ±3, ±1/3, ±4, ±1/4, ±3/2, ±2/3, ±3/4"),
    ],
)
def test_known_tiles_are_wincnns_up_to_scaling(m: int, r: int, finite: str) -> None:
    points = [Fraction(str(p)) for p in Points.parse(finite)]
    ours = toom_cook(Tile((m,), (r,)), Points.parse(f"{finite}, ∞"))
    assert_equal_up_to_scaling(ours, *by_wincnn(points, m, r))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_random_tiles_are_wincnns_up_to_scaling(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(10):
        n = rng.randint(3, 10)
        r = rng.randint(1, n)
        m = n + 1 - r
        finite, infinity_at = random_points(rng, n - 1), rng.randrange(n)
        ours = toom_cook(Tile((m,), (r,)), points_of(finite, infinity_at))
        assert_equal_up_to_scaling(infinity_moved_last(ours, infinity_at), *by_wincnn(finite, m, r))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_random_tiles_are_convolutions_with_infinity_anywhere_or_absent(seed: int) -> None:
    rng = random.Random(1000 + seed)
    for _ in range(10):
        m, r = rng.randint(1, 8), rng.randint(1, 6)
        n = m + r - 1
        infinity_at = rng.choice([None, 0, n // 2, n - 1])
        points = points_of(random_points(rng, n - (infinity_at is not None)), infinity_at)
        assert_convolution(toom_cook(Tile((m,), (r,)), points), m, r)


@pytest.mark.parametrize("points", ["0", "7/3", "-2", "∞"])
def test_f11_works_on_any_one_point(points: str) -> None:
    assert_convolution(toom_cook(Tile((1,), (1,)), Points.parse(points)), 1, 1)


@pytest.mark.parametrize("points", ["0, ±1, 2", "0, ±1, ∞", "∞, 0, ±1", "1/2, ∞, 3, -3"])
@pytest.mark.parametrize(("m", "r"), [(4, 1), (1, 4), (2, 3), (3, 2)])
def test_one_output_or_one_tap_works_like_any_other_size(m: int, r: int, points: str) -> None:
    assert_convolution(toom_cook(Tile((m,), (r,)), Points.parse(points)), m, r)


def test_each_product_belongs_to_the_point_at_its_place() -> None:
    points = Points.parse("3, ∞, -1/2, 0")
    transforms = toom_cook(Tile((3,), (2,)), points)
    items: tuple[Any, ...] = points.items
    for k, point in enumerate(items):
        powers = [0, 0, 1] if point == INFINITY else [1, point, point**2]
        assert list(transforms.AT[:, k]) == powers


def test_integer_points_leave_denominators_in_the_filter_transform() -> None:
    transforms = toom_cook(Tile((5,), (4,)), Points.parse("0, ±1, ±2, ±3, ∞"))
    assert all(entry.is_Integer for matrix in (transforms.AT, transforms.BT) for entry in matrix)
    assert not all(entry.is_Integer for entry in transforms.G)


@pytest.mark.parametrize("points", ["0, ±1, ±2", "0, ±1, ±2, ±3", "0, ±1, ±2, 3, -4, ∞", "∞"])
def test_a_wrong_number_of_points_is_refused_with_a_valid_set(points: str) -> None:
    with pytest.raises(PointsError) as caught:
        toom_cook(Tile((4,), (3,)), Points.parse(points))
    message = str(caught.value)
    assert "F(4,3) needs 6 points" in message
    assert f"not {len(Points.parse(points))}" in message
    assert len(Points.parse(message.split("for example ")[1])) == 6
