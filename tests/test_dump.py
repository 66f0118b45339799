from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden import Golden
from wincook.dump import dump, dump_folder
from wincook.errors import OutputError


@pytest.mark.parametrize(("value", "folder"), [(None, None), ("", None), ("out/here", Path("out/here"))])
def test_the_variable_names_the_folder(value: str | None, folder: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WINCOOK_DUMP", raising=False)
    if value is not None:
        monkeypatch.setenv("WINCOOK_DUMP", value)
    assert dump_folder() == folder


def test_a_file_is_written_whole_into_a_folder_that_is_made(tmp_path: Path) -> None:
    for text in ("∞ and more\n" * 1000, "short\n"):
        dump(tmp_path / "new" / "folder", "sums.txt", text)
        assert (tmp_path / "new" / "folder" / "sums.txt").read_text(encoding="utf-8") == text
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["sums.txt"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "file").write_text("")
    with golden.raises(OutputError):
        dump(tmp_path / "file", "sums.txt", "text")
