from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import wincook as wc
from wincook.construct.residue.modular import modular
from wincook.interchange.write.export import export, export_bytes, write_export

STAGES = {"filter": "G", "input": "BT", "output": "AT"}


def matrix(rows: list[list[str]]) -> sympy.ImmutableMatrix:
    return sympy.ImmutableMatrix([[sympy.sympify(entry) for entry in row] for row in rows])


@pytest.mark.slow
def test_json_holds_every_number_exactly(algorithm: wc.BilinearAlgorithm) -> None:
    data = json.loads(export(algorithm, "json"))
    for axis, computed in zip(algorithm.axes, data["axes"], strict=True):
        assert wc.Transforms(*(matrix(computed[name]) for name in ("AT", "G", "BT"))) == wc.Transforms(
            axis.AT, axis.G, axis.BT
        )
        for name, factors in computed.get("factors", {}).items():
            assert tuple(map(matrix, factors)) == getattr(axis, f"{name}_factors")
        assert ("factors" in computed) == any((axis.AT_factors, axis.G_factors, axis.BT_factors))
    assert (data["tile"], data["kind"], data["joint"]) == (str(algorithm.tile), algorithm.kind, algorithm.joint)


@pytest.mark.parametrize("name", ["made.json", "made.npz", "made.h", "made.py"])
@pytest.mark.parametrize("tile", ["F(4,3)", "F(2x4,1x3)", "F(6x3,3x2)"])
def test_exports_are_loaded_as_they_were(tile: str, name: str, tmp_path: Path) -> None:
    kinds = {".json": "json", ".npz": "npz", ".h": "c", ".py": "numpy"}
    algorithm = wc.algorithm(tile)
    path = tmp_path / name
    write_export(algorithm, kinds[path.suffix], path, wc.programs_of(algorithm))
    loaded = wc.load(path)
    loaded.verify()
    assert (loaded.tile, loaded.axes, loaded.kind) == (algorithm.tile, algorithm.axes, algorithm.kind)


@pytest.mark.parametrize("points", ["0, ±√2/2, ±√2, ∞", "0, 1, (1+√5)/2, (1-√5)/2, -1, ∞"])
def test_roots_in_json_are_loaded_as_they_were(points: str, tmp_path: Path) -> None:
    algorithm = wc.algorithm("F(4,3)", points)
    write_export(algorithm, "json", tmp_path / "made.json")
    loaded = wc.load(tmp_path / "made.json")
    loaded.verify()
    assert loaded.axes == algorithm.axes


def test_the_digest_is_that_of_the_rest() -> None:
    text = export(wc.algorithm("F(2,3)"), "json")
    lines = text.splitlines()
    assert '"made_by"' in lines[1]
    rest = "\n".join([lines[0], *lines[3:]])
    assert json.loads(text)["digest"] == hashlib.sha256(rest.encode()).hexdigest()[:12]


@pytest.mark.slow
def test_programs_in_json_apply_the_matrices_exactly(algorithm: wc.BilinearAlgorithm) -> None:
    programs = json.loads(export(algorithm, "json", wc.programs_of(algorithm)))["programs"]
    for stage, name in STAGES.items():
        for axis, program in zip(algorithm.axes, programs[stage], strict=True):
            values = list(np.array(sympy.eye(program["inputs"]).tolist()))
            for op in program["operations"]:
                kind, a = op["op"], values[op["a"]]
                b = values[op["b"]] if "b" in op else 0
                values.append(applied(kind, a, b, sympy.sympify(op.get("constant", "1"))))
            computed = sympy.ImmutableMatrix([list(values[output]) for output in program["outputs"]])
            assert computed.applyfunc(sympy.expand) == getattr(axis, name).applyfunc(sympy.expand)
            assert program["cost"]["fmas"] == [op["op"] for op in program["operations"]].count("fma")


def applied(kind: str, a: Any, b: Any, constant: Any) -> Any:
    return {
        "add": lambda: a + b,
        "sub": lambda: a - b,
        "neg": lambda: -a,
        "mul": lambda: a * constant,
        "fma": lambda: a * constant + b,
    }[kind]()


@pytest.mark.slow
def test_npz_holds_rounded_matrices_programs_and_the_exact_text(algorithm: wc.BilinearAlgorithm) -> None:
    programs = wc.programs_of(algorithm)
    arrays = np.load(BytesIO(export_bytes(algorithm, "npz", programs)), allow_pickle=False)
    assert str(arrays["json"]) == export(algorithm, "json", programs)
    codes = str(arrays["codes"]).split()
    alike = len(set(algorithm.axes)) == 1
    for suffix, axis in [("", algorithm.axes[0])] if alike else list(enumerate(algorithm.axes)):
        for stage, name in STAGES.items():
            wanted = np.array(getattr(axis, name).evalf(40).tolist(), np.float64)
            np.testing.assert_array_equal(arrays[f"{name}{suffix}"], wanted)
            inputs, outputs, constants, operations = (
                arrays[f"{stage}{suffix}.{part}"] for part in ("inputs", "outputs", "constants", "operations")
            )
            values = list(np.eye(int(inputs)))
            for code, a, b, constant in operations:
                assert (b < 0, constant < 0) == (codes[code] in {"neg", "mul"}, codes[code] in {"add", "sub", "neg"})
                values.append(
                    applied(codes[code], values[a], values[b], constants[constant] if constant >= 0 else None)
                )
            computed = np.array([values[output] for output in outputs])
            np.testing.assert_allclose(computed, wanted, rtol=1e-13, atol=1e-14 * np.abs(wanted).max())


def test_residues_stay_integers() -> None:
    algorithm = modular("F(4,3)", 2**61 - 1)
    arrays = np.load(BytesIO(export_bytes(algorithm, "npz")), allow_pickle=False)
    assert arrays["G"].tolist() == algorithm.axes[0].G.tolist()
    assert json.loads(export(algorithm, "json"))["modulus"] == 2**61 - 1
