from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks.peers import __main__ as program
from benchmarks.peers import contender
from benchmarks.peers.contender import Absent, Contender, Task, engines, prepare
from benchmarks.peers.layers import NamedLayer
from wincook import Layer

TINY = NamedLayer("tests", "tiny", Layer(3, 4, (6, 6), (3, 3), padding=1), 1)


def engine(run: Any) -> Any:
    """One that computes whatever `run` returns."""
    return SimpleNamespace(PACKAGE="numpy", VARIANTS=("",), prepare=lambda *_: Contender(run, lambda y: y))


@pytest.mark.slow
def test_kernels_of_one_layer_are_compared_with_direct_convolution(monkeypatch: pytest.MonkeyPatch) -> None:
    kernels, _ = engines()
    monkeypatch.setattr(kernels["wincook"], "VARIANTS", kernels["wincook"].VARIANTS[:2])
    zeros = engine(lambda: np.zeros(TINY.layer.output_shape, np.float32))
    broken = engine(lambda: 1 / 0)
    result = program.compare(TINY, 1, {"wincook": kernels["wincook"], "zeros": zeros, "broken": broken}, 0, rounds=1)
    errors = {outcome.name: outcome.error for outcome in result.outcomes}
    assert errors.pop("zeros") == 1
    assert len(errors) == len(kernels["wincook"].VARIANTS)
    assert max(errors.values()) < 1e-4
    assert result.absent == {"broken": "failed: division by zero"}


def test_an_engine_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contender, "ENGINES", ("ncnn",))
    monkeypatch.delitem(sys.modules, "benchmarks.peers.engines.ncnn", raising=False)
    monkeypatch.setitem(sys.modules, "ncnn", None)
    present, missing = engines()
    assert not present
    assert missing["ncnn"].startswith("not installed: ")


def test_what_engines_print_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    task = Task(TINY.layer, np.zeros(1, np.float32), np.zeros(1, np.float32), 1)
    prepare(engine(lambda: os.write(1, b"hello") and task.x), "", task)
    assert capfd.readouterr() == ("", "")


def test_what_goes_wrong_in_an_engine_is_why_it_is_absent() -> None:
    with pytest.raises(Absent, match="failed: division by zero"):
        prepare(engine(lambda: 1 / 0), "", Task(TINY.layer, np.zeros(1, np.float32), np.zeros(1, np.float32), 1))


def test_layers_are_chosen_by_group_or_name() -> None:
    assert [named.group for named in program.chosen_layers(["long", "boards"], [])][:2] == ["long", "boards"]
    (named,) = program.chosen_layers(["long"], ["64x56x56"])
    assert named.group == "issue"


def test_an_unknown_layer_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["peers", "--layer", "1x1", "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as caught:
        program.main()
    assert caught.value.code == 2
    assert "no layer is named '1x1'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
