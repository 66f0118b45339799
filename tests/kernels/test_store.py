from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from wincook.errors import OutputError
from wincook.kernels import store
from wincook.kernels.source import digest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def loaded(source: str) -> ModuleType:
    return store.load_module(f"trial_{digest(source)}", source)


def test_a_module_is_a_file_named_by_its_contents(folder: Path) -> None:
    first, again, other = loaded("a = 1\n"), loaded("a = 1\n"), loaded("a = 2\n")
    assert first is again
    assert (first.a, other.a) == (1, 2)
    assert sorted(path.name for path in folder.glob("*.py")) == sorted(
        f"trial_{digest(source)}.py" for source in ("a = 1\n", "a = 2\n")
    )


def test_a_damaged_file_is_written_anew(folder: Path) -> None:
    folder.mkdir()
    (folder / f"trial_{digest('a = 3')}.py").write_text("a =")
    assert loaded("a = 3").a == 3


def test_a_folder_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path / "file" / "cache"))
    with pytest.raises(OutputError, match="WINCOOK_CACHE_DIR"):
        loaded("a = 4")
