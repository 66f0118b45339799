"""How far a search is, in words: on a terminal in lines that change, elsewhere in a line now and then."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from threading import Timer
from typing import Annotated, Any

import typer

from wincook.analysis import predict_batch
from wincook.cli.output import tell
from wincook.cli.watch import telling
from wincook.errors import WincookError
from wincook.search import Progress, Search, Store, StoredRun, default_store, published


def _names(context: typer.Context, incomplete: str) -> list[str]:
    """The names of past runs that begin so, for completion."""
    try:
        return [run.name for run in stored_runs(context.params.get("store")) if run.name.startswith(incomplete)]
    except WincookError:
        return []


StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="FILE",
        help="Where searches are kept. Default: searches.sqlite, in the folder wincook of the user's data folder.",
    ),
]

RunArgument = Annotated[
    str,
    typer.Argument(help="The name of a run, as wincook search list prints it.", metavar="RUN", autocompletion=_names),
]

_SECONDS = 5.0  # between lines where there is no terminal


def progress_lines(search: Search, progress: Progress, published: float | None) -> list[str]:
    """How much is done, and the best set so far: its figure beside that of the published set."""
    left = "" if progress.left is None else f", {_time(progress.left)} left"
    done = f"{progress.evaluations:,} sets in {_time(progress.seconds)}, {progress.rate:,.0f} sets/s{left}"
    if not progress.best:
        return [done]
    first = progress.best[0]
    gain = "" if published is None else f", {gain_text(first.values[0], published)} published set"
    front = f"; a front of {len(progress.best)}" if len(search.objectives) > 1 else ""
    return [done, f"best {search.objectives[0]} {first.values[0]:.3g}{gain}{front}: {first.points}"]


def gain_text(value: float, published: float) -> str:
    """By how much a figure, of which less is better, differs from that of the published set.

    >>> gain_text(0.6, 1.0), gain_text(1.0, 0.8)
    ('40 % below the', '25 % above the')
    """
    side = "below the" if value <= published else "above the"
    return f"{abs(value / published - 1):.0%} {side}".replace("%", " %")


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def prepare(patience: float = 1.5) -> None:
    """Compile the prediction for many sets, or load it, and say so if that takes longer than some seconds."""
    words = "the prediction for many sets is compiled, once on this machine; that takes some fifteen seconds"
    timer = Timer(patience, tell, [words])
    timer.start()
    try:
        predict_batch("F(2,3)", [[0, 1, -1]])
    finally:
        timer.cancel()


@contextmanager
def showing(search: Search) -> Iterator[Callable[[Progress], None]]:
    """Gives what shows the progress of a search, beside the figure of the published set if there is one."""
    published = _published(search)
    if sys.stderr.isatty():
        with telling(str(search)) as show:
            yield lambda progress: show("\n".join(progress_lines(search, progress, published)))
        return
    told = 0.0

    def line(progress: Progress) -> None:
        nonlocal told
        if progress.seconds >= told + _SECONDS:
            told = progress.seconds
            tell("; ".join(progress_lines(search, progress, published)))

    yield line


def _published(search: Search) -> float | None:
    """The first objective of the published set by the full model; nothing, where there is no such figure."""
    reference = published(search)
    return reference.values[0] if reference is not None and 0 < abs(reference.values[0]) < inf else None


def command_of(search: Search, *, seconds: float | None = None, evaluations: int | None = None) -> str:
    """The command line of a search, without the options that it need not give.

    >>> command_of(Search.of("F(4,3)", channels=64, zero="yes", seed=3), evaluations=1000)
    "wincook search 'F(4,3)' --channels 64 --zero yes --seed 3 --evaluations 1000"
    """
    usual = _options(Search.of(search.tile, search.precision)) | {"--format": ("float32",)}  # a format has its gauge
    budget = [] if seconds is None else ["--seconds", f"{seconds:g}"]
    budget += [] if evaluations is None else ["--evaluations", str(evaluations)]
    asked = {option: values for option, values in _options(search).items() if values != usual[option]}
    words = (str(word) for option, values in asked.items() for value in values for word in (option, value))
    return shlex.join(["wincook", "search", str(search.tile), *words, *budget])


def _options(search: Search) -> dict[str, tuple[Any, ...]]:
    """The values of each option."""
    space = search.space
    return {
        "--format": (str(search.precision),),
        "--channels": (search.channels,),
        "--law": (search.law.name,),
        "--objective": search.objectives,
        "--strategy": (search.strategy,),
        "--start": (search.start,),
        "--gauge": (search.gauge,),
        "--extra": (space.extra,),
        "--least-extra": (space.least_extra,),
        "--height": (space.height,),
        "--denominator": () if space.denominator is None else (space.denominator,),
        "--zero": (space.zero,),
        "--infinity": (space.infinity,),
        "--family": (space.family,),
        "--root": space.roots,
        "--seed": (search.seed,),
    }


def stored_runs(file: Path | None) -> list[StoredRun]:
    """The runs of a store, or of that of the user, who may have none yet."""
    if file is None and not default_store().exists():
        return []
    with Store(file or default_store(), writing=False) as store:
        return store.runs()


def stored_run(file: Path | None, name: str) -> StoredRun:
    """The run of a name."""
    with Store(file or default_store(), writing=False) as store:
        return store.find(name)
