from __future__ import annotations

import json
import signal
from pathlib import Path

import numpy as np
import pytest

from tests.golden import Golden
from wincook.cli.group import command_named
from wincook.cli.watch import Watch
from wincook.errors import FormatError, NotationError, WincookError
from wincook.quantisation.affine import Affine
from wincook.quantisation.stored import read_calibration

app = command_named("int8")

SMALL = ("--layers", "1", "--tiles-per-layer", "8", "--filters", "2")


def test_prediction_and_sample_stand_apart(capsys: pytest.CaptureFixture[str]) -> None:
    app(["F(2x2,3x3)", "F(4,3)", *SMALL], standalone_mode=False)
    out = capsys.readouterr().out
    assert "Predicted SNR: C = 64, law relu, int8, U by filter and tap, V by tap, max" in out
    assert "Measured SNR: 1 layers of 8 tiles and 2 filters, seed 0" in out


def test_json_holds_the_scheme_and_the_decibels(capsys: pytest.CaptureFixture[str]) -> None:
    app(["F(2x2,3x3)", *SMALL, "--bits", "6", "--powers-of-two", "--json"], standalone_mode=False)
    (data,) = json.loads(capsys.readouterr().out)
    assert data["scheme"]["bits"] == 6
    assert data["scheme"]["powers_of_two"] is True
    assert 15 < data["measured_db"] < data["direct_db"] < 30


@pytest.fixture
def own_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs and filters of a layer, in files of the present folder."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    np.savez("inputs.npz", x=np.maximum(rng.standard_normal((3, 4, 12, 12)), 0))
    np.save("others.npy", rng.standard_normal((1, 4, 12, 12)))
    safetensors = {"conv.weight": rng.standard_normal((5, 4, 3, 3)).astype(np.float32)}
    header = json.dumps({"conv.weight": {"dtype": "F32", "shape": [5, 4, 3, 3], "data_offsets": [0, 720]}}).encode()
    contents = len(header).to_bytes(8, "little") + header + safetensors["conv.weight"].tobytes()
    Path("model.safetensors").write_bytes(contents)


OWN = ("--calibrate", "inputs.npz", "--weights", "model.safetensors:conv.weight")


@pytest.mark.usefixtures("own_layer")
def test_a_layer_of_ones_own_is_calibrated_predicted_and_measured(capsys: pytest.CaptureFixture[str]) -> None:
    app([*OWN, "--json"], standalone_mode=False)
    several = json.loads(capsys.readouterr().out)
    assert [each["multiplications"] for each in several] == [16, 36, 49, 1]
    for each in several:
        assert each["predicted_db"] == pytest.approx(each["measured_db"], abs=1)
        assert each["saturated"] == 0
    app([*OWN, "--held-out", "others.npy"], standalone_mode=False)
    assert "calibrated on 3 images, measured on 1" in capsys.readouterr().out


@pytest.mark.usefixtures("own_layer")
@pytest.mark.parametrize(("x", "weights"), [((3, 4, 12, 12), (6, 2, 3, 3)), ((3, 4, 40), (6, 4, 3))])
def test_groups_and_layers_of_one_axis_are_calibrated(
    x: tuple[int, ...], weights: tuple[int, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(1)
    np.save("x.npy", np.abs(rng.standard_normal(x)))
    np.save("weights.npy", rng.standard_normal(weights))
    app(["direct", "--calibrate", "x.npy", "--weights", "weights.npy", "--json"], standalone_mode=False)
    (report,) = json.loads(capsys.readouterr().out)
    assert report["predicted_db"] == pytest.approx(report["measured_db"], abs=1)


@pytest.mark.usefixtures("own_layer")
def test_the_scales_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    app(["4x4,3x3", *OWN, "-f", "int16", "--y-scale", "0.1,-5", "--to", "c.json"], standalone_mode=False)
    calibration = read_calibration("c.json")
    assert calibration.y == Affine(0.1, -5)
    assert (calibration.format, calibration.channels, calibration.products) == ("int16", 4, 36)
    assert "int16" in capsys.readouterr().out


@pytest.mark.usefixtures("own_layer")
def test_images_of_integers_take_a_scale() -> None:
    images, scale = np.random.default_rng(2).integers(0, 256, (2, 4, 12, 12), np.uint8), Affine(0.02, 3)
    np.save("integers.npy", images)
    np.save("floats.npy", scale.real(images))
    kept = []
    for file in ("integers.npy", "floats.npy"):
        words = ["2x2,3x3", "--calibrate", file, *OWN[2:], "--x-scale", "0.02,3", "--to", "c.json"]
        app(words, standalone_mode=False)
        kept.append(read_calibration("c.json"))
    assert kept[0].x == scale
    assert kept[0] == kept[1]
    with pytest.raises(NotationError, match="give --x-scale SCALE"):
        app(["2x2,3x3", "--calibrate", "integers.npy", *OWN[2:]], standalone_mode=False)


@pytest.mark.usefixtures("own_layer")
def test_words_that_do_not_go_together_are_refused(golden: Golden) -> None:
    for words in (
        [],
        ["--calibrate", "inputs.npz"],
        ["2x2,3x3", "--to", "c.json"],
        [*OWN, "--to", "c.json"],
        ["--calibrate", "none.npz", *OWN[2:]],
        ["2x2,5x5", *OWN],
        ["2x2,3x3", *OWN, "--input-scales", "tensor"],
        ["2x2,3x3", *OWN, "-f", "float32"],
        ["2x2,3x3", *OWN, "--bits", "6"],
        ["2x2,3x3", *OWN, "-c", "3"],
        ["2x2,3x3", "-f", "int16"],
        ["2x2,3x3", "--calibrate", "inputs.npz", "--weights", "others.npy"],
    ):
        with golden.raises(WincookError):
            app(words, standalone_mode=False)


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
