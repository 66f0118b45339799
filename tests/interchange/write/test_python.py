from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import wincook as wc
from wincook.arrays import Array
from wincook.construct.residue.modular import modular
from wincook.interchange.write.export import export

RUFF = Path(sys.executable).with_name("ruff")  # of the tools that check the project


def run(text: str) -> dict[str, Any]:
    ast.parse(text)
    module: dict[str, Any] = {}
    exec(text, module)  # noqa: S102 (our own text)
    return module


def rounded(matrix: sympy.ImmutableMatrix) -> Array:
    return np.array(matrix.evalf(40).tolist(), np.float64)


def sets(algorithm: wc.BilinearAlgorithm) -> list[tuple[str, wc.Transforms]]:
    alike = len(set(algorithm.axes)) == 1
    return [("" if alike else str(place), axis) for place, axis in enumerate(algorithm.axes)]


@pytest.mark.slow
def test_numpy_gives_the_matrices_and_the_functions_apply_them(algorithm: wc.BilinearAlgorithm) -> None:
    module = run(export(algorithm, "numpy", wc.programs_of(algorithm)))
    for suffix, axis in sets(algorithm):
        for name, stage in (("AT", "output"), ("G", "filter"), ("BT", "input")):
            matrix = rounded(getattr(axis, name))
            assert module[f"{name}{suffix}"].dtype == np.float64
            np.testing.assert_allclose(module[f"{name}{suffix}"], matrix, rtol=4e-15)
            apply = module[f"{stage}_transform{suffix}"]
            applied = apply(np.eye(matrix.shape[1]))
            scale = np.abs(matrix).max()
            np.testing.assert_allclose(applied, matrix, rtol=1e-13, atol=1e-14 * scale)
            assert apply(np.ones((matrix.shape[1], 2), np.float32)).dtype == np.float32


def test_fractions_are_correctly_rounded() -> None:
    algorithm = wc.algorithm("F(16,3)")
    module = run(export(algorithm, "numpy"))
    for name in ("AT", "G", "BT"):
        np.testing.assert_array_equal(module[name], rounded(getattr(algorithm.axes[0], name)))


def test_the_functions_convolve() -> None:
    algorithm = wc.algorithm("F(2x3,5x1)")
    module = run(export(algorithm, "numpy", wc.programs_of(algorithm)))
    rng = np.random.default_rng(0)
    d, g = rng.uniform(-1, 1, algorithm.tile.inputs), rng.uniform(-1, 1, algorithm.tile.taps)

    def both(stage: str, array: Array) -> Array:
        half = module[f"{stage}_transform0"](array)
        result: Array = module[f"{stage}_transform1"](half.T).T
        return result

    y = both("output", both("filter", g) * both("input", d))
    windows = np.lib.stride_tricks.sliding_window_view(d, g.shape)
    np.testing.assert_allclose(y, (windows * g).sum(axis=(2, 3)), atol=1e-13)


def test_residues_are_integers() -> None:
    algorithm = modular("F(4,3)", 2**61 - 1)
    module = run(export(algorithm, "numpy"))
    assert module["G"].dtype == np.int64
    assert module["G"].tolist() == algorithm.axes[0].G.tolist()


@pytest.mark.slow
@pytest.mark.skipif(not RUFF.exists(), reason="there is no ruff")
def test_a_formatter_changes_nothing(algorithm: wc.BilinearAlgorithm) -> None:
    text = export(algorithm, "numpy", wc.programs_of(algorithm))
    words = [str(RUFF), "format", "--isolated", "--diff", "-"]
    assert subprocess.run(words, input=text.encode(), capture_output=True, check=False).stdout == b""
    words = [str(RUFF), "check", "--isolated", "--quiet", "-"]
    assert subprocess.run(words, input=text.encode(), capture_output=True, check=False).stdout == b""
