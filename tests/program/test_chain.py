"""A chain of passes step by step: shown before it is proven, and proven."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import wincook as wc
from tests.golden import Golden
from wincook.errors import AlgorithmError
from wincook.program import chain
from wincook.program.chain import START, Transform, steps, sums_text
from wincook.program.programs import exact, program_of, proven_program
from wincook.program.style import AIMS, BALANCED, PASSES
from wincook.program.sums import Sums, matrix_of_sums

F43 = Transform(exact(wc.algorithm("F(4,3)", "0, ±1, ±2, ∞").axes[0].BT), "d", "V")


def test_each_step_applies_the_matrix_and_has_its_name() -> None:
    for passes in AIMS["additions"]:
        made = list(steps(F43, passes, BALANCED))
        assert [name for name, _ in made] == [START, *passes]
        assert {matrix_of_sums(sums) for _, sums in made} == {F43.matrix}


def test_a_wrong_pass_is_refused_by_name_after_its_sums_are_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, golden: Golden
) -> None:
    def wrong(sums: Sums) -> Sums:
        return Sums(sums.inputs, (((0, Fraction(7)),), *sums.sums[1:]), sums.outputs)

    monkeypatch.setitem(PASSES, "factor", wrong)
    monkeypatch.setenv("WINCOOK_DUMP", str(tmp_path))
    with golden.raises(AlgorithmError, match="'factor'"):
        list(steps(F43, ("share ± rows", "factor"), BALANCED))
    (folder,) = (tmp_path / "programs").glob("V-6x6-*/balanced/share-rows-factor")
    assert sorted(path.name for path in folder.iterdir()) == ["0-dot-products.txt", "1-share-rows.txt", "2-factor.txt"]
    assert (folder / "2-factor.txt").read_text().splitlines()[0].endswith("= d0 · 7")
    assert "d0 · 7" not in (folder / "1-share-rows.txt").read_text()


def test_the_program_taken_is_written_beside_its_steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WINCOOK_DUMP", str(tmp_path))
    proven_program.cache_clear()
    program = program_of(F43.matrix, "d", "V")
    (file,) = (tmp_path / "programs").rglob("program.txt")
    assert file.read_text() == f"{program}\n"
    assert len(list(file.parent.rglob("*.txt"))) == 2 + len(AIMS["balanced"][0])


def test_two_styles_and_two_matrices_have_their_own_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WINCOOK_DUMP", str(tmp_path))
    proven_program.cache_clear()
    algorithm = wc.algorithm("F(4,3)", "0, ±1, ±8/3, ∞")
    wc.programs_of(algorithm, wc.program.Style("additions", "huffman", fma=False))
    wc.programs_of(algorithm, wc.program.Style("plain"))
    assert {file.parent.name for file in tmp_path.rglob("program.txt")} == {"plain", "additions-huffman-order-no-fma"}
    assert len(list(tmp_path.rglob("program.txt"))) == 6
    assert len(list((tmp_path / "programs").iterdir())) == 3


def test_nothing_is_written_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WINCOOK_DUMP", raising=False)
    monkeypatch.setattr(chain, "dump", pytest.fail)
    list(steps(F43, AIMS["balanced"][0], BALANCED))


def test_sums_are_written_as_programs_are() -> None:
    half = Fraction(1, 2)
    sums = Sums(2, (((0, half), (1, Fraction(-1))), (), ((2, Fraction(1)),)), (2, 0, 3, 2))
    assert sums_text(sums, "d", "V").splitlines() == [
        "t0 = d0 · 1/2 - d1",
        "V2 = 0",
        "t2 = t0",
        "V0 = t0",
        "V1 = d0",
        "V3 = t0",
    ]
