from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wincook.sparse import prune, read_mask

Run = Callable[..., tuple[int, str, str]]
LAYER = "24x12x12 -> 40, 3x3, padding 1"


def test_error_and_speed_stand_side_by_side(run: Run) -> None:
    code, out, _ = run("sparse", LAYER, "--as", "csv", "--target", "generic")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [round(float(row["zero"]), 1) for row in rows] == [0.5, 0.7, 0.8, 0.9]
    speeds = [float(row["products, times as fast"]) for row in rows]
    assert speeds == sorted(speeds)
    assert all(float(row["call, times as fast"]) < speed for row, speed in zip(rows, speeds, strict=True))


def test_own_filters_and_images_are_pruned(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    weights, images = rng.normal(size=(40, 24, 3, 3)), np.exp(rng.normal(size=(2, 24, 12, 12)))
    for name, array in (("w", weights), ("x", images)):
        np.save(tmp_path / f"{name}.npy", array)
    files = (
        "--weights",
        str(tmp_path / "w.npy"),
        "--inputs",
        str(tmp_path / "x.npy"),
        "--mask",
        str(tmp_path / "m.json"),
    )
    code, out, _ = run("sparse", LAYER, *files, "--sparsity", "0.8", "--block", "64x2", "--json")
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    mask = prune("F(4x4,3x3)", weights, sparsity=0.8, inputs=padded, block=(64, 2))
    assert code == 0
    assert read_mask(tmp_path / "m.json") == mask
    (point,) = json.loads(out)["sparsities"]
    assert point["sparsity"] == mask.sparsity
    assert point["measured_call"] is None


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--block", "32"], "32x1"),
        (["--mask", "mask.json"], "--sparsity"),
        (["--sparsity", "2"], "at most 1"),
        (["--tile", "F(4x4,5x5)"], "5"),
        (["--weights", "none.npy"], "none.npy"),
    ],
)
def test_wrong_options_are_named(
    run: Run, words: list[str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("sparse", LAYER, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert named in err
