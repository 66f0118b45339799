from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import spearmanr

import wincook as wc
from wincook.analysis.data.distributions import LAWS, UNIFORM
from wincook.analysis.prediction.batch.batch import predict_batch
from wincook.analysis.prediction.batch.rounding import compiled
from wincook.analysis.prediction.predict import predict
from wincook.errors import PointsError, ShapeError

U = 2.0**-24


def _symmetric_sets(rng: np.random.Generator, finite: int, sets: int) -> list[list[Fraction]]:
    values = sorted({Fraction(p, q) for p in range(1, 7) for q in range(1, 7)})
    chosen = [rng.choice(len(values), finite // 2, replace=False) for _ in range(sets)]
    return [[Fraction(0)] * (finite % 2) + [sign * values[i] for i in one for sign in (1, -1)] for one in chosen]


@pytest.mark.parametrize("law", ["uniform", "relu"])
@pytest.mark.parametrize("dimension", [1, 2])
def test_batches_rank_as_predictions_do(law: str, dimension: int) -> None:
    rng = np.random.default_rng(dimension)
    for m in (4, 7):
        sets = _symmetric_sets(rng, m + 1, 15)
        tile = f"F({'x'.join([str(m)] * dimension)},{'x'.join(['3'] * dimension)})"
        algorithms = [wc.algorithm(tile, f"{', '.join(map(str, points))}, ∞") for points in sets]
        expected = [predict(one, "float32", 64, LAWS[law]).relative_rms for one in algorithms]
        found = predict_batch(np.array(sets, np.float64), m, 3, dimension, U, 64, LAWS[law])
        assert spearmanr(found, expected).statistic > 0.98
        assert np.all(np.abs(found / expected - 1) < 0.15)


def test_points_without_symmetry_and_other_sizes_are_close() -> None:
    for tile, points in (
        ("F(2,5)", "0, 1, -1/2, 3, 5/4"),
        ("F(1,3)", "0, -2/3"),
        ("F(5,1)", "1, 2, 3, 4"),
        ("F(1,1)", ""),
    ):
        algorithm = wc.algorithm(tile, f"{points}, ∞" if points else "∞")
        (m,), (r,) = algorithm.tile.outputs, algorithm.tile.taps
        values = [[float(Fraction(point)) for point in points.split(",") if point]]
        (found,) = predict_batch(values, m, r, 1, U, 16, UNIFORM)
        assert found == pytest.approx(predict(algorithm, "float32", 16, UNIFORM).relative_rms, rel=0.1), tile


@pytest.mark.parametrize(
    ("tile", "points"),
    [("F(3,3)", "0, ±2, 3"), ("F(3,1)", "3, 5"), ("F(1,6)", "0, ±3, ±6"), ("F(2,4)", "0, ±3, 4")],
)
def test_sets_whose_programs_are_modelled_in_full_are_as_predicted(tile: str, points: str) -> None:
    """Of one channel, so that the transforms count: parts divided by a constant, ∞ in the last output."""
    algorithm = wc.algorithm(tile, f"{points}, ∞")
    (m,), (r,) = algorithm.tile.outputs, algorithm.tile.taps
    finite = [sign * float(one.lstrip("±")) for one in points.split(", ") for sign in ((1, -1) if "±" in one else (1,))]
    (found,) = predict_batch([finite], m, r, 1, U, 1, "normal")
    assert found == pytest.approx(predict(algorithm, "float32", 1, "normal").relative_rms, rel=0.01)


def test_a_batch_is_its_sets_one_by_one() -> None:
    sets = np.random.default_rng(0).uniform(-2, 2, (20, 6))
    together = predict_batch(sets, 4, 4, 3, U, 8, UNIFORM)
    alone = [predict_batch(sets[i : i + 1], 4, 4, 3, U, 8, UNIFORM)[0] for i in range(20)]
    np.testing.assert_array_equal(together, alone)
    mirrored = predict_batch(-sets, 4, 4, 3, U, 8, UNIFORM)
    np.testing.assert_allclose(mirrored, together, rtol=1e-9)


def test_equal_points_are_infinitely_bad() -> None:
    assert np.isinf(predict_batch([[0, 1, 1], [0, 1, -1]], 2, 3, 2, U, 1, UNIFORM)).tolist() == [True, False]


def test_points_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"\(1, 2\).*\(sets, 3\)"):
        predict_batch([[0, 1]], 2, 3, 2, U, 1, UNIFORM)
    with pytest.raises(ShapeError, match="channels = 0"):
        predict_batch([[0, 1, -1]], 2, 3, 2, U, 0, UNIFORM)
    with pytest.raises(PointsError, match="left out"):
        predict_batch([[0, 1, np.inf]], 2, 3, 2, U, 1, UNIFORM)


def test_without_a_folder_to_cache_in_functions_are_compiled_all_the_same() -> None:
    namespace: dict[str, object] = {}
    exec("def twice(x):\n    return 2 * x", namespace)  # noqa: S102 (a function that numba finds no file for)
    with pytest.warns(RuntimeWarning, match="no source code of twice"):
        assert compiled(namespace["twice"])(21) == 42
