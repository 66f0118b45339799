"""Headers with names: several in one file, of all types of numbers, with functions of tiles that have strides."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.tools import needs, ran
from tests.golden import Golden
from wincook.arrays import Array
from wincook.construct.residue.modular import modular
from wincook.errors import FormatError, NotationError
from wincook.formats import FLOAT32, FLOAT64
from wincook.interchange.write.export import NUMBER_TYPES, export, export_bytes, write_export
from wincook.program.interpret import Exact, Rounded, evaluate_axes

ALGORITHM = wc.algorithm("F(2x4,3x3)", "0, ±1, ∞; 0, ±1, ±2, ∞")
STAGES = ("filter", "input", "output")
C_TYPES = {"float": np.float32, "double": np.float64, "int32": np.int32, "int64": np.int64}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that includes a header of each type twice, and has a function for each of their tiles."""
    folder = tmp_path_factory.mktemp("headers")
    programs = wc.programs_of(ALGORITHM)
    lines = []
    for number in NUMBER_TYPES:
        write_export(ALGORITHM, "c", folder / f"{number}.h", programs, name=f"of_{number}", number_type=number)
        lines += [f'#include "{number}.h"'] * 2
    lines += ["#ifdef __cplusplus", 'extern "C" {', "#endif"]
    for number in NUMBER_TYPES:
        spelt = number if number in {"float", "double"} else f"{number}_t"
        for stage in STAGES:
            head = f"void {number}_{stage}(const {spelt} *x, const ptrdiff_t *a, {spelt} *y, const ptrdiff_t *b)"
            lines += [f"{head};", f"{head} {{ of_{number}_{stage}_tile(x, a, y, b); }}"]
    lines += ["#ifdef __cplusplus", "}", "#endif"]
    (folder / "used.c").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "compiler",
    [("gcc", "-std=c99"), ("clang", "-std=c99"), ("g++", "-std=c++17"), ("clang++", "-std=c++17")],
    ids=" ".join,
)
def test_headers_of_all_types_fit_into_one_file(compiler: tuple[str, str], used: Path) -> None:
    needs(compiler[0])
    language = ("-x", "c++") if "++" in compiler[0] else ()
    ran(*compiler, *language, "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "used.c", folder=used)


@pytest.fixture(scope="module")
def called(used: Path) -> ctypes.CDLL:
    needs("gcc")
    ran("gcc", "-std=c99", "-O1", "-shared", "-fPIC", "used.c", "-o", "used.so", "-lm", folder=used)
    return ctypes.CDLL(str(used / "used.so"))


def applied(called: ctypes.CDLL, number: str, stage: str, x: Array, y: Array) -> Array:
    """y, with the strides of both arrays."""
    steps = [np.array(array.strides, np.intp) // array.itemsize for array in (x, y)]
    places = (x, steps[0], y, steps[1])
    getattr(called, f"{number}_{stage}")(*(ctypes.c_void_p(array.ctypes.data) for array in places))
    return y


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("number", NUMBER_TYPES)
def test_tiles_are_what_the_interpreter_makes_of_them(number: str, stage: str, called: ctypes.CDLL) -> None:
    per_axis = getattr(wc.programs_of(ALGORITHM), stage)
    before, after = (program.inputs for program in per_axis), (len(program.outputs) for program in per_axis)
    rng = np.random.default_rng(1)
    values: Any = rng.integers(-99, 99, tuple(before)).astype(C_TYPES[number])
    if number in {"float", "double"}:
        values = rng.uniform(-1, 1, values.shape).astype(C_TYPES[number])
        expected = evaluate_axes(per_axis, values, Rounded(FLOAT32 if number == "float" else FLOAT64))
    else:
        scales = {"filter": 2 * 24, "input": 1, "output": 1}  # of G of both axes; BT and AT are whole
        expected = (evaluate_axes(per_axis, values.astype(object), Exact()) * scales[stage]).astype(C_TYPES[number])
    memory = np.zeros((9, 20), C_TYPES[number])
    x = memory[::-1, 1::2][: values.shape[0], : values.shape[1]]
    x[...] = values
    y = np.asfortranarray(np.zeros(tuple(after), C_TYPES[number]))
    np.testing.assert_array_equal(applied(called, number, stage, x, y), expected)
    square = np.zeros((8, 8), C_TYPES[number])  # where places of y are those of x
    square[: values.shape[0], : values.shape[1]] = values
    applied(called, number, stage, square, square)
    np.testing.assert_array_equal(square[: expected.shape[0], : expected.shape[1]], expected)


def test_integers_are_stated_with_their_scale() -> None:
    text = export(wc.algorithm("F(4,3)", "0, ±1, ±2, ∞"), "c", number_type="int32")
    assert "static const int32_t G_SCALE = INT32_C(24);" in text
    assert "{INT32_C(-4), INT32_C(-4), INT32_C(-4)}," in text


def test_limits_of_integers_are_reached_and_no_further() -> None:
    text = export(wc.algorithm("F(2,3)", "0, ±1, ∞"), "c", wc.programs_of("F(2,3)"), number_type="int32")
    assert "|d| = 1073741823" in text  # twice which, as a difference, is the largest of 32 bits but one


@pytest.mark.parametrize("name", ["", "int", "3f", "f-43", "while", "co_await", "größe", "f" * 65])
def test_names_that_are_no_identifiers_are_refused(name: str) -> None:
    with pytest.raises(NotationError, match="C identifier"):
        export(ALGORITHM, "c", name=name)


def test_what_a_type_cannot_hold_is_refused(golden: Golden) -> None:
    roots, large = wc.algorithm("F(4,3)", "0, ±√2, ±1, ∞"), wc.algorithm("F(8,3)")
    with golden.raises(FormatError, match="take float or double"):
        export(roots, "c", number_type="int64")
    with golden.raises(FormatError, match="int32"):
        export(large, "c", number_type="int32")
    with golden.raises(FormatError, match="int64"):
        export(modular("F(4,3)", 97), "c", number_type="int32")
    with golden.raises(NotationError, match="long"):
        export(ALGORITHM, "c", number_type="long")
    for kind, more in (("latex", {"name": "f"}), ("npz", {"number_type": "float"})):
        with golden.raises(NotationError, match=kind):
            export_bytes(ALGORITHM, kind, **more)  # type: ignore[arg-type]
