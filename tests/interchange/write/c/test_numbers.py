from __future__ import annotations

import ctypes
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import wincook as wc
from wincook.arrays import Array
from wincook.construct.residue.modular import modular
from wincook.formats import FLOAT32
from wincook.interchange.write.c.numbers import literal
from wincook.interchange.write.export import export, write_export
from wincook.program.interpret import Rounded, evaluate

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")

STRICT: list[str | Path] = ["cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"]


def build(header: Path, matrices: list[str], functions: list[str]) -> ctypes.CDLL:
    """A library of what the header declares, under names that can be called."""
    library = header.with_suffix(".so")
    lines = [f'#include "{header.name}"']
    lines += [f"const void *get_{name}(void);\nconst void *get_{name}(void) {{ return {name}; }}" for name in matrices]
    for name in functions:
        head = f"void run_{name}(const float *x, float *y)"
        lines.append(f"{head};\n{head} {{ {name}(x, y); }}")
    source = header.with_suffix(".c")
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    optimised: list[str | Path] = ["-O2", "-ffp-contract=off", "-shared", "-fPIC", "-o", library, source, "-lm"]
    subprocess.run([*STRICT, *optimised], check=True)
    return ctypes.CDLL(str(library))


def matrix_in(library: ctypes.CDLL, name: str, shape: tuple[int, int], element: Any) -> Array:
    getter = getattr(library, f"get_{name}")
    getter.restype = ctypes.POINTER(element)
    return np.ctypeslib.as_array(getter(), shape)


@pytest.mark.slow
def test_c_computes_what_the_interpreter_does_bit_for_bit(algorithm: wc.BilinearAlgorithm, tmp_path: Path) -> None:
    programs = wc.programs_of(algorithm)
    header = tmp_path / "transforms.h"
    write_export(algorithm, "c", header, programs)
    subprocess.run([*STRICT, "-c", "-x", "c", header, "-o", tmp_path / "alone.o"], check=True)
    suffixes = [""] if len(set(algorithm.axes)) == 1 else [str(place) for place in range(len(algorithm.axes))]
    stages = {"filter": programs.filter, "input": programs.input, "output": programs.output}
    matrices = [f"{name}{suffix}" for suffix in suffixes for name in ("AT", "G", "BT")]
    library = build(header, matrices, [f"{stage}_transform{suffix}" for suffix in suffixes for stage in stages])
    rng = np.random.default_rng(0)
    for place, suffix in enumerate(suffixes):
        for name in ("AT", "G", "BT"):
            exact: sympy.ImmutableMatrix = getattr(algorithm.axes[place], name)
            compiled = matrix_in(library, f"{name}{suffix}", exact.shape, ctypes.c_float)
            np.testing.assert_array_equal(compiled, np.array(exact.evalf(40).tolist(), np.float64).astype(np.float32))
        for stage, per_axis in stages.items():
            program = per_axis[place]
            function = getattr(library, f"run_{stage}_transform{suffix}")
            samples = rng.uniform(-1, 1, (20, program.inputs)).astype(np.float32)
            columns: list[Array] = list(samples.T)
            results = evaluate(program, columns, Rounded(FLOAT32))
            for x, wanted in zip(samples, np.stack(results, axis=1), strict=True):
                buffer = np.zeros(max(len(x), len(wanted)), np.float32)
                buffer[: len(x)] = x  # also the target: all is read before anything is written
                address = buffer.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
                function(address, address)
                np.testing.assert_array_equal(buffer[: len(wanted)].view(np.uint32), wanted.view(np.uint32))


def test_residues_are_integers(tmp_path: Path) -> None:
    algorithm = modular("F(4,3)", 2**61 - 1)
    header = tmp_path / "residues.h"
    write_export(algorithm, "c", header)
    library = build(header, ["G"], [])
    assert matrix_in(library, "G", (6, 3), ctypes.c_int64).tolist() == algorithm.axes[0].G.tolist()


@pytest.mark.slow
def test_roots_show_the_exact_number() -> None:
    algorithm = wc.algorithm("F(4,3)", "0, ±√2/2, ±√2, ∞")
    matrices, _, functions = export(algorithm, "c", wc.programs_of(algorithm)).partition("filter_transform")
    for text in (matrices, functions):
        assert "(float)0.4714045207910317 /* sqrt(2)/3 */" in text


NEARLY_HALFWAY = [
    halfway * (1 + distance)
    for halfway in (1 + Fraction(1, 2**24), Fraction(5, 2**151), Fraction(2**25 + 1))
    for distance in (0, Fraction(1, 2**90), Fraction(-1, 2**90))
]
LARGE_QUOTIENT = Fraction(381520447217335291847804709577, 3**62)  # the quotient of its rounded parts is halfway


@pytest.mark.parametrize("number", [*NEARLY_HALFWAY, LARGE_QUOTIENT], ids=str)
def test_compilers_round_to_the_nearest_float32(number: Fraction, tmp_path: Path) -> None:
    source = tmp_path / "number.c"
    source.write_text(f"const float number = {literal(number)};\n", encoding="utf-8")
    subprocess.run([*STRICT, "-shared", "-fPIC", source, "-o", tmp_path / "number.so"], check=True)
    compiled = ctypes.c_float.in_dll(ctypes.CDLL(str(tmp_path / "number.so")), "number")
    assert Fraction(compiled.value) == FLOAT32.nearest(number)
