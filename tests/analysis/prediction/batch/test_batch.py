from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.data.distributions import LAWS
from wincook.analysis.prediction.batch.batch import modelled_operations, out_of_range, predict_batch
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.analysis.prediction.predict import predict
from wincook.errors import FormatError, NotationError, PointsError, ShapeError
from wincook.program.cost import cost
from wincook.program.programs import programs_of
from wincook.search.sets.space import Space
from wincook.search.sets.start import random_candidate
from wincook.tile import Tile

Points = list[Fraction]

MAGNITUDES = [Fraction(p, q) for p in (1, 2, 3, 4, 5) for q in (1, 2, 3, 5, 16)]


@st.composite
def sets(draw: st.DrawFn) -> tuple[Tile, Points]:
    """Pairs ±a for the most part, beside single points and 0, in any order."""
    m, r = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    points: Points = [Fraction(0)] if m + r > 2 and draw(st.booleans()) else []
    for magnitude in draw(st.permutations(sorted(set(MAGNITUDES)))):
        signs = draw(st.sampled_from([(1, -1), (-1, 1), (1, -1), (1,), (-1,)]))
        points += [sign * magnitude for sign in signs]
    points = points[: m + r - 2]
    return Tile((m,), (r,)), draw(st.permutations(points)) if draw(st.booleans()) else points


@pytest.mark.slow
@settings(max_examples=25)
@given(sets())
def test_the_model_takes_the_operations_of_the_programs(drawn: tuple[Tile, Points]) -> None:
    """A pass that changes what it shares, divides or starts from makes this fail."""
    tile, points = drawn
    programs = programs_of(wc.algorithm(tile, wc.Points((*points, "∞"))))
    costs = [cost(program) for (program,) in (programs.filter, programs.input, programs.output)]
    expected = [[count.sums, count.multiplications] for count in costs]
    assert modelled_operations(tile, [[float(point) for point in points]])[0, 0].tolist() == expected


def _symmetric_sets(rng: np.random.Generator, finite: int, number: int) -> list[Points]:
    values = sorted({Fraction(p, q) for p in range(1, 7) for q in range(1, 7)})
    chosen = [rng.choice(len(values), finite // 2, replace=False) for _ in range(number)]
    return [[Fraction(0)] * (finite % 2) + [sign * values[i] for i in places for sign in (1, -1)] for places in chosen]


def _ratios(m: int, dimension: int, channels: int, law: str, chosen: list[Points]) -> tuple[np.ndarray, float]:
    """Batch over prediction, and how well the ranks agree."""
    tile = Tile((m,) * dimension, (3,) * dimension)
    expected = [
        predict(wc.algorithm(tile, f"{', '.join(map(str, points))}, ∞"), "float32", channels, LAWS[law]).relative_rms
        for points in chosen
    ]
    errors = predict_batch(tile, np.array(chosen, np.float64), "float32", channels, law)
    return errors / expected, float(spearmanr(errors, expected).statistic)


@pytest.mark.slow
@pytest.mark.parametrize("law", ["uniform", "relu"])
@pytest.mark.parametrize("dimension", [1, 2])
def test_batches_rank_as_predictions_do(law: str, dimension: int) -> None:
    rng = np.random.default_rng(dimension)
    for m in (4, 7):
        ratios, ranks = _ratios(m, dimension, 64, law, _symmetric_sets(rng, m + 1, 15))
        assert ranks > 0.99
        assert np.all(np.abs(ratios - 1) < 0.05)


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["float32", "bfloat16", "bfloat16-dot"])
def test_nineteen_of_twenty_are_within_five_per_cent_of_predictions(policy: str) -> None:
    """Of random sets of a search, from pairs to points alone, with polynomial factors, with 0 and ∞ or without."""
    rng, ratios = np.random.default_rng(len(policy)), []
    space = Space(height=12, extra=1)
    for number in range(40):
        m, r = int(rng.integers(2, 8)), int(rng.integers(2, 6))
        tile = Tile((m,), (r,)) if number % 2 else Tile((m, m), (r, r))
        points = space.text(random_candidate(space, m + r - 1, rng))
        channels, law = int(rng.choice([1, 16, 64])), str(rng.choice([*LAWS]))
        expected = predict((tile, points), policy, channels, law).relative_rms
        ratios.append(float(predict_batch(tile, [points], policy, channels, law)[0]) / expected)
    off = np.abs(np.array(ratios) - 1)
    assert np.mean(off < 0.05) >= 0.95
    assert off.max() < 0.25


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tile", "points"),
    [
        ("F(4x4,3x3)", "0, ±1, x^2+1, ∞"),
        ("F(6x6,3x3)", "0, ±2/3, ±3/2, x^2+1, ∞"),
        ("F(6x6,3x3)", "0, ±1, x^2-x+1, x^2+x+1, ∞"),
        ("F(3,4)", "0, 1, ±2, ∞^2"),
        ("F(3x3x3,3x3x3)", "1/2, -2/3, x^2+x+3, 1/3"),
        ("F(3x3,3x3)", "±1/2, ±2, 1"),
    ],
)
def test_factors_and_sets_without_infinity_are_as_predicted(tile: str, points: str) -> None:
    for policy, channels, law in (
        ("float32", 1, "uniform"),
        ("bfloat16", 16, "relu"),
        ("float16-winograd-domain", 64, "relu"),
    ):
        expected = predict((tile, points), policy, channels, law)
        assert predict_batch(tile, [points], policy, channels, law)[0] == near(expected.relative_rms, rel=0.05)
        outputs, size = np.array(expected.positions), expected.rms / expected.relative_rms
        mean, largest = (
            predict_batch(tile, [points], policy, channels, law, statistic=name)[0] for name in ("mean", "maximum")
        )
        assert mean == near(np.sqrt(2 / np.pi) * outputs.mean() / size, rel=0.05)
        assert largest == near(outputs.max() / size, rel=0.05)


@pytest.mark.slow
def test_axes_that_differ_have_sets_of_their_own() -> None:
    first, second = PointSets.of(["0, ±1, ∞"]), PointSets.of(["0, ±2/3, ±3/2, ∞"])
    errors = predict_batch("F(2x4,3x3)", (first, second), channels=4)
    expected = predict(("F(2x4,3x3)", "0, ±1, ∞; 0, ±2/3, ±3/2, ∞"), channels=4).relative_rms
    assert errors[0] == near(expected, rel=0.02)


def test_what_is_beyond_the_limit_is_infinite_and_nothing_below() -> None:
    points = np.random.default_rng(0).uniform(-2, 2, (200, 6))
    errors = predict_batch("F(5x5,3x3)", points)
    limit = float(np.quantile(errors, 0.3))
    limited = predict_batch("F(5x5,3x3)", points, limit=limit)
    np.testing.assert_array_equal(limited[errors <= limit], errors[errors <= limit])
    assert np.isinf(limited).sum() > 50


def test_the_order_of_the_points_does_not_count() -> None:
    sets = ["0, ±1, ±1/2, -2, ∞", "-2, 1/2, -1, ∞, 0, 1, -1/2"]
    assert len({*predict_batch("F(5,3)", sets)}) == 1
    assert len({predict(("F(5,3)", points)).relative_rms for points in sets}) == 1


def test_what_leaves_the_range_of_float16_is_told() -> None:
    sets = ["0, ±1, ±1/2, ±2, ±1/4, ±4, -3/4, 4/3, ∞"]
    assert out_of_range("F(12x12,3x3)", sets, "float16").tolist() == [True]
    assert out_of_range("F(12x12,3x3)", sets, "bfloat16").tolist() == [False]
    assert out_of_range("F(2x2,3x3)", ["0, ±1, ∞"], "float16").tolist() == [False]


@pytest.mark.parametrize(
    ("tile", "points"),
    [("F(2,5)", [0, 1, -1 / 2, 3, 5 / 4]), ("F(1,3)", [0, -2 / 3]), ("F(5,1)", [1, 2, 3, 4]), ("F(1,1)", [])],
)
def test_points_without_symmetry_and_other_sizes_are_close(tile: str, points: list[float]) -> None:
    names = [str(Fraction(point).limit_denominator(9)) for point in points]
    expected = predict(wc.algorithm(tile, ", ".join([*names, "∞"])), "float32", 16, "uniform").relative_rms
    assert predict_batch(tile, [points], channels=16)[0] == near(expected, rel=0.1)


@pytest.mark.parametrize(
    ("tile", "points"),
    [
        ("F(3,3)", "0, ±2, 3"),
        ("F(3,1)", "3, 5"),
        ("F(1,6)", "0, ±3, ±6"),
        ("F(2,4)", "0, ±3, 4"),
        ("F(2,3)", "0, ±3"),
        ("F(4,3)", "0, ±3, ±5"),
    ],
)
def test_sets_whose_programs_are_modelled_in_full_are_as_predicted(tile: str, points: str) -> None:
    """Of one channel, so that the transforms count: parts divided by a constant, ∞ in the last output, twins."""
    finite = [
        sign * float(name.strip("±")) for name in points.split(", ") for sign in ((1, -1) if "±" in name else (1,))
    ]
    expected = predict(wc.algorithm(tile, f"{points}, ∞"), "float32", 1, "normal").relative_rms
    assert predict_batch(tile, [finite], law="normal")[0] == near(expected, rel=0.01)


def test_a_batch_is_its_sets_one_by_one() -> None:
    points = np.random.default_rng(0).uniform(-2, 2, (20, 6))
    tile = "F(4x4x4,4x4x4)"
    together = predict_batch(tile, points, channels=8)
    np.testing.assert_array_equal(together, [predict_batch(tile, points[[i]], channels=8)[0] for i in range(20)])
    np.testing.assert_allclose(predict_batch(tile, -points, channels=8), together, rtol=1e-9)


def test_errors_grow_with_the_unit_roundoff() -> None:
    """Of constants that all formats hold."""
    wide, narrow = (predict_batch("F(1,3)", [[0, 1]], name)[0] for name in ("float32", "bfloat16"))
    assert narrow / wide == near(2**16)


def test_equal_points_are_infinitely_bad() -> None:
    assert np.isinf(predict_batch("F(2x2,3x3)", [[0, 1, 1], [0, 1, -1]])).tolist() == [True, False]


def test_what_does_not_fit_is_refused(golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"degree 3.*\(sets.*3\)"):
        predict_batch("F(2x2,3x3)", [[0, 1]])
    with golden.raises(ShapeError, match="channels = 0"):
        predict_batch("F(2x2,3x3)", [[0, 1, -1]], channels=0)
    with golden.raises(PointsError):
        predict_batch("F(2x2,3x3)", [[0, 1, np.inf]])
    with golden.raises(ShapeError, match="2 different axes"):
        predict_batch("F(2x4,3x3)", [[0, 1, -1]])
    with golden.raises(PointsError, match="different kinds"):
        predict_batch("F(2,3)", ["0, ±1, ∞", "±1, ±2"])
    with golden.raises(PointsError, match=r"x\^3"):
        predict_batch("F(2,3)", ["x^3-2, ∞"])
    with golden.raises(PointsError, match="no real number"):
        predict_batch("F(2,3)", ["0, 1, a, ∞"])
    with golden.raises(NotationError, match="rms"):
        predict_batch("F(2,3)", [[0, 1, -1]], statistic="median")
    with golden.raises(NotationError, match="limit"):
        predict_batch("F(2,3)", [[0, 1, -1]], limit=-1)
    with golden.raises(ShapeError, match="1024"):
        predict_batch("F(1025,1)", [[0.0] * 1024])
    with golden.raises(FormatError, match=r"int8.*float32"):
        predict_batch("F(2,3)", [[0, 1, -1]], "int8")
    with golden.raises(FormatError, match="float32"):
        predict_batch("F(2,3)", [[0, 1, -1]], "exact")
    with golden.raises(NotationError):
        predict_batch("2;3", [[0, 1, -1]])
