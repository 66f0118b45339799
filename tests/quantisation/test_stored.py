from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from tests.quantisation.conftest import LAYER, TILE
from wincook.errors import DataError, OutputError, WincookError
from wincook.program.programs import programs_of
from wincook.quantisation.affine import Affine
from wincook.quantisation.calibrate import calibrate
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.quantise import quantised_filters
from wincook.quantisation.stored import SCHEMA, as_json, from_json, read_calibration, write_calibration


def test_what_is_read_is_what_was_written(calibration: Calibration, images: Any, tmp_path: Path) -> None:
    for each in (
        calibration,
        replace(calibration, y=Affine(0.1, -3)),
        calibrate(LAYER, TILE, images, format="int16", powers_of_two=True),
        calibrate(LAYER, "direct", images),
    ):
        write_calibration(tmp_path / "c.json", each)
        read = read_calibration(tmp_path / "c.json")
        assert read == each
        assert hash(read) == hash(each)
        assert read.multiplier.tobytes() == each.multiplier.tobytes()
    assert calibration != replace(calibration, y=Affine(0.1))
    assert json.loads(as_json(calibration))["schema"] == SCHEMA


def test_calibrations_of_before_correct_and_feed_back_nothing(calibration: Calibration) -> None:
    data = json.loads(as_json(calibration)) | {"schema": "wincook calibration 1"}
    del data["clipped"], data["statistics"]["centres"], data["statistics"]["correlations"]
    old = from_json(json.dumps(data))
    assert old.multiplier.tobytes() == calibration.multiplier.tobytes()
    assert not old.centres.any()
    assert (old.statistics.correlations == np.eye(16)).all()
    U = np.random.default_rng(0).standard_normal((5, 6, 16)).astype(np.float32)
    filters = quantised_filters(U, old, programs_of(wc.algorithm(TILE)).output)
    W = U / old.multiplier.T
    np.testing.assert_array_equal(filters.integers, np.rint(W / (np.abs(W).max(axis=1) / np.float32(127))[:, None]))
    assert not filters.corrections.any()


def test_numbers_of_a_calibration_cannot_be_written_to(calibration: Calibration) -> None:
    for numbers in (calibration.equaliser, calibration.statistics.squares):
        with pytest.raises(ValueError, match="read-only"):
            numbers[0] = 1


def _with(data: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return data | {"statistics": data["statistics"] | changed}


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no object": lambda data: [data],
    "another schema": lambda data: data | {"schema": "wincook calibration 3"},
    "a field too many": lambda data: data | {"speed": 9},
    "a field too few": lambda data: {name: data[name] for name in data if name != "lowest"},
    "no scale of x": lambda data: data | {"x": None},
    "a scale that is zero": lambda data: data | {"x": {"scale": 0, "zero_point": 0}},
    "an e that is zero": lambda data: data | {"equaliser": np.zeros((16, 6)).tolist()},
    "a range that is zero": lambda data: data | {"lowest": [0] * 16, "highest": [0] * 16},
    "too few channels": lambda data: data | {"channels": 5},
    "another kernel": lambda data: data | {"kernel": [5, 5]},
    "text for numbers": lambda data: data | {"lowest": ["a"] * 16},
    "lists of different lengths": lambda data: data | {"equaliser": [[1], [1, 2]]},
    "an e that no float32 holds": lambda data: data | {"equaliser": np.full((16, 6), 1e300).tolist()},
    "ranges that no float32 holds": lambda data: data | {"highest": [1e-320] * 16, "lowest": [0] * 16},
    "a scale that no float32 holds": lambda data: data | {"x": {"scale": 1e-320, "zero_point": 0}},
    "negative squares": lambda data: (
        data | {"statistics": data["statistics"] | {"squares": np.full((16, 6), -1).tolist()}}
    ),
    "a share above one": lambda data: data | {"statistics": data["statistics"] | {"zeros": [2] * 16}},
    "another format": lambda data: data | {"format": "float32"},
    "correlations that are none": lambda data: _with(data, correlations=np.full((16, 16), 2.0).tolist()),
    "squares less than those of means": lambda data: _with(data, squares=np.zeros((16, 6)).tolist()),
    "what is clipped below zero": lambda data: data | {"clipped": np.full((16, 6), -1.0).tolist()},
    "statistics that are none": lambda data: data | {"statistics": 3},
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_calibration_is_refused(calibration: Calibration, change: str, golden: Golden) -> None:
    text = json.dumps(CHANGES[change](json.loads(as_json(calibration))))
    with golden.raises(WincookError):
        from_json(text)


def test_files_that_hold_none_are_named(calibration: Calibration, tmp_path: Path, golden: Golden) -> None:
    for contents in (b"", b"{", b"\xff", as_json(calibration).replace("1.", "NaN, 1.", 1).encode(), b"[" * 100_000):
        (tmp_path / "c.json").write_bytes(contents)
        with pytest.raises(DataError, match=r"c\.json"):
            read_calibration(tmp_path / "c.json")
    with pytest.raises(OutputError, match="none"):
        read_calibration(tmp_path / "none.json")
