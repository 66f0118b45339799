from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.errors import AlgorithmError, DataError, OutputError, WincookError
from wincook.report.plain import plain_algorithm


def matrices(tile: str = "F(4,3)") -> dict[str, Any]:
    axes: list[dict[str, Any]] = plain_algorithm(wc.algorithm(tile))["axes"]
    return axes[0]


def write(folder: Path, contents: object) -> Path:
    path = folder / "matrices.json"
    path.write_text(json.dumps(contents), encoding="utf-8")
    return path


def test_what_show_prints_can_be_loaded_and_proven(tmp_path: Path) -> None:
    made = wc.algorithm("F(2x4,1x3)")
    loaded = wc.load(write(tmp_path, plain_algorithm(made)))
    loaded.verify()
    assert (loaded.tile, loaded.axes) == (made.tile, made.axes)


def test_matrices_may_be_turned_and_numbers_written_in_every_exact_way(tmp_path: Path) -> None:
    source = matrices()
    turned = {
        "A": [list(column) for column in zip(*source["AT"], strict=True)],
        "GT": [list(column) for column in zip(*source["G"], strict=True)],
        "B": [[float(eval_fraction(entry)) for entry in column] for column in zip(*source["BT"], strict=True)],
    }
    assert wc.load(write(tmp_path, turned)).axes == wc.algorithm("F(4,3)").axes
    mixed = {"AT": [["1.0", "+1", 1, "0"], [0, 1, "-1.00", "10e-1"]], "G": matrices("F(2,3)")["G"]}
    mixed["BT"] = matrices("F(2,3)")["BT"]
    wc.load(write(tmp_path, mixed)).verify()


def eval_fraction(text: str) -> float:
    numerator, _, denominator = text.partition("/")
    return int(numerator) / int(denominator or 1)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_arrays_of_rounded_fractions_are_recognised(tmp_path: Path, dtype: type) -> None:
    arrays: Any = {
        name: np.array([[eval_fraction(entry) for entry in row] for row in rows], dtype)
        for name, rows in matrices("F(2,5)").items()
    }
    np.savez(tmp_path / "matrices.npz", **arrays)
    assert wc.load(tmp_path / "matrices.npz").axes == wc.algorithm("F(2,5)").axes


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"AT": None}, "lacks AT"),
        ({"G": [[1, 2], [3]]}, "rows of 1 and 2"),
        ({"G": [["1/0"]]}, "'1/0'"),
        ({"G": [["sqrt(2)"]]}, "'sqrt(2)'"),
        ({"G": [["__import__('os')"]]}, "__import__"),
        ({"G": [[0.7071067811865476]]}, "inexact"),
        ({"G": [[float("nan")]]}, "finite"),
        ({"G": [[True]]}, "True"),
        ({"G": [[None]]}, "None"),
        ({"G": "1 2 3"}, "list of rows"),
        ({"G": []}, "list of rows"),
        ({"G": [["9" * 5000]]}, "999"),
        ({"axes": 3}, "`axes`"),
        ({"axes": [3]}, "lacks AT, G, BT"),
    ],
)
def test_bad_matrices_are_named(tmp_path: Path, change: dict[str, Any], named: str) -> None:
    contents = {key: value for key, value in (matrices() | change).items() if value is not None}
    with pytest.raises(DataError) as caught:
        wc.load(write(tmp_path, contents))
    assert named in str(caught.value)
    assert len(str(caught.value)) < 400


def test_shapes_that_do_not_fit_are_named(tmp_path: Path) -> None:
    with pytest.raises(AlgorithmError, match="number of multiplications"):
        wc.load(write(tmp_path, matrices() | {"G": matrices("F(2,3)")["G"]}))


@pytest.mark.parametrize(
    ("name", "contents", "error"),
    [
        ("broken.json", b'{"AT": [[1', DataError),
        ("binary.json", bytes(range(256)), DataError),
        ("list.json", b"[1, 2]", DataError),
        ("deep.json", b"[" * 100_000, DataError),
        ("broken.npz", b"PK\x03\x04 no archive", DataError),
        ("missing.json", None, OutputError),
    ],
)
def test_hostile_and_broken_files_are_refused(
    tmp_path: Path, name: str, contents: bytes | None, error: type[WincookError]
) -> None:
    if contents is not None:
        (tmp_path / name).write_bytes(contents)
    with pytest.raises(error) as caught:
        wc.load(tmp_path / name)
    assert name in str(caught.value)


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    np.savez(tmp_path / "pickle.npz", AT=np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match=r"pickle\.npz"):
        wc.load(tmp_path / "pickle.npz")


def test_huge_files_are_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(DataError, match="larger than 16 MiB"):
        wc.load(tmp_path / "huge.json")
