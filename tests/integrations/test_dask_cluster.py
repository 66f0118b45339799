"""A Dask cluster does the same as processes; what is wrong with it is one error."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.golden import Golden
from wincook.errors import MissingExtraError, SearchError, WincookError
from wincook.integrations.dask_cluster import dask_executor
from wincook.search import Progress, Search, Store, run

SEARCH = Search.of("F(2,3)", strategy="exhaustive", height=6)


@pytest.fixture(autouse=True)
def with_dask() -> None:
    pytest.importorskip("distributed")


@pytest.mark.nightly
def test_a_cluster_on_this_machine_finds_what_one_process_finds(tmp_path: Path) -> None:
    with dask_executor("local:2") as (executor, tasks):
        assert tasks == 2
        found = run(SEARCH, evaluations=300, executor=executor, workers=tasks, store=tmp_path / "s")
    expected = run(SEARCH, evaluations=300)
    assert (found.best, found.evaluations, found.tasks) == (expected.best, expected.evaluations, expected.tasks)


@pytest.fixture
def scheduler() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process of a scheduler with one worker, and its address."""
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        address = next(line.split()[-1] for line in process.stderr if "Scheduler at:" in line)
        threading.Thread(target=process.stderr.read, daemon=True).start()
        environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
        command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as worker:
            try:
                yield process, address
            finally:
                worker.kill()
                process.kill()


@pytest.mark.slow
def test_a_search_goes_on_after_its_scheduler_died(
    scheduler: tuple[subprocess.Popen[str], str], tmp_path: Path, golden: Golden
) -> None:
    process, address = scheduler

    def watch(progress: Progress) -> None:
        if progress.tasks >= 3:
            process.send_signal(signal.SIGKILL)

    connect_when_there_is_a_worker(address)
    with golden.raises(SearchError), dask_executor(address) as (executor, tasks):
        run(SEARCH, executor=executor, workers=tasks, store=tmp_path / "s", watch=watch)
    with Store(tmp_path / "s") as store:
        assert store.runs()[0].tasks >= 3
    resumed = run(SEARCH, store=tmp_path / "s", resume=True)
    expected = run(SEARCH)
    assert (resumed.best, resumed.evaluations) == (expected.best, expected.evaluations)


def connect_when_there_is_a_worker(address: str) -> None:
    with importlib.import_module("distributed").Client(address, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)


@pytest.mark.parametrize("address", ["nonsense", "local:two", "local:0", "tcp://127.0.0.1:1"])
def test_addresses_at_which_nothing_answers(address: str, golden: Golden) -> None:
    with golden.raises(WincookError), dask_executor(address):
        pass


class _Page(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.nightly
def test_something_else_answers() -> None:
    with HTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with (
            pytest.raises(SearchError, match="no Dask scheduler"),
            dask_executor(f"tcp://127.0.0.1:{server.server_port}"),
        ):
            pass
        server.shutdown()


def test_without_dask(monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    importlib.import_module("distributed")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with golden.raises(MissingExtraError), dask_executor("local:2"):
        pass
