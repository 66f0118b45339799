from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.errors import NotationError
from wincook.report.export import EXPORTS, export

ALGORITHMS = [wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞"), wc.algorithm("F(2x3,5x1)")]


def expected(algorithm: wc.BilinearAlgorithm) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    axes = list(dict.fromkeys(algorithm.axes))
    return {
        f"{name}{number if len(axes) > 1 else ''}": np.array(getattr(axis, name).tolist(), dtype=np.float64)
        for number, axis in enumerate(axes)
        for name in ("AT", "G", "BT")
    }


@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=["same axes", "different axes"])
def test_numpy_text_runs_and_gives_the_matrices(algorithm: wc.BilinearAlgorithm) -> None:
    found: dict[str, Any] = {}
    exec(export(algorithm, "numpy"), found)  # noqa: S102 (our own text)
    for name, matrix in expected(algorithm).items():
        np.testing.assert_array_equal(found[name], matrix)


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=["same axes", "different axes"])
def test_c_text_compiles_to_the_matrices_in_float32(algorithm: wc.BilinearAlgorithm, tmp_path: Path) -> None:
    source, library = tmp_path / "matrices.c", tmp_path / "matrices.so"
    source.write_text(export(algorithm, "c").replace("static ", ""), encoding="utf-8")
    subprocess.run(["cc", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, source], check=True)
    loaded = ctypes.CDLL(str(library))
    for name, matrix in expected(algorithm).items():
        found = np.ctypeslib.as_array((ctypes.c_float * matrix.size).in_dll(loaded, name)).reshape(matrix.shape)
        np.testing.assert_array_equal(found, matrix.astype(np.float32))


def test_latex_names_the_matrices() -> None:
    text = export(ALGORITHMS[0], "latex")
    assert text.count("A^T =") == text.count("B^T =") == 1
    assert r"\frac{1}{24}" in text


def test_unknown_kinds_are_named() -> None:
    with pytest.raises(NotationError, match=", ".join(EXPORTS)):
        export(ALGORITHMS[0], "fortran")
