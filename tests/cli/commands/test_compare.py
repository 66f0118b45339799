from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.golden import Golden
from wincook.cli.commands import compare
from wincook.cli.group import command_named
from wincook.errors import NotationError, OutputError, WincookError

app = command_named("compare")
WORDS = ["F(2x2,3x3)", "F(4x4,3x3)", "-p", "default", "-p", "0,±1,±2,inf", "-f", "float32", "-f", "float16"]


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    app([*WORDS, *words], standalone_mode=False)
    return capsys.readouterr().out


def test_the_table_marks_the_front(capsys: pytest.CaptureFixture[str]) -> None:
    out = answer(capsys, "-c", "64")
    starred = [line for line in out.splitlines() if line.endswith("★") and line.startswith("F(")]
    assert len(starred) == 4
    assert not any("±2" in line for line in starred)
    assert "law uniform" in out
    assert "measured" not in out


def test_a_sample_has_columns_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    out = answer(capsys, "-n", "20", "--seed", "7")
    assert "measured" in out
    assert "overflows" in out
    assert "20 tiles, seed 7" in out


@pytest.mark.slow
def test_csv_and_json_hold_the_same_records(capsys: pytest.CaptureFixture[str]) -> None:
    records = json.loads(answer(capsys, "-n", "20", "--json"))
    rows = list(csv.DictReader(io.StringIO(answer(capsys, "-n", "20", "--as", "csv"))))
    assert [row["algorithm"] for row in rows[:2]] == ["direct convolution, 3×3 taps"] * 2
    for row, record in zip(rows[2:], records, strict=True):
        assert row["algorithm"] == f"{record['tile']} on {{{record['points']}}}"
        assert float(row["measured"]) == record["measured_relative_rms"]
        assert float(row["predicted"]) == record["predicted_relative_rms"]
        assert row["Pareto"] == str(record["pareto"])
    assert [(record["tile"], record["format"]) for record in records if record["pareto"]] == [
        (tile, fmt) for tile in ("F(2x2,3x3)", "F(4x4,3x3)") for fmt in ("float32", "float16")
    ]
    assert records[0]["speedup"] == 2.25


@pytest.mark.slow
def test_a_plot_is_drawn_beside_the_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = answer(capsys, "--plot", str(tmp_path / "front.svg"), "--theme", "dark")
    assert "★" in out
    assert (tmp_path / "front.svg").read_text(encoding="utf-8").count("#14191f") > 0
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (("--plot", "front.gif"), OutputError, r"'\.gif'"),
        (("--plot", "front"), OutputError, "''"),
        (("--plot", "/dev/null/front.png"), OutputError, None),
        (("--plot", "front.png", "--theme", "blue"), NotationError, "'blue'"),
        (("--as", "csv", "--json"), NotationError, None),
    ],
    ids=["gif", "no ending", "no place", "theme", "two answers"],
)
def test_bad_input_is_refused_before_any_work(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], error: type[WincookError], said: str | None, golden: Golden
) -> None:
    monkeypatch.setattr(compare, "compare_algorithms", pytest.fail)
    with golden.raises(error, match=said):
        app([*WORDS, *words], standalone_mode=False)
