from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import pytest

import wincook as wc
from tests.golden import Golden
from wincook.construct.residue.modular import modular
from wincook.errors import AlgorithmError, FormatError, NotationError, OutputError
from wincook.interchange.write.export import KINDS, export, export_bytes, write_export
from wincook.program.ir import Add, Fma, Mul, Neg, Program, Sub
from wincook.program.linear_forms import matrix_of
from wincook.program.programs import exact
from wincook.version import __version__

TEXTS = [kind for kind in KINDS if kind != "npz"]
HALF = Fraction(1, 2)


@pytest.fixture
def f23() -> wc.BilinearAlgorithm:
    return wc.algorithm("F(2,3)", "0, ±1, ∞")


@pytest.fixture
def programs(f23: wc.BilinearAlgorithm) -> wc.program.Programs:
    """With operations of every sort, and an output that is an input."""
    half_sums = (Neg(0), Mul(0, HALF), Fma(2, HALF, 4), Fma(1, HALF, 5), Fma(1, -HALF, 5))
    programs = wc.program.Programs(
        filter=(Program("g", "U", 3, half_sums, (3, 6, 7, 2)),),
        input=(Program("d", "V", 4, (Sub(2, 0), Add(1, 2), Sub(2, 1), Sub(3, 1)), (4, 5, 6, 7)),),
        output=(Program("M", "y", 4, (Add(0, 1), Add(4, 2), Sub(1, 2), Add(6, 3)), (5, 7)),),
    )
    (axis,) = f23.axes
    for program, matrix in zip(
        (*programs.filter, *programs.input, *programs.output), (axis.G, axis.BT, axis.AT), strict=True
    ):
        assert matrix_of(program) == exact(matrix)
    return programs


@pytest.mark.parametrize("kind", TEXTS)
def test_f23_looks_as_it_should(f23: wc.BilinearAlgorithm, programs: wc.program.Programs, kind: str) -> None:
    golden = (Path(__file__).parent / "golden" / f"{kind}.txt").read_text(encoding="utf-8")
    assert export(f23, kind, programs) == golden.replace("VERSION", __version__)


@pytest.mark.slow
def test_the_header_holds_the_digest_of_all_that_follows_it() -> None:
    algorithm = wc.algorithm("F(2x1,2x3)", "0, √2, ∞; 0, ±√2").flip()
    for kind in ("text", "unicode", "latex", "numpy", "c"):
        text = export(algorithm, kind, wc.programs_of(algorithm))
        header, _, contents = text.partition('"""\n\n' if kind == "numpy" else "\n\n")
        digits = hashlib.sha256(contents.encode()).hexdigest()[:12]
        assert f"digest           {digits}" in header
        assert "F(2x1,2x3), a true convolution: " in header
        assert "points           0, √2, ∞; 0, ±√2" in header or text.isascii()


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_the_same_each_time_and_replace_the_old(
    f23: wc.BilinearAlgorithm, programs: wc.program.Programs, kind: str, tmp_path: Path, golden: Golden
) -> None:
    path = tmp_path / "new" / "f23"
    write_export(f23, kind, path)
    write_export(f23, kind, path, programs)
    assert path.read_bytes() == export_bytes(f23, kind, programs)
    assert [entry.name for entry in path.parent.iterdir()] == ["f23"]
    with golden.raises(OutputError, match="f23"):
        write_export(f23, kind, path / "below")


@pytest.mark.slow
def test_symbols_are_shown_and_refused_where_numbers_are_needed(golden: Golden) -> None:
    family = wc.algorithm("F(2,3)", "0, a, 1/b, ∞")
    for kind in ("text", "unicode", "latex", "json"):
        assert "a" in export(family, kind)
    for kind in ("npz", "numpy", "c"):
        with golden.raises(FormatError, match=r"at\(a=\.\.\..*b=\.\.\.\)"):
            export_bytes(family, kind)
        export_bytes(family.at(a=1, b="√2"), kind)


def test_what_holds_for_integers_only_is_no_floating_point_code(golden: Golden) -> None:
    residues = modular("F(4,3)", 17)
    programs = wc.programs_of(residues)
    for kind in ("text", "unicode", "latex", "json", "npz"):
        export_bytes(residues, kind, programs)
    for kind in ("numpy", "c"):
        export_bytes(residues, kind)
        with golden.raises(FormatError, match="17"):
            export_bytes(residues, kind, programs)
    with golden.raises(FormatError, match="64"):
        export_bytes(modular("F(2,3)", 2**89 - 1), "c")


def test_unknown_kinds_and_binary_text_are_refused(f23: wc.BilinearAlgorithm, golden: Golden) -> None:
    for call in (export_bytes, export):
        with golden.raises(NotationError, match=r"'fortran'.*" + ", ".join(KINDS)):
            call(f23, "fortran")
    with golden.raises(NotationError):
        export(f23, "npz")


def test_numbers_beyond_float32_are_refused(golden: Golden) -> None:
    huge = wc.algorithm("F(5,1)", "0, ±1, 10000000000, ∞")
    with golden.raises(FormatError, match="float32"):
        export_bytes(huge, "c")


def test_programs_of_other_matrices_are_refused() -> None:
    algorithm, other = wc.algorithm("F(2,3)"), wc.algorithm("F(2,3)", "0, 1, 2, ∞")  # of the same shapes
    for kind in ("c", "text"):
        with pytest.raises(AlgorithmError, match="the filter programs are those of other matrices than the G of"):
            export(algorithm, kind, wc.programs_of(other))
    with pytest.raises(AlgorithmError):
        export(wc.algorithm("F(2x4,3x3)"), "json", wc.programs_of(algorithm))
    assert export("F(2,3)", "c", wc.programs_of("F(2,3)")) == export(algorithm, "c", wc.programs_of(algorithm))
