from __future__ import annotations

import json

import pytest

from tests.golden import Golden
from wincook.cli.group import command_named
from wincook.errors import FormatError, NotationError

app = command_named("ranges")


def run(*arguments: str) -> int:
    return int(app(list(arguments), standalone_mode=False) or 0)


@pytest.mark.slow
def test_faults_are_named_with_cures_and_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("F(8x8,3x3)", "-p", "0, ±1, ±1/2, ±2, -1/4, 4, ∞", "--range", "16") == 1
    out = capsys.readouterr().out
    assert "V overflows float16: up to 8.3e+04 > 65504" in out
    assert "remedy: --gauge balance, after which every stage fits" in out
    assert run("F(8x8,3x3)", "-p", "0, ±1, ±1/2, ±2, -1/4, 4, ∞", "--range", "16", "--gauge", "balance") == 0
    assert "every stage fits its format" in capsys.readouterr().out


def test_json_holds_exact_magnitudes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("F(2,3)", "--format", "float32", "--filter-range", "2/3", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert [stage["largest"] for stage in data["stages"].values()] == ["2", "1", "2", "2", "2", "2", "2"]
    assert data["faults"] == data["remedies"] == []


def test_bits_are_of_whole_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("F(2x2,3x3)", "--bits", "8", "--channels", "64", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["bits"]["V"] == 10
    assert data["divisor"] == 4
    assert run("F(2x2,3x3)", "--bits", "8") == 0
    assert "the last step divides by 4" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("choice", [[], ["--gauge", "integer"], ["--basis", "legendre"]], ids=" ".join)
def test_sums_may_wrap_around_if_one_says_so(
    capsys: pytest.CaptureFixture[str], choice: list[str], golden: Golden
) -> None:
    arguments = ["F(4x4,3x3)", "-p", "0,±1,±2,∞", "--bits", "8", "-c", "64", *choice]
    for wrap, bits, words in (([], 36, "nothing wraps around"), (["--wrap"], 34, "sums may wrap around")):
        assert run(*arguments, *wrap, "--json") == 0
        data = json.loads(capsys.readouterr().out)
        assert (data["bits"]["output"], data["wrap"]) == (bits, bool(wrap))
        assert run(*arguments, *wrap) == 0
        assert words in " ".join(capsys.readouterr().out.split())
    with golden.raises(NotationError):
        run("F(2,3)", "--wrap")


def test_bad_input_is_an_error_of_the_family(golden: Golden) -> None:
    with golden.raises(FormatError, match="'float17'"):
        run("F(2,3)", "--format", "float17")
