"""What a search finds depends on its seed and its evaluations alone; budgets, workers, Ctrl-C and who watches."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from tests.golden import Golden
from tests.near import near
from tests.search.conftest import Make
from tests.search.fakes import FOLDER, drawn
from wincook.errors import SearchError, WincookError
from wincook.search.running.outcome import Outcome, Progress
from wincook.search.running.run import run
from wincook.search.running.store import Store
from wincook.search.sweep import best_of


def found(outcome: Outcome) -> tuple[Any, ...]:
    return outcome.tasks, outcome.evaluations, outcome.best, outcome.ended


def test_tasks_count_up_to_the_first_at_which_the_evaluations_are_reached(search: Make) -> None:
    asked = search(seed=5)
    outcome = run(asked, evaluations=1000)
    sweeps = [drawn(asked, number) for number in range(20)]
    (tasks,) = (
        n
        for n in range(20)
        if sum(s.evaluations for s in sweeps[: n - 1]) < 1000 <= sum(s.evaluations for s in sweeps[:n])
    )
    counted = sweeps[:tasks]
    assert found(outcome) == (
        tasks,
        sum(sweep.evaluations for sweep in counted),
        best_of(entry for sweep in counted for entry in sweep.best),
        "evaluations",
    )
    assert outcome.search == asked
    assert found(run(search(seed=6), evaluations=1000))[2] != outcome.best


def executors() -> dict[str, Executor]:
    return {
        "threads": ThreadPoolExecutor(3),
        "processes": ProcessPoolExecutor(2, get_context("spawn")),
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["threads", pytest.param("processes", marks=pytest.mark.nightly)])
def test_the_outcome_is_the_same_whoever_does_the_tasks(name: str, search: Make) -> None:
    asked = search("slow")
    expected = found(run(asked, evaluations=2000))
    assert found(run(asked, evaluations=2000, workers=2)) == expected
    with executors()[name] as executor:
        assert found(run(asked, evaluations=2000, executor=executor, workers=3)) == expected
        assert executor.submit(os.getpid).result()  # it is not shut down


def test_a_finite_strategy_ends_by_itself(search: Make) -> None:
    outcome = run(search("finite"))
    assert (outcome.tasks, outcome.ended) == (10, "exhausted")
    with ThreadPoolExecutor(3) as executor:
        assert found(run(search("finite"), executor=executor, workers=3)) == found(outcome)
    assert run(search("finite"), evaluations=10**12).ended == "exhausted"
    assert run(search("finite"), evaluations=500).ended == "evaluations"


def test_seconds_end_a_search_after_the_tasks_under_way(search: Make) -> None:
    start = time.monotonic()
    outcome = run(search("slow"), seconds=0.3)
    assert 0.3 <= outcome.seconds <= time.monotonic() - start < 5
    assert outcome.ended == "seconds"
    assert found(run(search("slow"), evaluations=outcome.evaluations))[:3] == found(outcome)[:3]
    with ThreadPoolExecutor(3) as executor:
        outcome = run(search("slow"), seconds=0.3, executor=executor, workers=3)
    assert found(run(search("slow"), evaluations=outcome.evaluations))[:3] == found(outcome)[:3]


def test_the_first_budget_that_is_used_up_ends_a_search(search: Make) -> None:
    assert run(search(), seconds=600, evaluations=500).ended == "evaluations"
    assert run(search("slow"), seconds=0.1, evaluations=10**12).ended == "seconds"


@pytest.mark.parametrize(
    "budget",
    [
        {},
        *({"seconds": seconds} for seconds in (0, -1, math.nan, math.inf, "soon", True)),
        *({"evaluations": number} for number in (0, -5, 1.5, math.nan, math.inf, 2**63)),
        *({"evaluations": 500, "workers": number} for number in (0, 1.5, 10**6)),
        {"evaluations": 500, "executor": 3},
        {"evaluations": 500, "watch": 3},
        {"evaluations": 500, "resume": "yes"},
        {"evaluations": 500, "store": 3},
    ],
)
def test_budgets_that_cannot_be_are_refused(search: Make, golden: Golden, budget: dict[str, Any]) -> None:
    with golden.raises(WincookError):
        run(search(), **budget)


def test_who_watches_hears_how_far_it_is_and_may_end_it(search: Make) -> None:
    heard: list[Progress] = []

    def watch(progress: Progress) -> bool:
        heard.append(progress)
        return progress.tasks < 5

    outcome = run(search(), evaluations=10**6, watch=watch)
    assert (outcome.tasks, outcome.ended) == (5, "stopped")
    assert [progress.tasks for progress in heard] == [1, 2, 3, 4, 5]
    assert [progress.best[0] for progress in heard] == sorted((p.best[0] for p in heard), reverse=True)
    last = heard[-1]
    assert (last.evaluations, last.best) == (outcome.evaluations, outcome.best)
    assert last.rate == near(last.evaluations / last.seconds)
    assert last.left == near((10**6 - last.evaluations) / last.rate)


def test_time_that_is_left(search: Make) -> None:
    left = [math.inf]

    def watch(progress: Progress) -> None:
        assert progress.left is not None
        left.append(progress.left)

    run(search("slow"), seconds=0.3, watch=watch)
    assert left == sorted(left, reverse=True)
    assert left[1] < 0.3
    unbounded: list[float | None] = []
    run(search("finite"), watch=lambda progress: unbounded.append(progress.left))
    assert unbounded == [None] * 11


def press(number: int) -> Any:
    """Who watches presses Ctrl-C when it hears for the n-th time."""
    calls = count(1)

    def watch(_: Progress) -> None:
        if next(calls) == number:
            signal.raise_signal(signal.SIGINT)

    return watch


def test_ctrl_c_gives_what_was_found(search: Make, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    outcome = run(search(), evaluations=10**6, watch=press(4), store=tmp_path / "s")
    assert (outcome.tasks, outcome.ended) == (4, "interrupted")
    assert signal.getsignal(signal.SIGINT) == before
    assert found(run(search(), evaluations=outcome.evaluations))[:3] == found(outcome)[:3]
    with ThreadPoolExecutor(3) as executor:
        parallel = run(search("slow"), evaluations=10**6, watch=press(2), executor=executor, workers=3)
    assert parallel.ended == "interrupted"
    assert found(run(search("slow"), evaluations=parallel.evaluations))[:3] == found(parallel)[:3]


def test_a_second_ctrl_c_waits_for_nothing(search: Make) -> None:
    def watch(_: Progress) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    outcome = run(search(), evaluations=10**6, watch=watch)
    assert (outcome.tasks, outcome.ended) == (1, "interrupted")


def test_ctrl_c_that_is_ignored_stays_so(search: Make) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert run(search(), evaluations=1000, watch=press(1)).ended == "evaluations"
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced(search: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    outcome = run(search("deadly"), evaluations=1000, workers=2, store=tmp_path / "s")
    assert (tmp_path / "killed").exists()
    with Store(tmp_path / "s") as store:
        (stored,) = store.runs()
    assert stored.tasks >= outcome.tasks
    assert found(outcome)[:3] == found(run(search("drawn"), evaluations=1000))[:3]


@pytest.mark.slow
def test_a_task_that_ends_every_worker_ends_the_search(search: Make, golden: Golden) -> None:
    with golden.raises(SearchError, match="task 3"):
        run(search("deadlier"), evaluations=1000, workers=2)
    with ProcessPoolExecutor(2, get_context("spawn")) as executor, golden.raises(SearchError, match="executor"):
        run(search("deadlier"), evaluations=1000, executor=executor, workers=2)


def test_an_executor_that_takes_nothing(search: Make, golden: Golden) -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with golden.raises(SearchError):
        run(search(), evaluations=500, executor=executor)


class Dying(Executor):
    """Calls off its second task, and never ends another one, as a cluster whose scheduler has died."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.given += 1
        if self.given == 2:
            future.cancel()
            future.set_running_or_notify_cancel()
        return future


def test_a_dead_executor_is_not_waited_for(search: Make, golden: Golden) -> None:
    signal.alarm(60)  # ends the process
    try:
        with golden.raises(SearchError, match="lost its tasks"):
            run(search(), executor=Dying(), workers=2, evaluations=10**6)
    finally:
        signal.alarm(0)


@pytest.mark.parametrize("parallel", [False, True])
def test_what_a_task_raises_is_raised(search: Make, parallel: bool) -> None:
    with ThreadPoolExecutor(2) as executor, pytest.raises(ZeroDivisionError):
        run(search("broken"), evaluations=500, executor=executor if parallel else None)


RUN = """
import sys
from tests.search.fakes import FAKES
from wincook.search.running.run import run
from wincook.search.search import Search
from wincook.search.strategies import STRATEGIES
STRATEGIES.update(FAKES)
run(Search.of("F(4x4,3x3)", strategy="slow"), evaluations=10**6, workers=2, store=sys.argv[1])
"""


def tasks_in(path: Path) -> int:
    if not path.exists():
        return 0
    with Store(path) as store:
        return sum(stored.tasks for stored in store.runs())


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split()]


@pytest.mark.slow
@pytest.mark.parametrize("who", ["main", "worker"])
def test_after_kill_9_a_search_goes_on_to_the_same_outcome(search: Make, tmp_path: Path, who: str) -> None:
    path = tmp_path / "searches"
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(path)], env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    ) as process:
        try:
            wait_until(lambda: tasks_in(path) >= 5)
            workers = children(process.pid)
            assert len(workers) >= 2
            if who == "worker":
                killed = workers[-1]
                os.kill(killed, signal.SIGKILL)
                before = tasks_in(path)
                wait_until(lambda: tasks_in(path) >= before + 10)  # it goes on with another
        finally:
            process.kill()
    wait_until(lambda: not any(map(is_alive, workers)))
    kept = tasks_in(path)
    assert kept >= 5
    evaluations = 100 * (kept + 10)
    resumed = run(search("slow"), evaluations=evaluations, store=path, resume=True)
    assert found(resumed) == found(run(search("slow"), evaluations=evaluations))


def wait_until(true: Any) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
