"""What wincook writes it reads back: the same matrices, tile, kind and modulus, and a mutant of each is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from wincook.cli.group import command_named
from wincook.construct.make.iterated import iterated
from wincook.construct.rescale.named import rescale
from wincook.construct.residue.modular import modular
from wincook.errors import AlgorithmError, DataError
from wincook.interchange.read.examine import readings_of
from wincook.interchange.write.export import write_export
from wincook.judge import judge
from wincook.points import Points

Run = Callable[[Path], tuple[int, str]]

SUFFIXES = {
    "json": ".json",
    "npz": ".npz",
    "c": ".h",
    "numpy": ".py",
    "text": ".txt",
    "unicode": ".txt",
    "latex": ".tex",
}
NUMERIC = tuple(SUFFIXES)
EXACT = ("json", "text", "unicode", "latex")
JOINT = "0, ±1, ∞, x^2+1"


LARGE = sympy.Rational(10**9 + 7, 3**20)  # NumPy source has numbers of over 40 characters as float64


@st.composite
def of_fractions(draw: st.DrawFn, kind: str) -> wc.BilinearAlgorithm:
    """One or two axes, alike or not, of any kind, rescaled or not."""
    fractions = st.builds(sympy.Rational, st.integers(-9, 9), st.integers(1, 7))
    m, r = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    finite = draw(st.lists(fractions, min_size=m + r - 2, max_size=m + r - 2, unique=True))
    tile = draw(st.sampled_from([f"F({m},{r})", f"F({m}x{m},{r}x{r})", f"F({m}x{r},{r}x{m})"]))
    algorithm = wc.algorithm(tile, Points((*finite, sympy.oo)))
    scales = [sympy.Integer(1), sympy.Integer(-2), sympy.Rational(3, 7), *([LARGE] if kind != "numpy" else [])]
    chosen = draw(st.lists(st.sampled_from(scales), min_size=m + r - 1, max_size=m + r - 1))
    algorithm = replace(algorithm, axes=tuple(rescale(axis, chosen, chosen) for axis in algorithm.axes))
    change: Callable[[wc.BilinearAlgorithm], wc.BilinearAlgorithm] = draw(
        st.sampled_from([lambda algorithm: algorithm, wc.BilinearAlgorithm.flip, wc.BilinearAlgorithm.transpose])
    )
    return change(algorithm)


MADE: dict[str, Callable[[], wc.BilinearAlgorithm]] = {
    "joint": lambda: wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True),
    "joint, flipped": lambda: wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True).flip(),
    "joint, linear": lambda: wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True).transpose(),
    "√2": lambda: wc.algorithm("F(4,3)", "0, ±√2/2, ±√2, ∞"),
    "golden": lambda: wc.algorithm("F(3,3)", "0, 1, (1+√5)/2, (1-√5)/2, ∞"),
    "iterated": lambda: iterated("F(3,5)", (2,)),
    "strided": lambda: wc.algorithm("F(3x2,3x4)/2x3"),
    "strided, flipped": lambda: wc.algorithm("F(2x2,3x3)/2").flip(),
    "strided, linear": lambda: wc.algorithm("F(2x2,3x3)/2").transpose(),
    "large": lambda: wc.algorithm("F(16,3)", wc.Points.default(18)),
    "modulo 97": lambda: modular("F(4x3,3x2)", 97),
    "modulo 2^61 - 1": lambda: modular("F(4,3)", 2**61 - 1).transpose(),
}
EXACT_ONLY: dict[str, Callable[[], wc.BilinearAlgorithm]] = {
    "one symbol": lambda: wc.algorithm("F(4,3)", "0, ±a, ±1/a, ∞"),
    "two symbols": lambda: wc.algorithm("F(2x2,2x3)", ["0, a, ∞", "0, a, b, ∞"]),
    "symbol and root": lambda: wc.algorithm("F(2,2)", "0, √2*a, ∞"),
    "nested roots": lambda: wc.algorithm("F(2,2)", "0, ±√(1+√2)"),
    "modulo 2^127 - 1": lambda: modular("F(4,3)", 2**127 - 1),
}


def assert_read_back(algorithm: wc.BilinearAlgorithm, kind: str, folder: Path, *, programs: bool = False) -> None:
    path = folder / f"made{SUFFIXES[kind]}"
    write_export(algorithm, kind, path, wc.programs_of(algorithm) if programs else None)
    loaded = wc.load(path)
    loaded.verify()
    exact = [(axis.AT, axis.G, axis.BT) for axis in algorithm.axes]
    assert [(axis.AT, axis.G, axis.BT) for axis in loaded.axes] == exact
    assert (loaded.tile, loaded.kind, loaded.modulus, loaded.joint) == (
        algorithm.tile,
        algorithm.kind,
        algorithm.modulus,
        algorithm.joint,
    )
    assert loaded.points == algorithm.points
    if kind in {"json", "npz"}:
        assert loaded == algorithm
    for reading in readings_of(path):
        verdict = judge(reading.axis)
        assert (verdict.kind, verdict.modulus, verdict.scale) == (algorithm.kind, algorithm.modulus, 1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", NUMERIC)
@settings(max_examples=10)
@given(data=st.data())
def test_exports_of_fractions_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: str
) -> None:
    assert_read_back(data.draw(of_fractions(kind)), kind, tmp_path_factory.getbasetemp())


@pytest.mark.slow
@settings(max_examples=12)
@given(
    st.sampled_from([7, 97, 65537, 2**31 - 1]),
    st.sampled_from(["F(2,3)", "F(4x2,2x3)", "F(3x3,2x2)"]),
    st.booleans(),
    st.sampled_from(NUMERIC),
)
def test_exports_of_residues_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, prime: int, tile: str, linear: bool, kind: str
) -> None:
    algorithm = modular(tile, prime)
    assert_read_back(algorithm.transpose() if linear else algorithm, kind, tmp_path_factory.getbasetemp())


@pytest.mark.slow
@pytest.mark.parametrize("kind", NUMERIC)
@pytest.mark.parametrize("name", MADE)
def test_exports_of_every_sort_are_read_back(name: str, kind: str, tmp_path: Path) -> None:
    algorithm = MADE[name]()
    assert_read_back(algorithm, kind, tmp_path, programs=name in {"√2", "iterated", "large"})


@pytest.mark.slow
@pytest.mark.parametrize("kind", EXACT)
@pytest.mark.parametrize("name", EXACT_ONLY)
def test_symbols_nested_roots_and_large_residues_are_read_back(name: str, kind: str, tmp_path: Path) -> None:
    assert_read_back(EXACT_ONLY[name](), kind, tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """`wincook verify FILE`: the exit code, and what it prints."""
    command = command_named("verify")

    def verify(path: Path) -> tuple[int, str]:
        code = command([str(path)], standalone_mode=False) or 0
        return code, capsys.readouterr().out

    return verify


@pytest.mark.slow
def test_a_joint_set_is_judged_as_what_it_says_it_is(run: Run, tmp_path: Path) -> None:
    algorithm = wc.algorithm("F(4x4,3x3)", JOINT, joint=True)
    for kind, suffix in SUFFIXES.items():
        path = tmp_path / f"joint{suffix}"
        write_export(algorithm, kind, path)
        code, out = run(path)
        assert code == 0
        assert out.startswith("F(4x4,3x3)")
        assert "46 multiplications: a correlation; 5184 sums hold exactly" in out
        (reading,) = readings_of(path)
        assert judge(reading.axis).tile == algorithm.tile


def in_text(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def in_json(path: Path, name: str, row: int, column: int, entry: str) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    data["axes"][0][name][row][column] = entry
    path.write_text(json.dumps(data), encoding="utf-8")


def in_archive(path: Path, name: str, change: Callable[[Any], Any]) -> None:
    arrays = dict(np.load(path))
    arrays[name] = change(arrays[name])
    np.savez(path, **arrays)


def added(array: Any) -> Any:
    array[3, 1] += 1
    return array


MUTANTS: dict[str, tuple[str, str, Callable[[Path], None], str]] = {
    "json": ("√2", "json", lambda path: in_json(path, "G", 3, 1, "sqrt(2)/5"), "G[3,1] is sqrt(2)/5"),
    "npz array": ("√2", "npz", lambda path: in_archive(path, "BT", added), "BT[3,1] is"),
    "c": ("√2", "c", lambda path: in_text(path, "(float)0.2357", "(float)0.2358"), "G[3,1] is"),
    "numpy": ("√2", "numpy", lambda path: in_text(path, "np.sqrt(2) / 6", "np.sqrt(2) / 7"), "G[3,1] is sqrt(2)/7"),
    "joint json": ("joint", "json", lambda path: in_json(path, "BT", 0, 1, "9"), "BT[0,1] is 9"),
    "joint c": ("joint", "c", lambda path: in_text(path, "{1.0f", "{7.0f"), "AT[0,0] is 7"),
    "residues json": ("modulo 97", "json", lambda path: in_json(path, "G", 0, 0, "5"), "G[0,0] is 5"),
    "residues c": ("modulo 97", "c", lambda path: in_text(path, "INT64_C(-24)", "INT64_C(5)"), "G[0,0] is 5"),
    "text": ("√2", "text", lambda path: in_text(path, "sqrt(2)/6", "sqrt(2)/7"), "G[3,1] is sqrt(2)/7"),
    "unicode": ("√2", "unicode", lambda path: in_text(path, "√2/6", "√2/7"), "G[3,1] is sqrt(2)/7"),
    "latex": ("√2", "latex", lambda path: in_text(path, r"{\sqrt{2}}{6}", r"{\sqrt{2}}{7}"), "is sqrt(2)/7"),
    "joint text": ("joint", "text", lambda path: in_text(path, "    1  ", "    7  "), "AT[0,0] is 7"),
    "residues latex": ("modulo 97", "latex", lambda path: in_text(path, "-24", "5"), "is 5"),
    "symbol text": ("one symbol", "text", lambda path: in_text(path, "    0     a ", "    0   2*a "), "AT[1,1] is 2*a"),
    "symbol": ("one symbol", "json", lambda path: in_json(path, "AT", 1, 1, "2*a"), "AT[1,1] is 2*a; a would make"),
}


@pytest.mark.slow
@pytest.mark.parametrize("which", MUTANTS)
def test_a_mutant_of_each_kind_is_refused_and_the_entry_is_named(run: Run, which: str, tmp_path: Path) -> None:
    name, kind, change, told = MUTANTS[which]
    path = tmp_path / f"mutant{SUFFIXES[kind]}"
    write_export((MADE | EXACT_ONLY)[name](), kind, path)
    assert run(path)[0] == 0
    change(path)
    code, out = run(path)
    assert code == 1
    assert told in out
    is_sealed = which != "npz array"  # one of its arrays is, and stays as it was
    assert ("note: the file was changed after wincook wrote it" in out) == is_sealed
    warned = pytest.warns(UserWarning, match="was changed after") if is_sealed else nullcontext()
    with warned, pytest.raises((AlgorithmError, DataError)):
        wc.load(path).verify()


@pytest.mark.slow
def test_arrays_and_the_exact_text_beside_them_must_agree(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "made.npz"
    write_export(MADE["√2"](), "npz", path)
    in_archive(path, "json", lambda text: np.array(str(text).replace("sqrt(2)/6", "sqrt(2)/7", 1)))
    for reader in (readings_of, wc.load):
        with golden.raises(AlgorithmError, match=r"G\[3,1\].*0.2357\d*.*sqrt\(2\)/7"):
            reader(path)


def test_what_an_export_says_of_itself_must_hold(run: Run, tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "made.json"
    write_export(wc.algorithm("F(3,2)").flip(), "json", path)
    in_text(path, '"true convolution"', '"correlation"')
    assert run(path)[0] == 1
    for old, new, named in (
        ('"correlation"', '"cross-correlation"', "known are correlation"),
        ('"modulus": 0', '"modulus": 15', "no prime"),
        ('"F(3,2)"', '"F(2,3)"', "the correlation F.2,3. has AT 2×R"),
        ('"F(3,2)"', '"F(3x3,2x2)"', "does not fit"),
        ('"F(3,2)"', '"F(3,0)"', "r = 0"),
        ('"AT"', '"TA"', "AT must be a list of rows"),
    ):
        write_export(wc.algorithm("F(3,2)"), "json", path)
        in_text(path, old, new)
        with golden.raises((AlgorithmError, DataError), match=named):
            readings_of(path)
    write_export(wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True), "json", path)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["axes"][0]["factors"]["BT"][0][0][0] = "17"
    path.write_text(json.dumps(data), encoding="utf-8")
    with golden.raises(AlgorithmError):
        readings_of(path)


@pytest.mark.parametrize("name", ["AT0", "G1", "BT1"])
def test_an_export_with_a_matrix_that_cannot_be_read_is_refused(name: str, tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "made.h"
    write_export(wc.algorithm("F(2x4,3x3)"), "c", path)
    text = path.read_text(encoding="utf-8")
    broken = re.sub(rf"({name}\[.*\n    .)", r"\1ONE + ", text)
    path.write_text(broken, encoding="utf-8")
    with golden.raises(DataError, match=f"{name} holds 'ONE'"):
        wc.load(path)
    path.write_text(broken[broken.index("*/") + 2 :], encoding="utf-8")  # without its header
    with golden.raises(DataError, match=f"{name} holds 'ONE'"):
        wc.load(path)
