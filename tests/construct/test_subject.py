from pathlib import Path
from typing import Any

import pytest

from tests.golden import Golden
from tests.hang import at_once
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.residue.modular import modular
from wincook.construct.subject import algorithm_of, correlation_of, names_file
from wincook.errors import AlgorithmError, DataError, NotationError, OutputError, PointsError, ShapeError, WincookError
from wincook.interchange.write.export import write_export
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
    f24 = algorithm("F(2x4,3x3)", "0, ±1, ∞; 0, ±1, ±2, ∞")
    assert algorithm_of(f24.name) == f24


@pytest.mark.parametrize(
    "subject", [None, 3, [0, 1, -1], ("F(4,3)", "0", "1"), F43.axes[0], {}, b"F(4,3)", []], ids=str
)
def test_anything_else_is_refused(subject: Any, golden: Golden) -> None:
    with golden.raises(NotationError, match="algorithm ="):
        algorithm_of(subject)


@pytest.mark.parametrize(
    ("subject", "points", "error"),
    [("F(4;3)", None, NotationError), ("F(4,3) on {0, 1}", None, PointsError), (F43, "0, 1, ∞", PointsError)],
)
def test_what_does_not_fit_is_refused(subject: Any, points: Any, error: type[WincookError]) -> None:
    with pytest.raises(error):
        algorithm_of(subject, points)


@pytest.mark.parametrize("subject", [modular("F(2,3)", 17), F43.flip(), F43.transpose()], ids=str)
def test_only_correlations_of_real_numbers_pass(subject: BilinearAlgorithm, golden: Golden) -> None:
    with golden.raises(AlgorithmError):
        correlation_of(subject, "have a cost")
    assert correlation_of("F(4,3)", "have a cost") == algorithm("F(4,3)")


AT = "AT = [[1, 1, 1, 0], [0, 1, -1, 1]]"
WRONG_G = "G = [[1, 0, 1], [1/2, 1/2, 1/2], [1/2, -1/2, 1/2], [0, 0, 1]]"
G = "G = [[1, 0, 0], [1/2, 1/2, 1/2], [1/2, -1/2, 1/2], [0, 0, 1]]"
BT = "BT = [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]]"


@pytest.fixture
def f23(tmp_path: Path) -> Path:
    """Somebody's F(2,3) in Python."""
    path = tmp_path / "winograd.py"
    path.write_text(f"{AT}\n{G}\n{BT}")
    return path


@pytest.mark.parametrize("of", [Path, str])
def test_a_file_of_matrices_is_an_algorithm(f23: Path, of: type) -> None:
    read = algorithm_of(of(f23))
    assert (read.tile, read.points, read.kind) == (Tile((2,), (3,)), (), "correlation")
    assert read.axes[0].BT.tolist() == [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]]
    assert correlation_of(of(f23), "have a cost", dimension=2).tile == Tile((2, 2), (3, 3))


def test_text_is_a_file_if_it_ends_like_one_or_is_one(
    f23: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "F(2,3)").write_text("no suffix: the text is a tile")
    odd = tmp_path / "matrices.2026-11"
    odd.write_bytes(f23.read_bytes())
    assert algorithm_of("winograd.py") == algorithm_of(str(odd)) == algorithm_of("matrices.2026-11")
    assert algorithm_of("F(2,3)") == algorithm("F(2,3)")
    assert [names_file(text) for text in ("f.json", "a b/AT.py", "F(4,3).npz", "./f.h")] == [True] * 4
    tiles = ["F(4,3)", "4x4,3x3", "F(2,3) on {0, 1, 0.5, ∞}", "0.5", ".py", "a\0.json", "x" * 10**5, "F(4,3.a)", "a/.b"]
    assert [names_file(text) for text in tiles] == [False] * len(tiles)


def test_what_wincook_wrote_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "f43.json"
    write_export(F43, "json", path)
    assert algorithm_of(path) == F43


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (f"{AT}\n{WRONG_G}\n{BT}", AlgorithmError),
        (AT, DataError),
        ("nothing", DataError),
    ],
    ids=["wrong", "one matrix", "none"],
)
def test_what_is_not_proven_is_refused(
    f23: Path,
    text: str,
    error: type[WincookError],
    golden: Golden,
) -> None:
    f23.write_text(text)
    with golden.raises(error):
        algorithm_of(f23)


def test_files_that_are_not_there_and_points_beside_a_file_are_refused(f23: Path, golden: Golden) -> None:
    with golden.raises(OutputError):
        algorithm_of("nowhere.json")
    with golden.raises(PointsError):
        algorithm_of(f23, "0, 1, ∞")


def test_one_axis_serves_for_each(golden: Golden) -> None:
    assert algorithm_of(F43, dimension=2) == algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞")
    assert algorithm_of("F(2,3)", dimension=3) == algorithm("F(2x2x2,3x3x3)")
    assert algorithm_of("F(2,3)", dimension=1) == algorithm("F(2,3)")
    algorithm_of(F43, dimension=2).verify()
    with golden.raises(AlgorithmError, match=r"F\(2x4,3x3\).*2.*3"):
        algorithm_of("F(2x4,3x3)", dimension=3)
    with golden.raises(ShapeError, match="dimension = 0"):
        algorithm_of("F(2,3)", dimension=0)


@pytest.mark.parametrize(
    "text", [" " * 20_000, "F(2,3)" + " " * 20_000 + "x", "F(2,3) on" + " " * 20_000 + "}{", "x on " * 5000]
)
def test_thousands_of_blanks_are_no_algorithm_and_take_no_time(text: str) -> None:
    with at_once(), pytest.raises(WincookError):
        algorithm_of(text)


def test_blanks_and_braces_around_the_points_do_not_count() -> None:
    for text in ("F(2,3) on {0, ±1, ∞}", "F(2,3)\n on   0, ±1, ∞ ", " F(2,3) on { 0, ±1, ∞ } "):
        assert algorithm_of(text) == algorithm("F(2,3)", "0, ±1, ∞")
