from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.errors import ShapeError
from wincook.report.data.plain.reproduction import plain_reproduction
from wincook.report.figures.charts.kappa import KappaScatter
from wincook.report.figures.reproduction import picture_of
from wincook.report.tables.reproduction import reproduction_view
from wincook.report.terminal.layout import Layout
from wincook.reproduce.field import FORMATS, MEASURES, OUTPUTS, FieldStudy, field_study, reproduction_of, sets_of
from wincook.reproduce.finding import published


@pytest.fixture(scope="module")
def study() -> FieldStudy:
    return field_study((4,), samples=40, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("m", OUTPUTS)
def test_every_published_set_is_there_once(m: int) -> None:
    sets = sets_of(m)
    as_sets = [frozenset(used.points[0].items) for used in sets]
    assert len(set(as_sets)) == len(sets)
    for row in published("field")["sets"]:
        if row["m"] == m:
            (users,) = (users for used, users in sets.items() if used.points[0] == wc.Points.parse(row["points"]))
            assert set(row["users"]) <= set(users)
    default = wc.algorithm(f"F({m}x{m},3x3)")
    (own,) = (used for used, users in sets.items() if "wincook" in users)
    assert set(own.points[0].items) == set(default.points[0].items)
    assert any("NOVA 2025" in users for users in sets.values())
    assert any("TVM" in users for users in sets.values())


@pytest.mark.slow
def test_condition_numbers_are_those_of_numpy(study: FieldStudy) -> None:
    for used in study.sets:
        finite = np.array(used.algorithm.points[0].finite, dtype=float)
        assert used.kappa_finite == near(np.linalg.cond(np.vander(finite)), rel=1e-9)
        axis = wc.construct.balance(used.algorithm).axes[0]
        matrices = (np.array(matrix.evalf(20), dtype=float) for matrix in (axis.AT, axis.G, axis.BT))
        assert used.kappa_balanced == near(np.prod([np.linalg.cond(matrix) for matrix in matrices]), rel=1e-9)


@pytest.mark.slow
def test_errors_are_of_the_formats_and_predicted_well(study: FieldStudy) -> None:
    for used in study.sets:
        assert tuple(str(row.precision) for row in used.rows) == FORMATS
        assert all(row.error == near(row.predicted.relative_rms, rel=0.35) for row in used.rows)
        assert all(small.error * 100 < large.error for small, large in pairwise(used.rows[:2]))


@pytest.mark.slow
@pytest.mark.parametrize("measure", MEASURES)
def test_correlations_are_those_of_scipy(study: FieldStudy, measure: str) -> None:
    for place in range(len(FORMATS)):
        pairs = study.pairs("F(4x4,3x3)", measure, place)
        assert len(pairs) == len(study.sets)
        expected = stats.spearmanr(*np.transpose(pairs)).statistic
        assert study.correlation("F(4x4,3x3)", measure, place) == pytest.approx(expected, abs=1e-9)


@pytest.mark.slow
def test_the_study_in_words_and_as_json(study: FieldStudy, golden: Golden) -> None:
    reproduction = reproduction_of(study)
    assert reproduction.holds
    golden.text(Layout().text(reproduction_view(reproduction)))
    data = json.loads(json.dumps(plain_reproduction(reproduction), allow_nan=False))
    (field,) = data["studies"]
    assert field["kind"] == "field"
    assert [entry["users"] for entry in field["sets"]] == [list(used.users) for used in study.sets]
    assert field["correlations"]["F(4x4,3x3)"]["predicted"]["float32"] > 0.8
    assert len(reproduction.records()) == len(study.sets)


@pytest.mark.slow
def test_the_picture_has_two_condition_numbers_for_each_tile(study: FieldStudy) -> None:
    scatter = picture_of(reproduction_of(study))
    assert isinstance(scatter, KappaScatter)
    assert [measure.spearman for measure in scatter.measures] == [
        study.correlation("F(4x4,3x3)", measure, 0) for measure in ("kappa_finite", "kappa_balanced")
    ]
    assert scatter.measures[0].errors == tuple(used.rows[0].error for used in study.sets)


def test_bad_input(golden: Golden) -> None:
    with golden.raises(ShapeError, match="samples"):
        field_study(samples=0)
