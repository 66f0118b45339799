from __future__ import annotations

import runpy
import shutil
import sys
from pathlib import Path

import pytest

from tests.emit.library.tools import needs, ran
from wincook.kernels.target import host_isa_names

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs_and_says_something(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(example), run_name="__main__")
    assert capsys.readouterr().out.strip()


@pytest.mark.slow
def test_programs_in_c_and_cpp_draw_what_scipy_draws(tmp_path: Path) -> None:
    needs("make", "gcc", "g++", "ar", "pkg-config", "libpng-config")
    shutil.copytree(Path(__file__).parents[1] / "examples" / "c", tmp_path / "c")
    machine = "x86-64-v3" if "avx2" in host_isa_names() else ""  # one variant is sooner made than three
    ran("make", "-s", f"PYTHON={sys.executable}", f"MACHINE={machine}", "check", folder=tmp_path / "c")


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3
