"""Long work under watch: a progress bar on a terminal, and Ctrl-C that lets the work end with what it has."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

INTERRUPTED = 130  # the exit code that shells give to what Ctrl-C ended


class Watch:
    """Told how far the work is; says whether to go on."""

    def __init__(self, bar: Progress, total: int, steps: str, before: Any) -> None:
        self.interrupted = False
        self._before = before
        self._bar, self._total, self._base = bar, total, 0
        self._task = bar.add_task(steps, total=total)

    def progress(self, done: int) -> bool:
        """Show how much of the present part is done; false once Ctrl-C was pressed."""
        self._bar.update(self._task, completed=self._base + done)
        return not self.interrupted

    def next(self, done: int) -> None:
        """A part is done: the next one counts from here."""
        self._base += done

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """Stop at the next chance; a second Ctrl-C stops at once."""
        del number, frame
        self.interrupted = True
        signal.signal(signal.SIGINT, self._before)


@contextmanager
def watching(total: int, steps: str = "tiles") -> Iterator[Watch]:
    """Watch over work of so many steps, which are tiles or something else."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), *Progress.get_default_columns()[1:2], MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        before = signal.getsignal(signal.SIGINT)
        watch = Watch(bar, total, steps, before)
        if before is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(signal.SIGINT, watch.interrupt)
        try:
            yield watch
        finally:
            signal.signal(signal.SIGINT, before)
