from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from wincook.construct.rescale.named import rescale
from wincook.errors import AlgorithmError, DataError
from wincook.interchange.read.examine import readings_of
from wincook.interchange.read.load import load
from wincook.interchange.write.export import export
from wincook.interchange.write.plain import plain_algorithm
from wincook.judge import judge
from wincook.points import Points

Matrices = dict[str, sympy.ImmutableMatrix]
NAMES = {
    "AT": ("AT", "Winograd_A", "otm"),
    "G": ("G", "GT", "kernelTransform"),
    "BT": ("self.B_T", "b", "INPUT_MATRIX"),
}


def as_json(matrices: Matrices) -> str:
    return json.dumps({name: [[str(entry) for entry in row] for row in m.tolist()] for name, m in matrices.items()})


def as_csv(matrices: Matrices) -> str:
    blocks = ("\n".join([name, *(", ".join(map(str, row)) for row in m.tolist())]) for name, m in matrices.items())
    return "\n\n".join(blocks).replace("self.", "")


def as_python(matrices: Matrices) -> str:
    return "import numpy as np\n" + "\n".join(
        f"{name} = np.array({m.tolist()})  # {m.shape}" for name, m in matrices.items()
    )


def as_floats(matrices: Matrices) -> str:
    return as_python({name: m.applyfunc(lambda x: sympy.Float(x, 17)) for name, m in matrices.items()})


def as_c(matrices: Matrices, *, flat: bool = False) -> str:
    lines = ["#include <math.h>", "/* transforms */"]
    for name, m in matrices.items():
        rows = ["{" + ", ".join(f"(float)({x.p}.0 / {x.q})" for x in row) + "}" for row in m.tolist()]
        body = "{" + ", ".join(row[1:-1] if flat else row for row in rows) + "}"
        size = f"[{m.rows * m.cols}]" if flat else f"[{m.rows}][{m.cols}]"
        lines.append(f"static const float {name.rsplit('.', maxsplit=1)[-1]}{size} = {body};")
    return "\n".join(lines)


def as_flat_c(matrices: Matrices) -> str:
    return as_c(matrices, flat=True)


SYNTAXES = {".json": as_json, ".csv": as_csv, ".py": as_python, ".txt": as_floats, ".h": as_c, ".cpp": as_flat_c}


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
@settings(max_examples=40)
@given(st.data())
def test_any_algorithm_is_recognised_in_any_syntax_turned_permuted_and_scaled(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    m, r = data.draw(st.integers(2, 4)), data.draw(st.integers(2, 4))
    fractions = st.builds(sympy.Rational, st.integers(-3, 3), st.integers(1, 3))
    finite = data.draw(st.lists(fractions, min_size=m + r - 2, max_size=m + r - 2, unique=True))
    points = Points((*finite, sympy.oo))
    axis = wc.algorithm(f"F({m},{r})", points).axes[0]
    order = data.draw(st.permutations(range(m + r - 1)))
    scales = data.draw(st.lists(st.sampled_from([1, -2, sympy.Rational(3, 4)]), min_size=m + r - 1, max_size=m + r - 1))
    axis = rescale(wc.Transforms(axis.AT[:, order], axis.G[order, :], axis.BT[order, :]), scales, scales)
    flipped = data.draw(st.booleans())
    axis = axis.flip() if flipped else axis
    matrices = {}
    for letter in data.draw(st.permutations(list(NAMES))):
        matrix = getattr(axis, letter)
        matrices[data.draw(st.sampled_from(NAMES[letter]))] = matrix.T if data.draw(st.booleans()) else matrix
    suffix = data.draw(st.sampled_from(sorted(SYNTAXES)))
    path = write(tmp_path_factory.getbasetemp(), f"matrices{suffix}", SYNTAXES[suffix](matrices))
    (reading,) = readings_of(path)
    verdict = judge(reading.axis)
    assert verdict.kind == ("true convolution" if flipped else "correlation")
    assert str(verdict.tile) == f"F({m},{r})"
    assert verdict.points is not None
    assert set(verdict.points) == set(points)
    load(path).verify()


@pytest.mark.parametrize("kind", ["c", "numpy", "json"])
def test_what_show_prints_is_read_back(tmp_path: Path, kind: str) -> None:
    algorithm = wc.algorithm("F(2x4,1x3)")
    text = json.dumps(plain_algorithm(algorithm)) if kind == "json" else export(algorithm, kind)
    loaded = wc.load(write(tmp_path, f"shown.{'json' if kind == 'json' else kind[0]}", text))
    loaded.verify()
    assert (loaded.tile, loaded.axes) == (algorithm.tile, algorithm.axes)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, "U12"])
def test_arrays_of_rounded_fractions_are_recognised(tmp_path: Path, dtype: Any) -> None:
    axis = wc.algorithm("F(2,5)").axes[0]
    convert = str if dtype == "U12" else float
    arrays: Any = {
        name: np.array([[convert(entry) for entry in row] for row in getattr(axis, name).tolist()], dtype)
        for name in ("AT", "G", "BT")
    }
    np.savez(tmp_path / "matrices.npz", **arrays)
    assert wc.load(tmp_path / "matrices.npz").axes == (axis,)


def test_float16_is_taken_as_it_is(tmp_path: Path, lavin: wc.Transforms) -> None:
    arrays: Any = {name: np.array(getattr(lavin, name).tolist(), np.float16) for name in ("AT", "G", "BT")}
    np.savez(tmp_path / "half.npz", **arrays)
    (reading,) = readings_of(tmp_path / "half.npz")
    assert reading.matrices.G[1, 0] == -sympy.Rational(1365, 8192)
    assert judge(reading.axis).inexact


def test_matrices_without_telling_names_are_told_apart_by_what_they_compute(
    tmp_path: Path, lavin: wc.Transforms
) -> None:
    text = as_csv({"": lavin.G.T, "# second": lavin.BT.T, "third": lavin.AT})
    (reading,) = readings_of(write(tmp_path, "matrices.csv", text))
    assert reading.matrices == lavin
    assert dict(reading.taken_for) == {"AT": "third", "G": "matrix 1, turned", "BT": "second, turned"}
    swapped = {"AT": lavin.G, "G": lavin.BT, "BT": lavin.AT}
    assert readings_of(write(tmp_path, "swapped.json", as_json(swapped)))[0].matrices == lavin


def test_a_linear_convolution_is_read(tmp_path: Path) -> None:
    algorithm = wc.algorithm("F(3,2)").transpose()
    axis = algorithm.axes[0]
    path = write(tmp_path, "product.py", as_python({"A": axis.BT, "B": axis.G, "C": axis.AT}))
    (reading,) = readings_of(path)
    assert reading.matrices == axis
    assert judge(reading.axis).kind == "linear convolution"
    assert (load(path).kind, load(path).tile) == (algorithm.kind, algorithm.tile)
    load(path).verify()


def test_several_sets_in_one_file_are_all_read(tmp_path: Path) -> None:
    sets = {tile: wc.algorithm(tile).axes[0] for tile in ("F(2,3)", "F(4,3)", "F(6,3)")}
    plain = {tile: json.loads(as_json({"AT": a.AT, "G": a.G, "BT": a.BT})) for tile, a in sets.items()}
    for contents in (plain, list(plain.values()), {"axes": list(plain.values())}):
        readings = readings_of(write(tmp_path, "sets.json", json.dumps(contents)))
        assert [reading.matrices for reading in readings] == list(sets.values())
    # As programs have it: all G, then all BT, then all AT, the last set twice, and some other numbers.
    text = "\n".join(as_c({name: getattr(axis, name)}) for name in ("G", "BT", "AT") for axis in sets.values())
    text += "\n" + as_c({"G": sets["F(6,3)"].G}) + "\nint order[3] = {0, 1, 2}; float table[2][2] = {{1, 2}, {3, 4}};"
    assert [reading.matrices for reading in readings_of(write(tmp_path, "sets.c", text))] == list(sets.values())


@pytest.mark.slow
def test_several_sets_are_one_algorithm_only_if_the_file_says_they_are_axes(tmp_path: Path, golden: Golden) -> None:
    sets = [wc.algorithm(tile).axes[0] for tile in ("F(2,3)", "F(4,3)", "F(6,3)")]
    plain = [json.loads(as_json({"AT": a.AT, "G": a.G, "BT": a.BT})) for a in sets]
    for contents in (plain, dict(zip("abc", plain, strict=True))):
        with golden.raises(DataError, match=r"3.*F\(2,3\).*F\(4,3\).*F\(6,3\)"):
            load(write(tmp_path, "sets.json", json.dumps(contents)))
    assert str(load(write(tmp_path, "sets.json", json.dumps({"axes": plain}))).tile) == "F(2x4x6,3x3x3)"
    for numbers, axes in (("012", True), ("246", False), ("123", False)):
        text = "\n".join(
            as_c({f"{name}{k}": getattr(a, name) for name in ("AT", "G", "BT")})
            for k, a in zip(numbers, sets, strict=True)
        )
        path = write(tmp_path, "sets.h", text)
        if axes:
            assert load(path).axes == tuple(sets)
        else:
            with golden.raises(DataError):
                load(path)


def test_constants_and_expressions_of_programs_are_understood(tmp_path: Path) -> None:
    sixth = sympy.Rational(1, 6)
    AT = sympy.ImmutableMatrix([[1, sixth, 0], [sympy.sqrt(2) / 2, -sixth / 4, 2]])
    G = sympy.ImmutableMatrix([[1, 1], [0, 2], [-1, 3]])
    c = """
    #define SIXTH (1.0f / 6)
    static const float quarter = 0.25f, root = sqrtf(2.f);   // root = 7
    float AT[2][3] = {{1.f, SIXTH}, {root / 2, -quarter * SIXTH, 2.}};
    float G[3][2] = {{-(-1), 1}, {0, (float)2}, {-1, +3}}, table[2][2] = {{1e0f, +0.}, {0, static_cast_is_not_read}};
    float BT[3][3] = {1, 0, 0, 0, 1e+0f, 0, 0, 0, 1,};
    """
    python = """
    sixth: float = 1. / 6  # AT = [[9]]
    AT: list[list[float]] = [[1, sixth, 0], [2**-1 * np.sqrt(2), Fraction(-1, 4) * sixth, 2]]
    matrices = {"G": torch.tensor([[1, 1], [0, 2.0], [-1, 3]]), 'BT': [[2**0.5 / 2**0.5, 0, 0], [0, 1, 0], [0, 0, 1],]}
    """
    for name, text in (("constants.c", c), ("constants.py", python)):
        axis = readings_of(write(tmp_path, name, text))[0].matrices
        assert axis == wc.Transforms(AT, G, sympy.ImmutableMatrix.eye(3))


@pytest.mark.slow
def test_decimals_that_round_no_simple_number_are_doubted_and_not_loaded(tmp_path: Path, golden: Golden) -> None:
    axis = wc.algorithm("F(2,3)").axes[0]
    text = as_json({"AT": axis.AT, "G": axis.G, "BT": axis.BT}).replace('"1/2"', "0.4999999", 1)
    path = write(tmp_path, "doubted.json", text)
    (reading,) = readings_of(path)
    assert reading.doubts == ("G[1,0] is 0.4999999",)
    assert judge(reading.axis).inexact
    with golden.raises(DataError, match=r"G\[1,0\].*0\.4999999"):
        load(path)


def test_the_third_matrix_is_solved_for_exactly(tmp_path: Path, lavin: wc.Transforms) -> None:
    for missing in ("AT", "G", "BT"):
        kept = {name: getattr(lavin, name) for name in ("AT", "G", "BT") if name != missing}
        (reading,) = readings_of(write(tmp_path, "two.json", as_json(kept)))
        assert reading.matrices == lavin
        assert dict(reading.taken_for)[missing] == "solved for"


def test_what_does_not_belong_together_is_named(tmp_path: Path, lavin: wc.Transforms, golden: Golden) -> None:
    with golden.raises(DataError, match=r"\(4×6\)"):
        readings_of(write(tmp_path, "one.json", as_json({"AT": lavin.AT})))
    with golden.raises(AlgorithmError, match=r"\(4×6\).*\(6×3\).*\(5×6\)"):
        readings_of(write(tmp_path, "shapes.json", as_json({"AT": lavin.AT, "G": lavin.G, "BT": lavin.BT[:5, :]})))
    mixed = [wc.algorithm("F(2,3)").axes[0], wc.algorithm("F(2,3)").flip().axes[0]]
    sets = {"axes": [json.loads(as_json({"AT": a.AT, "G": a.G, "BT": a.BT})) for a in mixed]}
    with golden.raises(DataError):
        load(write(tmp_path, "mixed.json", json.dumps(sets)))
