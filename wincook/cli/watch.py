"""Long work under watch: progress on a terminal, and Ctrl-C that lets a command answer with what it has."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from wincook.search.running.interrupts import noting_interrupts

INTERRUPTED = 130  # the exit code that shells give to what Ctrl-C ended

Item = TypeVar("Item")
Result = TypeVar("Result")


class Watch:
    """Told how far the work is; says whether to go on."""

    def __init__(self, bar: Progress, total: int, steps: str, noted: Callable[[], bool]) -> None:
        self._noted, self._stopped = noted, False
        self._bar, self._total, self._base = bar, total, 0
        self._task = bar.add_task(steps, total=total)

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._stopped or self._noted()

    def each(self, work: Callable[[Item], Result], items: Iterable[Item], steps: int = 1) -> list[Result]:
        """The results of work on one item after the other, each of so many steps: of all, or of those before Ctrl-C.

        Raises:
            KeyboardInterrupt: there is none yet.
        """
        results: list[Result] = []
        for item in items:
            try:
                results.append(work(item))
            except KeyboardInterrupt:
                self._stopped = True
            self._base += steps
            self._bar.update(self._task, completed=self._base)
            if self.interrupted:
                break
        if self.interrupted and not results:
            raise KeyboardInterrupt
        return results

    def progress(self, done: int) -> bool:
        """Show how much of the present part is done; false once Ctrl-C was pressed."""
        self._bar.update(self._task, completed=self._base + done)
        return not self.interrupted

    def finish(self) -> None:
        """Exit as an interrupted command does, if it was interrupted: all that there is has been answered."""
        if self.interrupted:
            raise typer.Exit(INTERRUPTED)


@contextmanager
def watching(total: int, steps: str, *, gently: bool = False) -> Iterator[Watch]:
    """Watch over work of so many steps, which are tiles or something else.

    Ctrl-C ends the present part at once, without a result; if `gently`, the work asks `progress` whether to go on, and
    a second Ctrl-C ends it at once.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), *Progress.get_default_columns()[1:2], MofNCompleteColumn())
    with (
        Progress(
            *columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal
        ) as bar,
        noting_interrupts() if gently else nullcontext(lambda: False) as noted,
    ):
        yield Watch(bar, total, steps, noted)


@contextmanager
def telling(words: str) -> Iterator[Callable[[str], None]]:
    """A line on the terminal that says what is being done; called with other words, it says these."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status(Text(words)) as status:
        yield lambda others: status.update(Text(others))
