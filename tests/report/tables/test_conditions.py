from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from tests.golden import Golden
from tests.near import near
from wincook.cli.group import command_named
from wincook.errors import NotationError

app = command_named("condition")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    app(list(words), standalone_mode=False)
    return capsys.readouterr().out


@pytest.mark.slow
def test_all_forms_hold_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("F(4,3)", "F(8x8,3x3)", "--points", "0,±1,±2,∞")
    with pytest.raises(ValueError, match="needs 10 points"):
        run(capsys, *words)
    words = ("F(4,3)", "F(4x4,3x3)", "--points", "0,±1,±2,∞")
    line, plane = json.loads(run(capsys, *words, "--json"))
    assert plane["raw"]["BT"]["kappa_2"] == near(line["raw"]["BT"]["kappa_2"] ** 2, rel=1e-12)
    rows = list(csv.DictReader(StringIO(run(capsys, *words, "--as", "csv"))))
    assert len(rows) == 2 * (3 * 4 + 2)
    assert float(rows[2]["κ₂"]) == line["raw"]["BT"]["kappa_2"]
    assert (rows[12]["matrix"], float(rows[12]["‖·‖∞"])) == ("V", 63.0)
    kappa = f"{line['raw']['BT']['kappa_2']:.5g}"
    latex = run(capsys, *words, "--as", "latex")
    assert f"${kappa}$" in latex
    assert latex.count(r"\\") == 1 + len(rows)
    table = run(capsys, *words)
    assert kappa in table
    assert "V without ∞" in table


def test_json_says_why_there_is_no_vandermonde_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("F(4,3)", "--points", "0,±1,x^2+1,∞")
    data = json.loads(run(capsys, *words, "--json"))[0]
    assert data["vandermonde"] is None
    assert "x^2+1 is a factor" in data["without_vandermonde"]
    assert "x^2+1 is a factor" in run(capsys, *words)
    assert "% no Vandermonde matrix" in run(capsys, *words, "--as", "latex")


def test_one_form_at_a_time(golden: Golden) -> None:
    with golden.raises(NotationError):
        app(["F(4,3)", "--json", "--as", "csv"], standalone_mode=False)
