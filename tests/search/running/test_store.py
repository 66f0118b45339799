"""Stores: nothing is lost, doubled or overwritten, whatever ends a search and whatever the file is."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.golden import Golden
from tests.search.conftest import Make
from tests.search.fakes import drawn
from wincook.errors import OutputError, SearchError, WincookError
from wincook.search.running.run import run
from wincook.search.running.store import Store, default_store
from wincook.search.search import Search
from wincook.search.sweep import Scored, Sweep
from wincook.version import __version__

ODD = Sweep(0, 3, (Scored((0.1 + 0.2, 1e-300), "0, ±√2/2, ∞; 0, ±1, ∞"),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "searches.sqlite"


def contents(path: Path) -> list[Any]:
    """All rows of both tables."""
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in ("run", "task")]  # noqa: S608


def test_what_is_kept_comes_back(search: Make, path: Path) -> None:
    with Store(path) as store:
        number = store.begin(search(seed=3), "wincook search F(4x4,3x3)")
        store.add(number, ODD)
        store.add(number, drawn(search(seed=3), 2))
        store.keep_winners(number, [{"points": "0, ±1, ∞", "gain": 0.5}])
        other = store.begin(search(seed=4))
        assert other != number
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with Store(path, writing=False) as store:
        assert list(store.sweeps(number)) == [ODD, drawn(search(seed=3), 2)]
        assert list(store.sweeps(other)) == []
        first, second = store.runs()
        assert store.find(first.name) == first
    assert (first.search, first.name, first.version) == (search(seed=3), search(seed=3).name, __version__)
    assert (first.command, first.winners) == ("wincook search F(4x4,3x3)", [{"points": "0, ±1, ∞", "gain": 0.5}])
    assert (first.tasks, first.evaluations) == (2, 3 + drawn(search(seed=3), 2).evaluations)
    assert set(first.best) == {*ODD.best, *drawn(search(seed=3), 2).best}
    assert (second.tasks, second.evaluations, second.best, second.winners) == (0, 0, (), [])


def test_a_task_is_kept_once(search: Make, path: Path) -> None:
    with Store(path) as store, Store(path) as other:
        (number,) = {each.begin(search()) for each in (store, other, store)}
        for each in (store, other, store):
            each.add(number, ODD)
        assert list(other.sweeps(number)) == [ODD]


def test_another_version_of_wincook_has_a_run_of_its_own(
    search: Make, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(search(), evaluations=500, store=path)
    monkeypatch.setattr("wincook.search.running.store.__version__", "9.9")
    heard: list[int] = []
    run(search(), evaluations=500, store=path, resume=True, watch=lambda progress: heard.append(progress.tasks))
    assert heard[0] == 1
    with Store(path) as store:
        assert [stored.version for stored in store.runs()] == [__version__, "9.9"]
        assert store.find(search().name).version == "9.9"


def test_a_run_that_is_resumed_does_only_what_is_missing(search: Make, path: Path) -> None:
    expected = run(search(), evaluations=2000)
    run(search(), evaluations=700, store=path)
    before = contents(path)[1]
    with closing(sqlite3.connect(path)) as connection, connection:  # as two processes leave it: not in order
        connection.execute("DELETE FROM task WHERE number = 2")
    with Store(path) as store:
        store.add(store.begin(search()), drawn(search(), 9))
    heard: list[int] = []
    resumed = run(
        search(), evaluations=2000, store=path, resume=True, watch=lambda progress: heard.append(progress.tasks)
    )
    assert (resumed.tasks, resumed.evaluations, resumed.best) == (expected.tasks, expected.evaluations, expected.best)
    assert heard[0] == len(before) + 1
    assert [row[1] for row in contents(path)[1]] == list(range(expected.tasks))
    assert contents(path)[1][: len(before)] == before
    heard.clear()
    again = run(
        search(), evaluations=2000, store=path, resume=True, watch=lambda progress: heard.append(progress.tasks)
    )
    assert (again.best, heard) == (expected.best, [])
    assert run(search(), evaluations=700, store=path, resume=True).best == run(search(), evaluations=700).best


def test_without_resume_a_search_begins_anew_and_doubles_nothing(search: Make, path: Path) -> None:
    first = run(search(), evaluations=700, store=path)
    before = contents(path)
    heard: list[int] = []
    second = run(search(), evaluations=700, store=path, watch=lambda progress: heard.append(progress.tasks))
    assert (second.best, heard[0]) == (first.best, 1)
    assert contents(path) == before


PROCESS = """
import sys
from tests.search.fakes import FAKES
from wincook.search.running.run import run
from wincook.search.search import Search
from wincook.search.search import Search
from wincook.search.strategies import STRATEGIES
STRATEGIES.update(FAKES)
for seed in (0, int(sys.argv[2])):
    run(Search.of("F(4x4,3x3)", strategy="slow", seed=seed), evaluations=3000, store=sys.argv[1])
"""


@pytest.mark.slow
def test_processes_share_a_store_and_a_run(search: Make, path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(path), seed],
            env=os.environ | {"PYTHONPATH": str(Path.cwd())},
            stderr=subprocess.PIPE,
        )
        for seed in "12"
    ]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [(b"", 0)] * 2
    with Store(path) as store:
        runs = store.runs()
    assert sorted(stored.search.seed for stored in runs) == [0, 1, 2]
    for stored in runs:
        alone = run(search("slow", seed=stored.search.seed), evaluations=3000)
        assert (stored.tasks, stored.evaluations, stored.best) == (alone.tasks, alone.evaluations, alone.best)


def sqlite(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def foreign(path: Path) -> None:
    sqlite(path, "CREATE TABLE run (id INTEGER)")


def newer(path: Path) -> None:
    Store(path).close()
    sqlite(path, "PRAGMA user_version = 2")


def of_another_application(path: Path) -> None:
    sqlite(path, "PRAGMA application_id = 5")


def without_tables(path: Path) -> None:
    Store(path).close()
    sqlite(path, "DROP TABLE task")


def torn(path: Path) -> None:
    run(Search.of("F(4,3)", strategy="drawn"), evaluations=5000, store=path)
    contents = path.read_bytes()
    path.write_bytes(contents[:5000] + b"\xff" * (len(contents) - 5000))


def cut(path: Path) -> None:
    Store(path).close()
    path.write_bytes(path.read_bytes()[:50])


WRONG: dict[str, Callable[[Path], Any]] = {
    "foreign": foreign,
    "newer": newer,
    "of another application": of_another_application,
    "without tables": without_tables,
    "torn": torn,
    "cut": cut,
    "text": lambda path: path.write_text("0, ±1, ∞\n" * 200, encoding="utf-8"),
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_file_that_is_no_store_is_left_as_it_is(search: Make, tmp_path: Path, golden: Golden, kind: str) -> None:
    path = tmp_path / "file"
    WRONG[kind](path)
    before = path.read_bytes() if path.is_file() else None
    with golden.raises((SearchError, OutputError)):
        run(search(), evaluations=500, store=path)
    assert (path.read_bytes() if path.is_file() else None) == before
    with pytest.raises(WincookError), Store(path, writing=False) as store:
        store.runs()


def test_an_empty_file_becomes_a_store(search: Make, path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with pytest.raises(SearchError, match="holds no searches"):
        Store(path, writing=False)
    run(search(), evaluations=500, store=path)
    assert contents(path)[1]


def test_no_file_is_made_for_reading(path: Path, golden: Golden) -> None:
    with golden.raises(OutputError):
        Store(path, writing=False)
    assert not path.parent.exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE task SET best = '[[1]'",
        "UPDATE task SET best = '[1]'",
        "UPDATE task SET evaluations = 'many'",
        "UPDATE run SET created = 'yesterday'",
        "UPDATE run SET search = 'none'",
        "UPDATE run SET winners = '{'",
    ],
)
def test_damaged_rows_are_told(search: Make, path: Path, change: str) -> None:
    run(search(), evaluations=500, store=path)
    sqlite(path, change)
    with pytest.raises(SearchError), Store(path) as store:
        store.runs()


def test_a_store_that_cannot_be_written(search: Make, path: Path, golden: Golden) -> None:
    run(search(), evaluations=500, store=path)
    with Store(path, writing=False) as store, golden.raises(OutputError):
        store.add(1, ODD)
    path.with_name("file").write_text("")
    with golden.raises(OutputError):
        run(search(), evaluations=500, store=path.with_name("file") / "store")


def test_a_full_disk_keeps_what_was_kept(search: Make, path: Path, golden: Golden) -> None:
    with Store(path) as store:
        store._connection.execute("PRAGMA max_page_count = 20")  # SQLite itself refuses beyond, as on a full disk
        with golden.raises(OutputError):
            run(search(), evaluations=10**6, store=store)
        (stored,) = store.runs()
    assert stored.tasks > 20
    assert [row[1] for row in contents(path)[1]] == list(range(stored.tasks))
    evaluations = stored.evaluations + 1000
    assert (
        run(search(), evaluations=evaluations, store=path, resume=True).best
        == run(search(), evaluations=evaluations).best
    )


def test_unknown_runs(search: Make, path: Path, golden: Golden) -> None:
    with Store(path) as store:
        with golden.raises(SearchError):
            store.find("0123456789ab")
        store.begin(search())
        with pytest.raises(SearchError, match=f"known are {search().name}"):
            store.find("0123456789ab")


def test_the_store_of_a_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, golden: Golden) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_store() == tmp_path / "wincook" / "searches.sqlite"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/someone")
    assert default_store() == Path("/home/someone/.local/share/wincook/searches.sqlite")

    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as where there is no such user
    monkeypatch.setenv("HOME", "nowhere")
    monkeypatch.setattr("pwd.getpwuid", lambda uid: {}[uid])
    with golden.raises(OutputError):
        default_store()
