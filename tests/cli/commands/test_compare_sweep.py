"""`wincook compare --sweep`: what answers, what is drawn, what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import wincook as wc
from tests.cli.conftest import Run
from tests.golden import Golden
from wincook.analysis.landscape import landscape

GROUP = ("compare", "F(4,3)", "-p", "0,±a,±1/a,inf")
PLANE = ("compare", "F(4,3)", "-p", "0,±a,±b,inf", "--sweep", "a=1/2:3/4:1/8", "--sweep", "b=1:2:1/2")


def test_json_has_a_record_for_each_set(run: Run) -> None:
    code, out, err = run(*GROUP, "--sweep", "a=1/2:1:1/8", "-f", "fp32", "-f", "fp16", "-c", "8", "--json")
    assert (code, err) == (0, "")
    expected = [landscape("F(4,3)", "0,±a,±1/a,∞", {"a": "1/2:1:1/8"}, fmt, 8) for fmt in ("float32", "float16")]
    assert json.loads(out) == [record for found in expected for record in found.records()]


def test_csv_has_a_row_for_each_pair_of_values(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*PLANE, "--as", "csv")[1])))
    assert [(row["a"], row["b"]) for row in rows] == [(a, b) for a in ("1/2", "5/8", "3/4") for b in ("1", "3/2", "2")]
    (least,) = [row for row in rows if row["least"] == "True"]
    assert float(least["predicted"]) == wc.predict(("F(4,3)", least["points"])).relative_rms


def test_the_answer_marks_the_least(run: Run) -> None:
    code, out, _ = run(*GROUP, "--sweep", "a=1/2:1:1/8")
    assert code == 0
    assert out.count("★") == 2
    assert "None at a = 1" in out


def test_several_tiles_and_sets_answer_in_turn(run: Run, tmp_path: Path) -> None:
    sets = tmp_path / "sets.txt"
    sets.write_text("0,±a,inf  # a pair\n0,±a,±1/a,inf\n", encoding="utf-8")
    words = ("compare", "F(2,3)", "F(4,3)", "-p", f"@{sets}", "--sweep", "a=1/2:3/4:1/4", "--json")
    families = [(record["tile"], record["family"]) for record in json.loads(run(*words)[1])]
    assert families == [("F(2,3)", "0, ±a, ∞")] * 2 + [("F(4,3)", "0, ±a, ±1/a, ∞")] * 2


def test_other_symbols_have_values_of_their_own(run: Run) -> None:
    words = ("compare", "F(4,3)", "-p", "0,±a,±b,inf", "--at", "b=√2", "--sweep", "a=1/2:1/2:1", "--json")
    (record,) = json.loads(run(*words)[1])
    assert record["points"] == "0, ±1/2, ±√2, ∞"


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
@pytest.mark.parametrize("words", [(*GROUP, "--sweep", "a=1/2:1:1/8"), PLANE], ids=["lines", "map"])
def test_a_picture_is_drawn_beside_the_answer(run: Run, tmp_path: Path, ending: str, words: tuple[str, ...]) -> None:
    code, out, err = run(*words, "--plot", str(tmp_path / f"a.{ending}"), "--theme", "dark")
    assert (code, err) == (0, "")
    assert "★" in out
    assert [path.name for path in tmp_path.iterdir()] == [f"a.{ending}"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*GROUP, "--sweep", "b=1:2:1"), "'b'"),
        (("compare", "F(4,3)", "-p", "0,±a,±b,inf", "--sweep", "a=1:2:1"), "b of F(4,3)"),
        ((*GROUP, "--sweep", "a=2:1:1/8"), "2:1:1/8"),
        ((*GROUP, "--sweep", "a=1:2:0"), "1:2:0"),
        ((*GROUP, "--sweep", "a=1:2"), "1:2"),
        ((*GROUP, "--sweep", "a"), "'a'"),
        ((*GROUP, "--sweep", ""), "''"),
        ((*GROUP, "--sweep", "a=1:2:1", "--sweep", "a=1:3:1"), "'a'"),
        ((*GROUP, "--sweep", "a=1:2:1", "--sweep", "b=1:2:1", "--sweep", "c=1:2:1"), "3 symbols"),
        ((*GROUP, "--sweep", "a=1:1:1"), "a = 1"),
        ((*GROUP, "--sweep", "a=0:1e9:1e-9"), "4,096"),
        ((*GROUP, "--sweep", "a=1/9:2:0.001,5"), "0.001,5"),
        (("compare", "F(4,3)", "--sweep", "a=1:2:1"), "symbols"),
        (("compare", "F(4,3)", "-p", "default", "--sweep", "a=1:2:1"), "symbols"),
        (("compare", "F(4,3)", "-p", "0,±1,±2,inf", "--sweep", "a=1:2:1"), "'a'"),
        (("compare", "F(4,3)", "-p", "0,±a,inf", "--sweep", "a=1:2:1"), "needs 6"),
        (("compare", "f43.json", "-p", "0,±a,inf", "--sweep", "a=1:2:1"), "f43"),
        ((*GROUP, "--at", "a=1/2", "--sweep", "a=1:2:1"), "'a'"),
        ((*GROUP, "--sweep", "a=2:3:1", "--samples", "9", "--gauge", "balance"), "--gauge, --samples"),
        ((*GROUP, "--sweep", "a=2:3:1", "--plot", "a.gif"), "'.gif'"),
        ((*PLANE, "-f", "fp32", "-f", "fp16", "--plot", "a.png"), "not 2"),
        (
            ("compare", "F(4,3)", "-p", "0,±a,±b,inf", "--sweep", "a=1/999:4:1/999", "--sweep", "b=1/999:4:1/999"),
            "ceiling",
        ),
    ],
)
def test_bad_input_is_one_line_before_any_work(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str, golden: Golden
) -> None:
    monkeypatch.setattr("wincook.analysis.prediction.predict.prediction_of", pytest.fail)
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    golden.text(err)
    assert said in err
