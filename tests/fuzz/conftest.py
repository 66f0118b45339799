"""What every search asks of a case: an answer or a WincookError, within ten seconds of the processor and a GiB.

Each search has a few hundred cases for every change, the same ones each time, and many thousand new ones for
`-m nightly`.
"""

from __future__ import annotations

import faulthandler
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from wincook.errors import one_line, quoted

SECONDS = 10  # of the processor, which others may use as well
MEMORY = 1 << 30  # bytes
_RESERVED = 3 << 30  # what goes astray ends in a MemoryError, not with the machine
_CLEAR, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")

Search = Callable[[st.SearchStrategy[Any], Callable[[Any], None], int, int], None]
Mutated = Callable[[st.SearchStrategy[Any], st.SearchStrategy[Any]], st.SearchStrategy[Any]]


@dataclass
class Figures:
    """Of the cases of one search."""

    cases: int = 0
    slowest: float = 0.0
    largest: int = 0

    def __str__(self) -> str:
        return f"{self.cases:,} cases, the slowest in {self.slowest:.2f} s, the largest with {self.largest >> 20} MiB"


class Hang(BaseException):
    """Raised by the clock; no `except Exception` keeps it."""


@contextmanager
def bounded(figures: Figures) -> Iterator[None]:
    """Fail if what is done takes ten seconds of the processor, or a GiB beyond what was taken before."""
    before = _kib("VmRSS")
    _CLEAR.write_text("5", encoding="ascii")  # the peak begins anew (proc(5), clear_refs)
    resource.setrlimit(resource.RLIMIT_AS, ((_kib("VmSize") << 10) + _RESERVED, resource.RLIM_INFINITY))
    previous = signal.signal(signal.SIGPROF, _hang)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    faulthandler.dump_traceback_later(12 * SECONDS, exit=True)  # for what never comes back to Python, or waits
    start = time.process_time()
    try:
        yield
    except Hang as hang:
        raise AssertionError(f"not done after {SECONDS} s, but {_place(hang)}") from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
        faulthandler.cancel_dump_traceback_later()
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    figures.cases += 1
    figures.slowest = max(figures.slowest, time.process_time() - start)
    peak = (_kib("VmHWM") - before) << 10
    figures.largest = max(figures.largest, peak)
    assert peak < MEMORY, f"took {peak >> 20} MiB"


def _place(error: BaseException) -> str:
    """Where it went wrong: the innermost line of the project."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/wincook/" in frame.filename]
    name, line = (frames[-1].filename.rpartition("/wincook/")[2], frames[-1].lineno) if frames else ("", 0)
    return f"{type(error).__name__} in {name}:{line}: {one_line(str(error), 200)}"


@pytest.fixture(params=["each change", pytest.param("nightly", marks=pytest.mark.nightly)])
def search(request: pytest.FixtureRequest) -> Search:
    """Run a check, which may not raise, on few cases of a strategy, or on many; all faults are shown together."""

    def searched(cases: st.SearchStrategy[Any], check: Callable[[Any], None], few: int, many: int) -> None:
        nightly = request.param == "nightly"
        faults: dict[str, str] = {}
        figures = Figures()

        @settings(
            max_examples=many if nightly else few,
            derandomize=not nightly,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(cases)
        def checked(case: Any) -> None:
            try:
                with bounded(figures):
                    check(case)
            except Exception as error:  # noqa: BLE001 (each kind is a fault, and all are shown)
                faults.setdefault(_place(error), quoted(case, 300))

        checked()
        request.node.user_properties.append(("fuzz", f"{request.node.name}: {figures}, {len(faults)} faults"))
        assert not faults, "\n".join(f"{place}\n    {case}" for place, case in faults.items())

    return searched


@st.composite
def _mutated(draw: st.DrawFn, seeds: st.SearchStrategy[Any], words: st.SearchStrategy[Any]) -> Any:
    """A text, or bytes, of which a few places are cut, doubled, or replaced by words of the same type."""
    text = draw(seeds)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + draw(st.sampled_from([1, 4, 100])))))
        text = text[:start] + draw(st.one_of(words, st.just(text[start:end] * 2))) + text[end:]
    return text


@pytest.fixture
def mutated() -> Mutated:
    """The strategy of seeds that were changed in places."""
    return _mutated


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the figures, which come from other processes if there are several."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    for line in (text for report in reports for name, text in report.user_properties if name == "fuzz"):
        terminalreporter.write_line(line)


def _kib(name: str) -> int:
    text = _STATUS.read_text(encoding="ascii")
    return int(text.partition(f"{name}:")[2].split(maxsplit=1)[0])


def _hang(*_: object) -> None:
    raise Hang
