"""Many sets of points, from the command line and from files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from wincook.cli.point_sets import PointSet, read_point_sets
from wincook.errors import WincookError

Run = Callable[..., tuple[int, str, str]]

FILE = """\
# by error
0, ±5/8, ±3/2, inf   # oneDNN
0,±1,±2,inf

0, ±1, inf
default
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "points.txt"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_file_has_a_set_on_each_line(file: Path) -> None:
    sets = read_point_sets(["0,1,inf", f"@{file}"])
    assert [points.text for points in sets] == [
        "0,1,inf",
        "0, ±5/8, ±3/2, inf",
        "0,±1,±2,inf",
        "0, ±1, inf",
        None,
    ]
    assert sets[2] == PointSet("0,±1,±2,inf", f"{file}, line 3")


@pytest.mark.slow
def test_every_set_is_a_row_of_each_tile_it_fits(run: Run, file: Path) -> None:
    errors = json.loads(run("compare", "F(4,3)", "F(2,3)", "-p", f"@{file}", "--json")[1])
    assert [(row["tile"], row["points"]) for row in errors] == [
        ("F(4,3)", "0, ±5/8, ±3/2, ∞"),
        ("F(4,3)", "0, ±1, ±2, ∞"),
        ("F(2,3)", "0, ±1, ∞"),
    ]
    for command in ("condition", "int8", "verify"):
        rows = 4 if command == "int8" else 3  # the best points known for int8 are none of the file
        more = ("-n", "1", "--filters", "2", "--tiles-per-layer", "2") if command == "int8" else ()
        assert len(json.loads(run(command, "F(4,3)", "F(2,3)", "-p", f"@{file}", "--json", *more)[1])) == rows


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("0,±1,±2,inf\n0,±1,two", "points.txt, line 2: "),
        ("0,±1,±2,inf\n\n# x\n0,±1,±1,inf", "points.txt, line 4: "),
        ("0,±1,±2,inf\n0,±1,±2,3,inf", "points.txt, line 2: F(4,3) needs 6 points"),
        ("# nothing", "points.txt holds no points"),
        ("", "points.txt holds no points"),
        ("\xff", "points.txt is no text in UTF-8"),
    ],
)
def test_a_wrong_line_is_named(run: Run, file: Path, lines: str, said: str) -> None:
    file.write_text(lines, encoding="latin-1" if "\xff" in lines else "utf-8")
    code, out, err = run("analyse", "F(4,3)", "-n", "10", "-p", f"@{file}")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


@pytest.mark.parametrize("words", ["@", "@/nowhere.txt", "@.", "@/dev/null"])
def test_what_is_no_file_is_named(words: str) -> None:
    with pytest.raises(WincookError):
        read_point_sets([words])


def test_a_command_for_one_algorithm_takes_one_set(run: Run, file: Path) -> None:
    assert "0, ±1, ∞" in run("show", "F(2,3)", "-p", "0,±1,inf")[1]
    code, _, err = run("tolerance", "F(4,3)", "-p", f"@{file}")
    assert (code, err.count("\n")) == (2, 1)
    file.write_text("0,±1,±2,inf\n0,±1,±1/2,inf\n", encoding="utf-8")
    assert "2 sets of points fit 'F(4,3)'; give one" in run("show", "F(4,3)", "-p", f"@{file}")[2]
    file.write_text("0,±1,±2,inf\n", encoding="utf-8")
    assert "±2" in run("show", "F(4,3)", "-p", f"@{file}")[1]


def test_a_tile_that_no_set_fits_and_a_set_that_fits_no_tile(run: Run) -> None:
    assert "nothing fits 'F(2,3)'" in run("compare", "F(2,3)", "-p", "0,1,inf", "-p", "0,2,inf")[2]
    assert "nothing fits '0,1'" in run("compare", "F(2,3)", "F(4,3)", "-p", "0,1", "-p", "default")[2]
