from typing import Any

import pytest

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.residue.modular import modular
from wincook.construct.subject import algorithm_of, correlation_of
from wincook.errors import AlgorithmError, NotationError, PointsError, WincookError
from wincook.points import Points
from wincook.tile import Tile

F43 = algorithm("F(4,3)", "0, ±1, ±2, ∞")


@pytest.mark.parametrize(
    "subject",
    [
        F43,
        F43.name,
        "F(4,3) on 0, +-1, +-2, inf",
        ("F(4,3)", "0, ±1, ±2, ∞"),
        [Tile.parse("F(4,3)"), Points.parse("0, ±1, ±2, ∞")],
    ],
    ids=str,
)
def test_an_algorithm_is_known_by_its_tile_and_points(subject: Any) -> None:
    assert algorithm_of(subject) == F43


@pytest.mark.parametrize("subject", ["F(4,3)", Tile.parse("F(4,3)"), ("F(4,3)", None)], ids=str)
def test_a_tile_alone_takes_the_default_points(subject: Any) -> None:
    assert algorithm_of(subject) == algorithm("F(4,3)")
    assert algorithm_of("F(4,3)", "0, ±1, ±2, ∞") == F43


def test_the_name_of_an_algorithm_with_points_per_axis_is_read_back() -> None:
    made = algorithm("F(2x4,3x3)", "0, ±1, ∞; 0, ±1, ±2, ∞")
    assert algorithm_of(made.name) == made


@pytest.mark.parametrize(
    "subject", [None, 3, [0, 1, -1], ("F(4,3)", "0", "1"), F43.axes[0], {}, b"F(4,3)", []], ids=str
)
def test_anything_else_is_refused(subject: Any) -> None:
    with pytest.raises(NotationError, match=r"^algorithm = .* is none; give one that wincook.algorithm makes"):
        algorithm_of(subject)


@pytest.mark.parametrize(
    ("subject", "points", "error"),
    [("F(4;3)", None, NotationError), ("F(4,3) on {0, 1}", None, PointsError), (F43, "0, 1, ∞", PointsError)],
)
def test_what_does_not_fit_is_refused(subject: Any, points: Any, error: type[WincookError]) -> None:
    with pytest.raises(error):
        algorithm_of(subject, points)


@pytest.mark.parametrize("subject", [modular("F(2,3)", 17), F43.flip(), F43.transpose()], ids=str)
def test_only_correlations_of_real_numbers_pass(subject: BilinearAlgorithm) -> None:
    with pytest.raises(AlgorithmError, match=r"^only correlations of real numbers have a cost, not F"):
        correlation_of(subject, "have a cost")
    assert correlation_of("F(4,3)", "have a cost") == algorithm("F(4,3)")
