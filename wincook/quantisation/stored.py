"""A calibration as JSON, and back: the same numbers, digit for digit."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from wincook.arguments import instance, words
from wincook.arrays import real_array
from wincook.errors import DataError, WincookError, quoted
from wincook.files import given_path, value_in, write_atomically
from wincook.quantisation.affine import Affine
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.statistics import Statistics

SCHEMA = "wincook calibration 2"
_FIRST_SCHEMA = "wincook calibration 1"  # without means and correlations of V, and without what is clipped
_LARGEST_FILE = 1 << 28  # bytes


def as_json(calibration: Calibration) -> str:
    """The text of a calibration.

    Raises:
        NotationError: there is none.

    >>> import wincook as wc
    >>> from wincook.quantisation import calibrate
    >>> layer = wc.Layer(1, 1, (4, 4), (3, 3))
    >>> calibration = calibrate(layer, "F(2x2,3x3)", np.arange(16.0).reshape(1, 1, 4, 4) ** 2)
    >>> from_json(as_json(calibration)) == calibration
    True
    """
    calibration = instance("calibration", calibration, Calibration, "wincook.quantisation.calibrate makes one")
    return json.dumps({"schema": SCHEMA} | asdict(calibration), default=np.ndarray.tolist, allow_nan=False)


def from_json(text: str) -> Calibration:
    """The calibration of a text.

    Raises:
        DataError: no JSON, another schema, fields that are missing, unknown or of another kind.
        WincookError: as `Calibration`.
    """
    try:
        data = json.loads(words("text", text, '{"schema": …}', DataError))
    except WincookError:
        raise
    except (ValueError, RecursionError) as error:
        raise DataError(f"a calibration must be JSON: {error}") from error
    schema = data.pop("schema", None) if isinstance(data, dict) else None
    if schema not in {SCHEMA, _FIRST_SCHEMA}:
        raise DataError(
            f"schema = {quoted(schema)} is none of a calibration; this version reads {SCHEMA!r} and {_FIRST_SCHEMA!r}"
        )
    if schema == _FIRST_SCHEMA:
        data = _with_what_was_not_gathered(data)
    kinds = {"statistics": Statistics, "x": Affine, "y": Affine}
    parts = {name: _built(kind, data[name], name) for name, kind in kinds.items() if data.get(name) is not None}
    calibration: Calibration = _built(Calibration, data | parts, "calibration")
    return calibration


def write_calibration(path: str | Path, calibration: Calibration) -> None:
    """Write a calibration into a file, as a whole.

    Raises:
        NotationError: no path.
        OutputError: a file that cannot be written.
    """
    write_atomically(given_path("path", path), as_json(calibration).encode())


def read_calibration(path: str | Path) -> Calibration:
    """The calibration in a file.

    Raises:
        NotationError: no path.
        OutputError: a file that cannot be read.
        DataError: it holds no calibration; the message names the file.
    """
    return value_in(path, _LARGEST_FILE, from_json)


def _with_what_was_not_gathered(data: dict[str, Any]) -> dict[str, Any]:
    """A calibration of the first schema as one of the second: kernels have the same numbers by it as before.

    Without means nothing is corrected, and without correlations nothing is fed back.
    """
    statistics = data.get("statistics")
    shape = real_array("equaliser", data.get("equaliser", 0)).shape
    if not isinstance(statistics, dict) or len(shape) != 2:  # noqa: PLR2004 (products and channels)
        return data  # which is refused for what is wrong with it
    nothing = np.zeros(shape).tolist()
    more = {"centres": nothing, "correlations": np.eye(shape[0]).tolist()}
    return data | {"clipped": nothing, "statistics": statistics | more}


def _built(kind: type[Any], data: Any, name: str) -> Any:
    """A value of what JSON holds of it; nothing may be missing, and nothing unknown.

    Raises:
        DataError: something is.
    """
    known = {field.name for field in fields(kind)}
    if not isinstance(data, dict):
        raise DataError(f"{name} must be an object of JSON with {', '.join(sorted(known))}")
    for problem, names in (("unknown", data.keys() - known), ("missing", known - data.keys())):
        if names:
            raise DataError(
                f"{name} has {problem} fields: {', '.join(quoted(each, 40)[1:-1] for each in sorted(names))}"
            )
    return kind(**data)
