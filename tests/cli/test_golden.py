"""What people read of every command, as golden files: its help at 80 columns, its answer in a pipe, its errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.main import get_group

from tests.cli.conftest import Run
from tests.golden import Golden
from wincook.cli.main import app

COMMANDS = sorted(get_group(app).commands)
F43 = ("F(4,3)", "--points", "0,±1,±2,inf")
ANSWERS = {
    "show": ("show", *F43, "--programs"),
    "show-after": ("show", *F43, "--after", "share ± rows"),
    "show-latex": ("show", *F43, "--as", "latex"),
    "show-c": ("show", "F(2,3)", "--as", "c"),
    "condition": ("condition", "F(2,3)", "F(4,3)"),
    "analyse": ("analyse", "F(2x2,3x3)", "--samples", "50"),
    "compare": ("compare", "F(2x2,3x3)", "F(4x4,3x3)", "--format", "float32", "--format", "float16"),
    "compare-sweep": ("compare", "F(4,3)", "--points", "0,±a,±1/a,inf", "--sweep", "a=1/2:2:1/4"),
    "tolerance": ("tolerance", "F(4x4,3x3)", "--channels", "64"),
    "ranges": ("ranges", "F(4x4,3x3)", "--format", "float16", "--channels", "64"),
    "int8": ("int8", "F(2x2,3x3)", "--channels", "4", "--layers", "1"),
    "residues": ("residues", "F(4,3)"),
    "reproduce": ("reproduce",),
    "reproduce-paper": ("reproduce", "meng2019"),
}
WITHOUT_ANSWERS = {"convert", "demo", "doctor", "emit", "search", "plan", "bench", "sparse"}  # times, machines, files
WITH_FILES = {"verify", "view", "diff", "atlas"}  # in tests of their own
ERRORS = {
    "no command": ("nothing",),
    "no tile": ("show",),
    "bad tile": ("show", "F(4;3)"),
    "bad points": ("show", "F(4,3)", "--points", "0,±1,q"),
    "too few points": ("show", "F(4,3)", "--points", "0,1"),
    "unknown option": ("show", "F(4,3)", "--nothing"),
    "unknown pass": ("show", "F(4,3)", "--after", "share"),
    "unknown export": ("show", "F(4,3)", "--as", "word"),
    "unknown format": ("analyse", "F(4,3)", "--format", "float17"),
    "no channels": ("analyse", "F(4,3)", "--channels", "0"),
    "no number": ("analyse", "F(4,3)", "--channels", "many"),
    "unknown law": ("analyse", "F(4,3)", "--law", "cauchy"),
    "missing file": ("verify", "none.json"),
    "too much work": ("show", "F(999999,3)"),
    "unknown paper": ("reproduce", "nobody1999"),
    "nothing to plan": ("plan",),
    "no layer": ("bench", "64x56x56"),
    "unknown network": ("plan", "--network", "resnet"),
    "no error at all": ("plan", "4x9x9 -> 4, 3x3", "--max-error", "1e-20"),
    "no decibels": ("bench", "4x9x9 -> 4, 3x3", "--max-error", "loud"),
}


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str, run: Run, golden: Golden) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    golden.text(out)


def test_help_of_all(run: Run, golden: Golden) -> None:
    golden.text(run("--help")[1])


@pytest.mark.slow
@pytest.mark.parametrize("answer", ANSWERS)
def test_answer(answer: str, run: Run, golden: Golden) -> None:
    code, out, err = run(*ANSWERS[answer])
    assert (code, err) == (0, "")
    golden.text(out)


def test_a_verdict(run: Run, golden: Golden, tmp_path: Path) -> None:
    file = tmp_path / "f23.py"
    file.write_text(
        "AT = [[1, 1, 1, 0], [0, 1, -1, -1]]\nG = [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]\n"
    )
    file.write_text(f"{file.read_text()}BT = [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, 1]]\n")
    code, out, err = run("verify", str(file))
    assert (code, err) == (1, "")
    golden.text(out)


def test_saved_runs(run: Run, golden: Golden, tmp_path: Path) -> None:
    runs = [str(tmp_path / name) for name in ("first.json", "second.json")]
    for channels, saved in zip("14", runs, strict=True):
        assert run("compare", "F(2x2,3x3)", "--channels", channels, "--save", saved)[0] == 0
    golden.text(run("view", runs[0])[1], "view")
    golden.text(run("diff", *runs)[1], "diff")


@pytest.mark.parametrize("error", ERRORS)
def test_error(error: str, run: Run, golden: Golden) -> None:
    code, out, err = run(*ERRORS[error])
    assert (code, out, err.count("\n")) == (2, "", 1)
    golden.text(err)


def test_every_command_is_here() -> None:
    assert {words[0] for words in ANSWERS.values()} | WITHOUT_ANSWERS | WITH_FILES == set(COMMANDS)
