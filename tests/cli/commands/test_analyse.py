from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wincook.cli.main import main
from wincook.cli.watch import Watch, watching

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["analyse", *words])
        out, err = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, out, err

    return call


def test_own_arrays_give_the_channels_and_the_law_its_name(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.save(tmp_path / "x.npy", rng.normal(size=(2, 5, 8, 8)))
    np.savez(tmp_path / "w.npz", conv=rng.normal(size=(3, 5, 3, 3)), bias=np.ones(3))
    words = ("--inputs", str(tmp_path / "x.npy"), "--weights", f"{tmp_path}/w.npz:conv", "-n", "40", "--json")
    code, out, _ = run("F(2x2,3x3)", *words)
    report = json.loads(out)[0]
    assert (code, report["channels"], report["law"]) == (0, 5, "x.npy and w.npz:conv")
    assert 0 < report["measured"]["rms"] < 1e-5
    code, _, err = run("F(2x2,3x3)", *words, "-c", "4")
    assert (code, "5 channels" in err) == (2, True)


def test_the_kernel_gives_the_numbers_of_the_interpreter(run: Run) -> None:
    words = ("F(2x2,3x3)", "-c", "7", "-n", "50", "--json")
    assert run(*words)[1] == run(*words, "--kernel")[1]
    code, _, err = run(*words, "--kernel", "-f", "float16")
    assert (code, "'float16'" in err) == (2, True)


def test_ctrl_c_ends_the_sample_and_reports_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal in the second algorithm: one whole report, one short one, none of the third."""
    before, progress = signal.getsignal(signal.SIGINT), Watch.progress

    def pressed(self: Watch, done: int) -> bool:
        if self._base:
            signal.raise_signal(signal.SIGINT)
        return progress(self, done)

    monkeypatch.setattr(Watch, "progress", pressed)
    code, out, err = run("F(2,3)", "F(4,3)", "F(6,3)", "-n", "100", "--json")
    reports = json.loads(out)
    assert code == 130
    assert "interrupted" in err
    assert [report["measured"]["samples"] for report in reports] == [100, 16]
    assert reports[1]["warnings"] == ["Stopped after 16 of 100 tiles."]
    assert signal.getsignal(signal.SIGINT) == before


def test_a_second_ctrl_c_stops_at_once() -> None:
    with watching(1, "tiles", gently=True) as watch:
        signal.raise_signal(signal.SIGINT)
        assert not watch.progress(0)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["F(2,3)", "-n", "0"], "samples = 0"),
        (["F(4x4,3x3)", "-n", "1", "-c", "10000000"], "too many"),
        (["F(4x4,3x3)", "-n", "1e12"], "samples"),
        (["F(4x4,3x3)", "-c", "10000000"], "the ceiling is"),
        (["F(4,3)", "-f", "int8", "-f", "fp16"], "int8 is told by its SNR, and fp16"),
        (["F(4,3)", "-f", "int16", "--kernel"], "--kernel is for formats of floats"),
        (["F(4,3)", "-f", "int8", "-n", "1000"], "--samples is for formats of floats"),
        (["F(4,3)", "-f", "int8", "-c", "0"], "channels = 0 must be a whole number, at least 1"),
        (["F(2,3)", "--inputs", "/nowhere.npy"], "/nowhere.npy"),
        (["F(2x2x2,3x3x3)", "--kernel"], "F(2x2x2,3x3x3)"),
    ],
)
def test_bad_input_is_one_line(run: Run, words: list[str], named: str) -> None:
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert named in err


def test_integers_are_told_with_their_scales(run: Run) -> None:
    words = ["4x4,3x3", "-f", "int8", "-f", "int16", "-c", "8", "--law", "relu"]
    code, out, _ = run(*words)
    assert code == 0
    assert "Scales in int8" in out
    assert "-4095 to 4095" in out
    narrow, wide = json.loads(run(*words, "--json")[1])
    assert (narrow["format"], wide["format"]) == ("int8", "int16")
    assert abs(narrow["predicted_db"] - narrow["measured_db"]) < 1
    assert narrow["powers_of_two_db"] < narrow["predicted_db"] < wide["predicted_db"] - 15


def test_weights_of_a_model_are_read_and_names_that_are_no_text_escaped(run: Run, tmp_path: Path) -> None:
    weights = np.random.default_rng(0).normal(size=(3, 5, 3, 3)).astype("<f4")
    entry = {"conv.weight": {"dtype": "F32", "shape": [3, 5, 3, 3], "data_offsets": [0, weights.nbytes]}}
    header = json.dumps(entry).encode()
    path = tmp_path / "m\udcff.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + weights.tobytes())
    for name in (path, f"{path}:conv.weight"):
        code, out, _ = run("F(2x2,3x3)", "--weights", str(name), "-n", "40", "--json")
        report = json.loads(out.encode())[0]
        assert (code, report["channels"]) == (0, 5)
        assert report["law"].startswith(r"m\udcff.safetensors")
    code, _, err = run("F(2x2,3x3)", "--weights", f"{path}:fc")
    assert (code, "no tensor 'fc'; it has conv.weight" in err) == (2, True)
