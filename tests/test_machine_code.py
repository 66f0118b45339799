"""The cache of machine code: damaged, planted, full, read-only or not there at all."""

from __future__ import annotations

import ctypes
import hashlib
import linecache
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import pytest

from tests.golden import Golden
from wincook import kept_code
from wincook.analysis.prediction.batch import rounding
from wincook.errors import OutputError
from wincook.kept_code import SEAL_BYTES

SOURCE = """
from numba import types
from wincook.kernels.codegen.body.exported.words import put_words
from wincook.machine_code import c_function

FACTOR = 2

@c_function(types.int64)
def store(place):
    put_words(place, 0, (FACTOR,))

@c_function(types.int64)
def other(place):
    put_words(place, 0, (3,))
"""


def loaded(source: str = SOURCE, name: str = "machine_code_trial") -> ModuleType:
    """A module whose two functions are compiled, or come from the cache."""
    path = f"{name}.py"
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    module = ModuleType(name)
    sys.modules[name] = module
    exec(compile(source, path, "exec"), vars(module))  # noqa: S102
    return module


def hits(module: ModuleType) -> tuple[int, int]:
    for function, expected in ((module.store, module.FACTOR), (module.other, 3)):
        number = ctypes.c_int64(0)
        function.ctypes(ctypes.addressof(number))
        assert number.value == expected
    return module.store.cache_hits, module.other.cache_hits


@pytest.fixture(autouse=True)
def nothing_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba, "_wincook_warned", set(), raising=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the code of both functions."""
    folder = tmp_path_factory.mktemp("kept")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WINCOOK_CACHE_DIR", str(folder))
        loaded()
    return folder


@pytest.fixture
def entry(folder: Path, kept: Path) -> Path:
    """The file of one of the functions."""
    shutil.copytree(kept, folder)
    (file,) = folder.glob("*.store-*")
    return file


def cut(length: int) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(path.read_bytes()[:length])


def flip(place: int) -> Callable[[Path], object]:
    def change(path: Path) -> None:
        contents = bytearray(path.read_bytes())
        contents[place % len(contents)] ^= 1 << place % 8
        path.write_bytes(contents)

    return change


def seal(path: Path, code: bytes) -> None:
    """Code of others under a seal that is right."""
    path.write_bytes(hashlib.sha256(path.name.encode() + code).digest() + code)


def instead(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def change(path: Path) -> None:
        path.unlink()
        make(path)

    return change


def sibling(path: Path) -> Path:
    return next(other for other in path.parent.iterdir() if other != path)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": cut(0),
    **{f"cut to {length}": cut(length) for length in (1, 4, 16, 31, 32, 33, 64, 100, -100, -2, -1)},
    **{f"bit {place} flipped": flip(place) for place in (0, 31, 32, 33, 40, 100, 555, -100, -9, -1)},
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "ones": lambda path: path.write_bytes(b"\xff" * path.stat().st_size),
    "text": lambda path: path.write_text("no machine code"),
    "digests": lambda path: path.write_bytes(hashlib.sha512(b"").digest() * (path.stat().st_size // 64)),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "twice": lambda path: path.write_bytes(2 * path.read_bytes()),
    "of another function": lambda path: path.write_bytes(sibling(path).read_bytes()),
    "a folder": instead(Path.mkdir),
    "a full folder": instead(lambda path: (path / "a" / "b").mkdir(parents=True)),
    "a link": instead(lambda path: path.symlink_to(sibling(path))),
    "a link to nothing": instead(lambda path: path.symlink_to("nowhere")),
    "a link to itself": instead(lambda path: path.symlink_to(path.name)),
    "a pipe": instead(os.mkfifo),
    "no permission": lambda path: path.chmod(0),
    "others may write": lambda path: path.chmod(0o666),
    "the group may write": lambda path: path.chmod(0o620),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_made_again(damage: Callable[[Path], object], entry: Path) -> None:
    assert hits(loaded()) == (1, 1)
    damage(entry)
    first = hits(loaded())
    # Where files can be read whatever their permissions, a forbidden one is not damaged.
    assert first == ((1, 1) if damage is DAMAGE["no permission"] and os.geteuid() == 0 else (0, 1))
    assert hits(loaded()) == (1, 1)
    assert sorted(path.name.split("-")[0].split(".")[-1] for path in entry.parent.iterdir()) == ["other", "store"]


def test_files_of_functions_swapped(entry: Path) -> None:
    """Both are whole, each under the name of the other: code is known by what it was made from."""
    other = sibling(entry)
    entry.rename(spare := entry.with_name("spare"))
    other.rename(entry)
    spare.rename(other)
    assert hits(loaded()) == (0, 0)
    assert hits(loaded()) == (1, 1)


def test_a_file_is_known_by_all_that_it_was_made_from(entry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hits(loaded()) == (1, 1)
    assert hits(loaded(SOURCE.replace("FACTOR = 2", "FACTOR = 5"))) == (0, 0)
    assert hits(loaded(name="another_module")) == (0, 0)
    monkeypatch.setattr(numba, "__version__", "0.0")
    assert hits(loaded()) == (0, 0)


def test_a_new_folder_is_for_its_user_alone(folder: Path) -> None:
    loaded()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def plant(entry: Path) -> None:
    """Other code in place of a function's own, under a seal that is right."""
    loaded(SOURCE.replace("FACTOR = 2", "FACTOR = 7"))
    (other,) = set(entry.parent.glob("*.store-*")) - {entry}
    seal(entry, other.read_bytes()[SEAL_BYTES:])


def test_what_is_planted_would_run(entry: Path) -> None:
    """So the next tests can fail."""
    plant(entry)
    number = ctypes.c_int64(0)
    loaded().store.ctypes(ctypes.addressof(number))
    assert number.value == 7


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o720, 0o702, 0o770])
def test_a_folder_that_others_can_write_to_is_refused(mode: int, entry: Path) -> None:
    plant(entry)
    entry.parent.chmod(mode)
    with pytest.raises(PermissionError, match="WINCOOK_CACHE_DIR") as caught:
        loaded()
    assert str(entry.parent) in str(caught.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("through_link", [False, True])
def test_a_folder_that_others_own_is_refused(
    through_link: bool, entry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chown(entry.parent, 12345, 12345)
    if through_link:
        (tmp_path / "link").symlink_to(entry.parent)
        monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path / "link"))
    with pytest.raises(PermissionError, match="others own"):
        loaded()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_that_others_own_is_not_run(entry: Path) -> None:
    plant(entry)
    os.chown(entry, 12345, 12345)
    assert hits(loaded()) == (0, 1)
    assert entry.stat().st_uid == 0


@pytest.mark.parametrize("mode", [0o602, 0o620])
def test_a_file_that_others_can_write_to_is_not_run(mode: int, entry: Path) -> None:
    plant(entry)
    entry.chmod(mode)
    assert hits(loaded()) == (0, 1)


def test_the_library_names_a_folder_that_it_refuses(entry: Path, golden: Golden) -> None:
    entry.parent.chmod(0o777)
    function = rounding.compiled(rounding.cut.py_func)
    with golden.raises(OutputError):
        function(1.0, 3.0)


@pytest.mark.parametrize("place", ["beside a file", "/proc/wincook", "/dev/null", "/dev/full"])
def test_code_that_cannot_be_kept_runs_with_one_line_of_warning(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "cache" if place == "beside a file" else Path(place)
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(path))
    with pytest.warns(RuntimeWarning, match="WINCOOK_CACHE_DIR") as caught:
        assert hits(loaded()) == (0, 0)
    assert "\n" not in str(caught[0].message)
    assert str(path) in str(caught[0].message)


def test_there_may_be_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("WINCOOK_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert kept_code.cache_folder() is None
    with pytest.warns(RuntimeWarning, match="no home folder"):
        assert hits(loaded()) == (0, 0)


def test_where_the_folder_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WINCOOK_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept_code.cache_folder() == tmp_path / "wincook"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert kept_code.cache_folder() == tmp_path / "home" / ".cache" / "wincook"
    monkeypatch.setenv("WINCOOK_CACHE_DIR", "elsewhere")
    assert kept_code.cache_folder() == Path("elsewhere")


FULL = """
import resource
import test_machine_code as trial
if MOST:
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST, resource.RLIM_INFINITY))
print(trial.hits(trial.loaded()))
"""


def run_trial(limit: int, folder: Path) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", FULL.replace("MOST", str(limit))],
        cwd=Path(__file__).parent,
        env=os.environ | {"WINCOOK_CACHE_DIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip(), done.stderr.strip()


@pytest.mark.slow
def test_a_disk_that_fills_up_spoils_nothing(tmp_path: Path) -> None:
    """The limit on the size of a file stands in for the disk: half of a file can be written."""
    folder = tmp_path / "cache"
    hits_shown, warned = run_trial(500, folder)
    assert hits_shown == "(0, 0)"
    assert len(warned.splitlines()) == 1
    assert str(folder) in warned
    assert list(folder.iterdir()) == []
    assert run_trial(0, folder) == ("(0, 0)", "")
    assert run_trial(500, folder) == ("(1, 1)", "")


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root mounts a disk")
def test_a_full_disk_spoils_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k,mode=700", "none", folder], check=False).returncode:
        pytest.skip("this root may not mount")
    try:
        (folder / "filler").write_bytes(bytes(16384))
        hits_shown, warned = run_trial(0, folder)
        assert hits_shown == "(0, 0)"
        assert "No space left on device" in warned
        assert len(warned.splitlines()) == 1
        assert [path.name for path in folder.iterdir()] == ["filler"]
        (folder / "filler").unlink()
        subprocess.run(["mount", "-o", "remount,size=1m", folder], check=True)
        assert run_trial(0, folder) == ("(0, 0)", "")
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        assert run_trial(0, folder) == ("(1, 1)", "")
    finally:
        subprocess.run(["umount", folder], check=True)


def test_code_is_on_the_disk_before_it_has_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    replace = os.replace

    def replaced(*names: Any, **folders: Any) -> None:
        steps.append("replace")
        replace(*names, **folders)

    monkeypatch.setattr(os, "fsync", lambda _: steps.append("fsync"))
    monkeypatch.setattr(os, "replace", replaced)
    loaded()
    assert steps == ["fsync", "replace", "fsync"] * 2


def test_functions_typed_in_have_no_text_to_be_made_from(folder: Path) -> None:
    module: dict[str, Any] = {"__name__": "typed_in"}
    with pytest.raises(FileNotFoundError, match="no source code"):
        exec(SOURCE, module)  # noqa: S102
    assert not folder.exists()


def test_machine_code_needs_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    with pytest.raises(RuntimeError, match="NUMBA_DISABLE_JIT"):
        loaded()
