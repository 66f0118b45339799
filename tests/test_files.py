from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from wincook.errors import OutputError
from wincook.files import check_place, write_atomically


def test_a_file_is_written_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    write_atomically(path, b"first")
    write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("moment", ["write_bytes", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path = tmp_path / "kept.txt"
    write_atomically(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, moment, fail)
    with pytest.raises(OutputError, match=r"kept\.txt: No space left on device"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept.txt"]


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a machine that stops leaves no empty file under the name."""
    steps: list[str] = []
    replace = Path.replace

    def replaced(path: Path, target: Path) -> Path:
        steps.append("replace")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", lambda _: steps.append("fsync"))
    monkeypatch.setattr(Path, "replace", replaced)
    write_atomically(tmp_path / "kept.txt", b"new")
    assert steps == ["fsync", "replace"]


def test_a_place_is_checked_without_leaving_a_trace(tmp_path: Path) -> None:
    check_place(tmp_path / "picture.png")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "picture.png", tmp_path):
        with pytest.raises(OutputError, match=str(place)):
            check_place(place)
