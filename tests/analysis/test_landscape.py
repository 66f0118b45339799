from __future__ import annotations

from fractions import Fraction
from math import isnan
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.landscape import Landscape, landscape
from wincook.errors import FormatError, LimitError, NotationError, PointsError, ShapeError, WincookError
from wincook.reproduce.alam2022 import family_points

GROUP = "0, ±a, ±1/a, ∞"


@pytest.fixture(scope="module")
def group() -> Landscape:
    return landscape("F(4,3)", GROUP, {"a": "1/2:1:1/8"})


def test_errors_are_those_of_the_symbolic_algorithm_with_values(group: Landscape) -> None:
    """`landscape` makes each set by itself; the matrices over the field of the symbol are another way to them."""
    symbolic = wc.algorithm("F(4,3)", GROUP)
    assert group.values == (tuple(Fraction(k, 8) for k in range(4, 9)),)
    for value, error in zip(group.values[0][:-1], group.errors[:-1], strict=True):
        assert error == wc.predict(symbolic.at(a=value)).relative_rms


def test_where_points_coincide_there_is_no_error(group: Landscape) -> None:
    assert np.isnan(group.errors).tolist() == [False] * 4 + [True]
    (gap,) = group.gaps
    assert gap.values == (Fraction(1),)
    assert "stands twice" in gap.gap
    assert (gap.points, gap.point_names, gap.prediction, isnan(gap.error)) == ((), "", None, True)


def test_the_best_place_has_the_least_error(group: Landscape) -> None:
    assert group.best.error == np.nanmin(group.errors)
    assert group.best.point_names == wc.algorithm("F(4,3)", GROUP).at(a=group.best.values[0]).point_names
    assert group.where(group.best) in str(group)
    assert repr(group).startswith("<Landscape F(4,3) on {0, ±a, ±1/a, ∞} in float32")


def test_the_group_of_alam_2022_is_the_set_of_its_candidate() -> None:
    (place,) = landscape("F(6,3)", "0, ±a, ±1/a, ±1, ∞", {"a": ["1/2"]}).places
    points = family_points(6, (Fraction(1, 2),))
    assert place.point_names == points
    assert place.error == wc.predict(("F(6,3)", points)).relative_rms


def test_two_symbols_are_two_axes() -> None:
    errors = landscape("F(2x2,3x3)", "0, ±a, ∞; 0, ±b, ∞", {"b": [1, 2], "a": ["1/2", 1, 3]}).errors
    assert errors.shape == (2, 3)
    expected = wc.predict(("F(2x2,3x3)", "0, ±3, ∞; 0, ±2, ∞")).relative_rms
    assert errors[1, 2] == expected
    assert len(np.unique(errors)) == 6


def test_format_channels_and_law_are_those_of_the_prediction() -> None:
    (place,) = landscape("F(2,3)", "0, ±a, ∞", {"a": ["3/4"]}, "float16", 64, "relu").places
    assert place.prediction == wc.predict(("F(2,3)", "0, ±3/4, ∞"), "float16", 64, "relu")


def test_what_a_format_cannot_hold_is_a_gap() -> None:
    found = landscape("F(4,3)", "0, ±1, ±a, ∞", {"a": [2, 100]}, "float16")
    (gap,) = found.gaps
    assert gap.values == (Fraction(100),)
    assert "float16" in gap.gap
    assert gap.point_names == "0, ±1, ±100, ∞"


def test_progress_counts_sets_and_may_end_the_work() -> None:
    counts: list[int] = []

    def progress(done: int) -> bool:
        counts.append(done)
        return done < 4

    found = landscape("F(2x2,3x3)", "0, ±a, ∞; 0, ±b, ∞", {"a": [1, 2, 3], "b": [1, 2]}, progress=progress)
    assert counts == [2, 4]
    assert found.values == ((Fraction(1), Fraction(2)),) * 2
    assert found.errors.shape == (2, 2)


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ({"sweeps": {}}, NotationError, "0 symbols"),
        ({"sweeps": {"a": [1], "b": [1], "c": [1]}}, NotationError, "3 symbols"),
        ({"sweeps": {"b": [1]}}, PointsError, "'b'; it has a"),
        ({"sweeps": {1: [1]}}, PointsError, "1"),
        ({"points": "0, ±a, ±b, ∞"}, PointsError, "^b of F"),
        ({"points": "0, ±1, ±2, ∞"}, PointsError, "'a'"),
        ({"points": "0, ±a, ∞"}, PointsError, "needs 6"),
        ({"sweeps": {"a": []}}, NotationError, "'a'"),
        ({"sweeps": {"a": "1:1/2:1/8"}}, NotationError, "1:1/2:1/8"),
        ({"sweeps": {"a": "1/2:1:0"}}, NotationError, "1/2:1:0"),
        ({"sweeps": "a=1/2"}, NotationError, "a=1/2"),
        ({"sweeps": {"a": ["1", "-1"]}}, PointsError, "a = -1: .*stands twice"),
        ({"format": "float99"}, FormatError, "float99"),
        ({"law": "cauchy"}, NotationError, "cauchy"),
        ({"channels": 0}, ShapeError, "channels = 0"),
        ({"progress": 3}, NotationError, "progress = 3"),
    ],
)
def test_bad_input_is_named(words: dict[str, Any], error: type[WincookError], said: str, golden: Golden) -> None:
    with golden.raises(error, match=said):
        landscape(**{"tile": "F(4,3)", "points": GROUP, "sweeps": {"a": "1/2:3/4:1/8"}} | words)


def test_too_many_sets_are_refused_before_any_is_made(monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.setattr("wincook.analysis.prediction.predict.prediction_of", pytest.fail)
    axis = "1/1000:4:1/1000"
    with golden.raises(LimitError, match="16000000 sets"):
        landscape("F(4,3)", "0, ±a, ±b, ∞", {"a": axis, "b": axis})
