"""Points to start from."""

import numpy as np
import pytest

from tests.golden import Golden
from wincook.errors import PointsError
from wincook.points import Points
from wincook.points.default import default_source


@pytest.mark.parametrize("number", range(1, 61))
def test_default_gives_so_many_distinct_points_with_infinity(number: int) -> None:
    points = Points.default(number)
    assert len(points) == len(set(points)) == number
    assert points.has_infinity


def test_default_points_for_f23_are_winograds() -> None:
    assert str(Points.default(4)) == "0, ±1, ∞"


@pytest.mark.parametrize("number", [0, -1])
def test_default_refuses_fewer_than_one_point(number: int, golden: Golden) -> None:
    with golden.raises(PointsError, match="1"):
        Points.default(number)


def test_a_default_of_any_kind_of_integer(golden: Golden) -> None:
    assert Points.default(np.int64(8)) == Points.default(8)  # type: ignore[arg-type]
    for wrong in (1.5, "8", True, 0, 10**30):
        with golden.raises(PointsError):
            Points.default(wrong)  # type: ignore[arg-type]


def test_the_sets_and_who_published_them(golden: Golden) -> None:
    golden.text("\n".join(f"{number}: {Points.default(number)} ({default_source(number)})" for number in range(1, 25)))
