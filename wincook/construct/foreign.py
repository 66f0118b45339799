"""Matrices from elsewhere: read exactly, and judged.

A file is JSON (`{"AT": [["1", "0"], …], "G": …, "BT": …}`, or what `wincook show --json` prints) or npz with arrays AT,
G and BT. A, B and GT in place of AT, BT and G are turned. Numbers are integers, fractions and decimals, read exactly;
floating-point numbers are taken for the simple fraction that they round, or refused. Nothing is unpickled or evaluated.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import sympy

from wincook.bilinear import BilinearAlgorithm, Transforms
from wincook.errors import DataError, OutputError
from wincook.tile import Tile

_LARGEST_FILE = 16 << 20
_LARGEST_DENOMINATOR = 10_000
_NUMBER = re.compile(r"[+-]?(?:\d{1,99}(?:/\d{1,99})?|\d{0,99}\.\d{1,99}|\d{1,99}\.)(?:[eE][+-]?\d{1,2})?")
_TURNED = {"A": "AT", "B": "BT", "GT": "G"}


def load(path: str | Path) -> BilinearAlgorithm:
    """Read an algorithm from a file; it is not judged, `verify` does that.

    Raises:
        OutputError: the file cannot be read.
        DataError: it is no JSON or npz file with the three matrices, or a number is not exact.
        AlgorithmError: the shapes of the matrices do not fit one another.
    """
    place = Path(path)
    try:
        if place.stat().st_size > _LARGEST_FILE:
            raise DataError(f"{place} is larger than {_LARGEST_FILE >> 20} MiB, which no algorithm needs")
        contents = _read_npz(place) if place.suffix == ".npz" else json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise OutputError(f"cannot read {place}: {error.strerror or error}") from error
    except (ValueError, BadZipFile, RecursionError) as error:
        raise DataError(f"{place} is no JSON or npz file with matrices: {error}") from error
    if not isinstance(contents, dict):
        raise DataError(f"{place} holds no object with the matrices AT, G and BT")
    listed = contents.get("axes", [contents])
    if not isinstance(listed, list) or not listed:
        raise DataError(f"{place}: `axes` must be a list of objects with the matrices AT, G and BT")
    axes = tuple(_transforms(axis, str(place)) for axis in listed)
    tile = Tile(tuple(axis.tile.outputs[0] for axis in axes), tuple(axis.tile.taps[0] for axis in axes))
    return BilinearAlgorithm(tile, (), axes)


def _read_npz(place: Path) -> dict[str, Any]:
    with place.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return {name: arrays[name].tolist() for name in arrays.files}


def _transforms(axis: Any, name: str) -> Transforms:
    matrices: dict[str, sympy.ImmutableMatrix] = {}
    for key, value in axis.items() if isinstance(axis, dict) else ():
        if key in {"AT", "G", "BT"} | _TURNED.keys():
            matrix = _matrix(value, f"{key} in {name}")
            matrices[_TURNED.get(str(key), str(key))] = matrix.T if key in _TURNED else matrix
    missing = [letter for letter in ("AT", "G", "BT") if letter not in matrices]
    if missing:
        raise DataError(f"{name} lacks {', '.join(missing)}; it needs AT, G and BT (or A, GT, B), each a list of rows")
    return Transforms(**matrices)


def _matrix(rows: Any, name: str) -> sympy.ImmutableMatrix:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise DataError(f"{name} must be a list of rows, each a list of numbers")
    if len({len(row) for row in rows}) > 1:
        raise DataError(f"{name} has rows of {' and '.join(str(size) for size in sorted({len(row) for row in rows}))}")
    return sympy.ImmutableMatrix([[_number(entry, name) for entry in row] for row in rows])


def _number(entry: Any, name: str) -> sympy.Rational:
    if isinstance(entry, bool) or not isinstance(entry, (int, float, str)):
        raise DataError(f"{name} holds {entry!r}; numbers are integers, or text such as 1/2 and -0.25")
    if isinstance(entry, float):
        return _simple_fraction(entry, name)
    text = str(entry).strip()
    if not _NUMBER.fullmatch(text) or ("/" in text and not int(re.split(r"[eE]", text)[0].split("/")[1])):
        raise DataError(f"{name} holds {text[:40]!r}; numbers are integers, fractions such as 1/2, or decimals")
    value = Fraction(text)
    return sympy.Rational(value.numerator, value.denominator)


def _simple_fraction(number: float, name: str) -> sympy.Rational:
    """The fraction of small denominator that rounds to a float64 or float32, or the dyadic number itself."""
    if not np.isfinite(number):
        raise DataError(f"{name} holds {number}; numbers must be finite")
    exact = Fraction(number)
    simple = exact.limit_denominator(_LARGEST_DENOMINATOR)
    if number in {float(simple), float(np.float32(float(simple)))}:
        return sympy.Rational(simple.numerator, simple.denominator)
    if exact.denominator <= 2**24:
        return sympy.Rational(exact.numerator, exact.denominator)
    raise DataError(
        f"{name} holds {number!r}, which is no fraction of denominator up to {_LARGEST_DENOMINATOR}: inexact"
    )
