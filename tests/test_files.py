from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.golden import Golden
from wincook.analysis.data.arrays import read_array
from wincook.demo.photo import load
from wincook.errors import DataError, NotationError, OutputError
from wincook.files import check_place, open_regular, path_text, write_atomically
from wincook.integrations.weights import read_weights


def test_a_file_is_written_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    write_atomically(path, b"first")
    write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("moment", ["write_bytes", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, golden: Golden
) -> None:
    path = tmp_path / "kept.txt"
    write_atomically(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, moment, fail)
    with golden.raises(OutputError):
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


def test_a_place_is_checked_without_leaving_a_trace(tmp_path: Path, golden: Golden) -> None:
    check_place(tmp_path / "picture.png")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "picture.png", tmp_path):
        with golden.raises(OutputError, match=str(place)):
            check_place(place)


def test_a_file_is_opened_up_to_a_size(tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "file").write_bytes(b"four")
    with open_regular(tmp_path / "file", 4) as file:
        assert file.read() == b"four"
    with golden.raises(DataError, match=r"4.*3"):
        open_regular(tmp_path / "file", 3)


@pytest.mark.parametrize("read", [read_array, read_weights, load])
def test_what_is_no_file_is_named_at_once(tmp_path: Path, read: Callable[[str], object]) -> None:
    suffix = ".pt" if read is read_weights else ".npy"
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"zeros{suffix}").symlink_to("/dev/zero")
    (tmp_path / f"loop{suffix}").symlink_to(tmp_path / f"loop{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    for name in ("pipe", "zeros", "loop", "folder", "none", "a\0b", "x" * 5000, "\udcff\x1b[31m", "two\nlines"):
        with pytest.raises((OutputError, NotationError), match=r"cannot read|must be a path") as raised:
            read(f"{tmp_path}/{name}{suffix}")
        assert str(raised.value).isprintable()
        assert len(str(raised.value)) < 300


def test_a_path_is_whole_in_messages_unless_it_is_very_long() -> None:
    assert path_text("a" * 200) == "a" * 200
    assert len(path_text("a" * 201)) == 200


@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_or_a_device_is_never_replaced_by_a_file(tmp_path: Path, linked: bool) -> None:
    pipe, place = tmp_path / "pipe", tmp_path / ("link" if linked else "pipe")
    os.mkfifo(pipe)
    if linked:
        place.symlink_to(pipe)
    for write in (check_place, lambda path: write_atomically(path, b"new")):
        with pytest.raises(OutputError, match="it is no regular file; name a place that can be written"):
            write(place)
    assert pipe.is_fifo()
    assert {entry.name for entry in tmp_path.iterdir()} == {"pipe", place.name}
