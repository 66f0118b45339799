"""Golden files: written when asked for, compared otherwise, and complete."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import wincook
from tests.golden import Golden
from wincook.errors import ShapeError

ROOT = Path(wincook.__file__).parents[1]
TESTS = """
from wincook.errors import ShapeError

def test_a_table(golden):
    golden.text("1 2\\n3 4\\n")

def test_an_error(golden, tmp_path):
    for size in (1, 1, 2):
        with golden.raises(ShapeError, match=str(size)):
            raise ShapeError(f"{tmp_path}/x has size {size}")
"""


def run(folder: Path, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "syrupy", "-p", "tests.golden", "-p", "no:cacheprovider"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}  # a run alone
    process = subprocess.run(
        [*command, "--snapshot-dirname=golden", f"--rootdir={folder}", *words, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    return process.returncode, process.stdout


@pytest.mark.slow
def test_files_are_written_compared_and_complete(tmp_path: Path) -> None:
    module, golden_file = tmp_path / "test_x.py", tmp_path / "golden" / "test_x.ambr"
    module.write_text(TESTS)
    assert run(tmp_path)[0] == 1  # there is no file yet, and none is made unasked
    assert not golden_file.exists()
    assert run(tmp_path, "--update-golden")[0] == 0
    assert golden_file.read_text().splitlines()[1:] == [
        "# name: test_a_table",
        "  1 2",
        "  3 4",
        "  ",
        "# ---",
        "# name: test_an_error",
        "  FOLDER/x has size 1",
        "# ---",
        "# name: test_an_error.1",
        "  FOLDER/x has size 2",
        "# ---",
    ]
    assert run(tmp_path, "-k", "table")[0] == 0  # what a test that is not run asks for is no fault
    module.write_text(TESTS.replace("x has size", "x is of size"))
    code, out = run(tmp_path)
    assert (code, "FOLDER/x is of size 1" in out, "FOLDER/x has size 1" in out) == (1, True, True)
    module.write_text(TESTS.partition("def test_an_error")[0])
    code, out = run(tmp_path)
    assert (code, "2 snapshots unused" in out) == (1, True)


def test_what_is_not_raised_or_says_another_value_is_a_failure(golden: Golden) -> None:
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"), golden.raises(ShapeError):
        pass
    with pytest.raises(AssertionError, match="Regex"), golden.raises(ShapeError, match="size 2"):
        raise ShapeError("size 1")
