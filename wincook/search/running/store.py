"""Where the finished tasks of searches are kept: a file of SQLite, so that a search can go on after whatever ended it.

Each task is a transaction of its own, and stands there once, whoever did it: several processes may search with one
store at a time, and tasks are pure. A file that is something else is never written to.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from platformdirs import user_data_path

from wincook.arguments import choice, flag, instance, items, whole_number, words
from wincook.errors import OutputError, SearchError, WincookError, escaped, quoted
from wincook.files import given_path, path_text
from wincook.search.running.outcome import Best
from wincook.search.search import Search
from wincook.search.sweep import Scored, Sweep, best_of
from wincook.version import __version__

_APPLICATION = 0x77636B73  # "wcks", in the header of the file
_VERSION = 1  # of the tables
_PATIENCE = 30  # seconds, for others who write
_TABLES = (
    """CREATE TABLE run (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, search TEXT NOT NULL, created TEXT NOT NULL,
        command TEXT NOT NULL, winners TEXT NOT NULL DEFAULT '[]', UNIQUE (name, version)
    )""",
    """CREATE TABLE task (
        run INTEGER NOT NULL, number INTEGER NOT NULL, evaluations INTEGER NOT NULL, best TEXT NOT NULL,
        PRIMARY KEY (run, number)
    ) WITHOUT ROWID""",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_VERSION}",
)
_COLUMNS = (  # which a store must have
    "SELECT id, name, version, search, created, command, winners FROM run LIMIT 0",
    "SELECT run, number, evaluations, best FROM task LIMIT 0",
)


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A search that a store holds: what was asked and when, by which version of wincook, and what is finished of it.

    `name` is that of the search. `command` is the command line, empty if there was none; `winners` are records of the
    winners, as JSON has them.
    """

    name: str
    search: Search
    version: str
    created: datetime
    command: str
    tasks: int
    evaluations: int
    best: Best
    winners: list[dict[str, Any]]


class Store:
    """An open store; a context manager that closes it.

    A search is known by its name and the version of wincook that began it: another version may do its tasks otherwise.

    Args:
        path: the file, which is made if need be; its folder too, for its user alone.
        writing: whether anything is to be kept. If not, the file must be there, and is only read.

    Raises:
        NotationError: no path.
        SearchError: the file is something else, damaged, or written by a newer version of wincook.
        OutputError: it cannot be read or written, as in all that a store does.
    """

    def __init__(self, path: Path | str, *, writing: bool = True) -> None:
        self.path, writing = given_path("store", path), flag("writing", writing)
        try:
            there = self.path.exists()
            usable = not there or self.path.is_file()
            if writing:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error.strerror) from error
        if not usable:
            raise self._unusable("it is no regular file")
        if not there and not writing:
            raise OutputError(f"{path_text(self.path)} is not there; a search makes it")
        place = f"{self.path.absolute().as_uri()}?mode={'rwc' if writing else 'ro'}"
        with self._told():
            self._connection = sqlite3.connect(place, _PATIENCE, isolation_level=None, uri=True)
            try:
                self._prepare(writing=writing)
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; all that was kept is in it."""
        with self._told():
            self._connection.close()

    def begin(self, search: Search, command: str = "") -> int:
        """The number by which the store knows a search, which is noted if it is new."""
        search = instance("search", search, Search, "make it with Search.of('F(4,3)')", SearchError)
        command = escaped(words("command", command, "wincook search 4,3"))
        name, created = search.name, datetime.now(UTC).isoformat(timespec="seconds")
        with self._told():
            self._connection.execute(
                "INSERT OR IGNORE INTO run (name, version, search, created, command) VALUES (?, ?, ?, ?, ?)",
                (name, __version__, search.as_json(), created, command),
            )
            ((run,),) = self._connection.execute(
                "SELECT id FROM run WHERE name = ? AND version = ?", (name, __version__)
            )
        return int(run)

    def add(self, run: int, sweep: Sweep) -> None:
        """Keep a finished task; nothing, if it is there already."""
        run, sweep = self._known(run), instance("sweep", sweep, Sweep, "a task gives it", SearchError)
        best = json.dumps([[entry.points, entry.values] for entry in sweep.best], ensure_ascii=False)
        with self._told():
            self._connection.execute(
                "INSERT OR IGNORE INTO task VALUES (?, ?, ?, ?)", (run, sweep.number, sweep.evaluations, best)
            )

    def sweeps(self, run: int) -> Iterator[Sweep]:
        """The finished tasks of a search, in the order of their numbers."""
        run = self._known(run)
        with self._told():
            rows = self._connection.execute(
                "SELECT number, evaluations, best FROM task WHERE run = ? ORDER BY number", (run,)
            )
            for number, evaluations, best in rows:
                scored = (Scored(tuple(map(float, values)), str(points)) for points, values in json.loads(best))
                yield Sweep(int(number), int(evaluations), tuple(scored))

    def keep_winners(self, run: int, winners: Sequence[Mapping[str, Any]]) -> None:
        """Keep records of the winners of a search, in place of earlier ones."""
        run = self._known(run)
        try:
            records = json.dumps(items("winners", winners, "({'points': '0, ±1, ∞'},)"), ensure_ascii=False)
        except (TypeError, ValueError, RecursionError) as error:
            if isinstance(error, WincookError):
                raise
            raise SearchError(
                f"winners = {quoted(winners)} must be records that JSON takes: {quoted(error)}"
            ) from error
        with self._told():
            self._connection.execute("UPDATE run SET winners = ? WHERE id = ?", (records, run))

    def runs(self) -> list[StoredRun]:
        """All searches, in the order in which they were begun."""
        with self._told():
            rows = self._connection.execute(
                "SELECT id, name, version, search, created, command, winners FROM run ORDER BY id"
            )
            return [self._stored(*row) for row in rows.fetchall()]

    def find(self, name: str) -> StoredRun:
        """The search of a name; of several versions of wincook, the one that was begun last.

        Raises:
            SearchError: there is none.
        """
        runs = {run.name: run for run in self.runs()}
        if not runs:
            raise SearchError(f"{path_text(self.path)} holds no searches")
        return runs[choice("run", name, runs, SearchError)]

    def _known(self, run: object) -> int:
        return whole_number("run", run, error=SearchError)

    def _stored(self, run: int, name: str, version: str, search: str, created: str, *rest: str) -> StoredRun:
        command, winners = rest
        tasks, evaluations = 0, 0
        best: Best = ()
        for sweep in self.sweeps(run):
            tasks, evaluations, best = tasks + 1, evaluations + sweep.evaluations, best_of((*best, *sweep.best))
        began = datetime.fromisoformat(created)
        known = Search.from_json(search)
        return StoredRun(name, known, version, began, command, tasks, evaluations, best, json.loads(winners))

    def _prepare(self, *, writing: bool) -> None:
        """See that the file is a store, or make one of a new file."""
        if self._is_new():
            if not writing:
                raise SearchError(f"{path_text(self.path)} holds no searches")
            self._connection.execute("BEGIN IMMEDIATE")
            if self._is_new():  # and not made by another process meanwhile
                for statement in _TABLES:
                    self._connection.execute(statement)
            self._connection.execute("COMMIT")
        if writing:
            with suppress(sqlite3.OperationalError):  # some file systems cannot; the usual journal serves as well
                self._connection.execute("PRAGMA journal_mode = WAL")

    def _is_new(self) -> bool:
        application, version, tables = (
            self._connection.execute(query).fetchone()[0]
            for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
        )
        if application == _APPLICATION and version > _VERSION:
            raise SearchError(
                f"{path_text(self.path)} was written by a newer wincook: this one reads stores up to version "
                f"{_VERSION}, and it is of version {version}; name another file"
            )
        if application == _APPLICATION:
            for query in _COLUMNS:
                self._connection.execute(query)
        elif application or version or tables:
            raise SearchError(f"{path_text(self.path)} is a database of something else; name another file")
        return bool(application != _APPLICATION)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite refuses, and what cannot be in a store, as errors that name the file."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._fault(error) from error
        except (ValueError, TypeError, KeyError) as error:
            if isinstance(error, WincookError):
                raise
            raise SearchError(f"{path_text(self.path)} is damaged: {error}; name another file") from error

    def _fault(self, error: sqlite3.Error) -> WincookError:
        place, code = path_text(self.path), getattr(error, "sqlite_errorcode", 0) & 0xFF  # without what extends it
        if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR}:
            return SearchError(f"{place} is no store of searches, or a damaged one: {error}; name another file")
        if code == sqlite3.SQLITE_FULL:
            return OutputError(f"{place}: {error}; make room, then resume: all tasks before are kept")
        return self._unusable(error)

    def _unusable(self, why: object) -> OutputError:
        return OutputError(f"no searches can be kept in {path_text(self.path)}: {why}; name a file that can be written")


def default_store() -> Path:
    """`wincook/searches.sqlite` in the user's data folder, such as ~/.local/share, or where XDG_DATA_HOME says.

    Raises:
        OutputError: the user has no home folder.
    """
    try:
        folder = user_data_path("wincook", appauthor=False)
    except RuntimeError as error:
        raise OutputError("this user has no home folder; name a file for the store") from error
    return folder / "searches.sqlite"
