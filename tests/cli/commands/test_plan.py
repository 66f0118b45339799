"""`wincook plan` says what `compile` takes; its figures add up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import wincook as wc
from tests.near import near
from wincook.cli.main import main
from wincook.layers import network_layers


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was measured or tuned here."""
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as end:
        main([*words])
    out, err = capsys.readouterr()
    return end.value.code, out, err


def plans(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code, out, err = run(capsys, "plan", *words, "--threads", "1", "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_first_choice_is_what_compile_takes(capsys: pytest.CaptureFixture[str]) -> None:
    (layer,) = plans(capsys, "16x12x12 -> 16, 3x3, padding 1", "--max-error", "120 dB")["layers"]
    planned = wc.kernels.make_plan(wc.Layer(16, 16, (12, 12), (3, 3), 1), max_error="120 dB", threads=1)
    assert layer["layer"] == "16x12x12 -> 16, 3x3, padding 1"
    assert [each["tile"] for each in layer["choices"][0]["algorithms"]] == [str(planned.plans[0].algorithm.tile)]
    assert len(layer["choices"]) == 3
    for choice in layer["choices"]:
        assert choice["error"] <= 1e-6
        assert choice["seconds"] == near(sum(choice["spent"].values()))
        assert choice["spent"][choice["bound_by"]] == max(choice["spent"].values())
        assert choice["measured"] is None


def test_the_time_of_a_network_is_that_of_all_its_layers(capsys: pytest.CaptureFixture[str]) -> None:
    answer = plans(capsys, "--network", "vgg16", "--runners-up", "0")
    assert [(each["name"], each["times"]) for each in answer["layers"]] == [
        (named.name, named.times) for named in network_layers("vgg16")
    ]
    assert answer["seconds"] == near(sum(each["times"] * each["choices"][0]["seconds"] for each in answer["layers"]))
    assert answer["measured_seconds"] is None


def test_text_tells_what_binds_and_that_nothing_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "plan", "64x56x56 -> 64, 3x3, padding 1", "1x2x2 -> 1, 1x1", "--threads", "1")
    assert code == 0
    assert "products: multiplications and sums over the channels" in out
    assert "together: " in out
    assert "wincook doctor --measure" in out
