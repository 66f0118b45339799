from __future__ import annotations

import json
import signal

import pytest

from tests.golden import Golden
from wincook.cli.group import command_named
from wincook.cli.watch import Watch
from wincook.errors import FormatError

app = command_named("int8")

SMALL = ("--layers", "1", "--tiles-per-layer", "8", "--filters", "2")


def test_prediction_and_sample_stand_apart(capsys: pytest.CaptureFixture[str]) -> None:
    app(["F(2x2,3x3)", "F(4,3)", *SMALL], standalone_mode=False)
    out = capsys.readouterr().out
    assert "Predicted SQNR: C = 64, law relu, int8, U by tap, V by tap, max" in out
    assert "Measured SQNR: 1 layers of 8 tiles and 2 filters, seed 0" in out


def test_json_holds_the_scheme_and_the_decibels(capsys: pytest.CaptureFixture[str]) -> None:
    app(["F(2x2,3x3)", *SMALL, "--bits", "6", "--powers-of-two", "--json"], standalone_mode=False)
    (data,) = json.loads(capsys.readouterr().out)
    assert data["scheme"]["bits"] == 6
    assert data["scheme"]["powers_of_two"] is True
    assert 15 < data["measured_db"] < data["direct_db"] < 30


def test_scales_by_channel_are_refused(golden: Golden) -> None:
    with golden.raises(FormatError):
        app(["F(2,3)", "--filter-scales", "channel"], standalone_mode=False)


def test_ctrl_c_ends_the_layers_and_reports_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = Watch.progress

    def pressed(self: Watch, done: int) -> bool:
        if self._base:
            signal.raise_signal(signal.SIGINT)
        return progress(self, done)

    monkeypatch.setattr(Watch, "progress", pressed)
    words = ["F(2,3)", "F(4,3)", "F(6,3)", "-c", "2", "-n", "3", "--json"]
    assert app(words, standalone_mode=False) == 130
    assert [report["layers"] for report in json.loads(capsys.readouterr().out)] == [3, 1]
