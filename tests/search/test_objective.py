"""Screens of many sets against the full model of single ones."""

from __future__ import annotations

from math import inf, isinf

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from tests.hang import at_once
from tests.near import near
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.analysis.problem import Problem
from wincook.errors import SearchError
from wincook.search.objective import OBJECTIVES, objective_of
from wincook.search.search import Search

SETS = ["0, ±1, ±2, ∞", "0, ±5/8, ±3/2, ∞", "0, ±1, ±1/2, ∞", "0, 1/2, -1, 3, -1/5, ∞"]
EXACT = ("rms", "mean", "maximum", "amplification", "operations", "products", "kappa", "condition", "range")


@pytest.mark.parametrize("name", EXACT)
def test_screens_are_what_the_full_model_says(name: str) -> None:
    search, objective = Search.of("F(4x4,3x3)", channels=8), OBJECTIVES[name]
    values = objective.screen(search.setting, (PointSets.of(SETS),), inf)
    for value, points in zip(values, SETS, strict=True):
        problem = Problem.of(wc.algorithm("F(4x4,3x3)", points), "float32", 8)
        assert value == near(objective.judge(problem), rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "format"), [("bound", "float32"), ("bits", "float32"), ("rms", "int8"), ("rms", "int16")]
)
def test_other_screens_rank_as_the_full_model(name: str, format: str) -> None:
    search, objective = Search.of("F(4x4,3x3)", format, 32, "relu", name), OBJECTIVES[name]
    sets = ["0, ±1, ±2, ∞", "0, ±2/3, ±3/2, ∞", "0, ±1, ±4, ∞"]
    values = objective.screen(search.setting, (PointSets.of(sets),), inf)
    judged = [objective.judge(Problem.of(wc.algorithm("F(4x4,3x3)", points), format, 32, "relu")) for points in sets]
    if name == "bits":
        assert np.argmax(judged) == np.argmax(values)
    else:
        assert np.argsort(values).tolist() == np.argsort(judged).tolist()
    if name == "rms":
        np.testing.assert_allclose(values, judged, rtol=0.2)  # screens know nothing of the feedback of errors of U


def test_kappa_is_that_of_numpy() -> None:
    search = Search.of("F(8,3)")
    nova = "0, ±2/5, ±5/6, ±1, ±7/6, ∞"
    (value,) = OBJECTIVES["kappa"].screen(search.setting, (PointSets.of([nova]),), inf)
    points = [0, 2 / 5, -2 / 5, 5 / 6, -5 / 6, 1, -1, 7 / 6, -7 / 6]
    assert value == near(np.linalg.cond(np.vander(points)), rel=1e-9)
    assert value == near(474.1, rel=1e-3)  # the published figure


def test_products_of_powers() -> None:
    search, batch = Search.of("F(4x4,3x3)"), (PointSets.of(SETS),)
    product = objective_of("rms*operations^0.25")
    rms, operations = (OBJECTIVES[name].screen(search.setting, batch, inf) for name in ("rms", "operations"))
    values = product.screen(search.setting, batch, inf)
    np.testing.assert_allclose(values, rms * operations**0.25, rtol=1e-12)
    limited = product.screen(search.setting, batch, float(np.median(values)))
    assert np.all(limited[values <= np.median(values)] == values[values <= np.median(values)])
    problem = Problem.of(("F(4x4,3x3)", SETS[0]))
    assert product.judge(problem) == near(values[0], rel=0.01)


def test_coinciding_points_are_infinite() -> None:
    batch = (PointSets(np.array([[0.0, 1.0, 1.0, 2.0, 3.0]]), np.empty((1, 0, 2))),)
    for name in EXACT:
        if name not in {"products", "operations"}:
            assert isinf(OBJECTIVES[name].screen(Search.of("F(4,3)").setting, batch, inf)[0])


def test_sets_that_leave_float16_are_infinite_unless_they_are_balanced() -> None:
    batch = (PointSets.of(["0, ±1, ±1/2, ±2, ±1/4, ±4, -3/4, 4/3, ∞"]),)
    plain, balanced = (Search.of("F(12x12,3x3)", "float16", gauge=gauge) for gauge in ("", "balance"))
    assert isinf(OBJECTIVES["rms"].screen(plain.setting, batch, inf)[0])
    assert not isinf(OBJECTIVES["rms"].screen(balanced.setting, batch, inf)[0])


def test_unknown_objectives_are_refused(golden: Golden) -> None:
    with golden.raises(SearchError, match="rms"):
        objective_of("rsm")
    with golden.raises(SearchError, match="rms"):
        objective_of("rms*")


@pytest.mark.parametrize(
    "name", ["rms" + " " * 20_000 + "q", "rms^" + " " * 20_000 + "q*rms", "rms^2^2*mean", "rms^*mean"]
)
def test_what_is_no_product_of_powers_is_refused_at_once(name: str) -> None:
    with at_once(), pytest.raises(SearchError, match="unknown objective"):
        objective_of(name)


def test_blanks_in_products_do_not_count() -> None:
    batch = (PointSets.of_points([[0.0, 1.0, -1.0, 2.0, -2.0]]),)
    setting = Search.of("F(4,3)").setting
    plain, spaced = (objective_of(name).screen(setting, batch, inf) for name in ("rms*mean^2", " rms * mean ^ 2 "))
    assert plain == spaced
