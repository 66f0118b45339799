"""`wincook search`: points of small error, found."""

from __future__ import annotations

from concurrent.futures import Executor
from contextlib import AbstractContextManager, ExitStack
from typing import Annotated

import typer

from wincook.cli.algorithms import GaugeOption
from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.completion import among
from wincook.cli.group import SECOND_WORDS
from wincook.cli.numbers import REAL, WHOLE, read_real, read_whole
from wincook.cli.options import ChannelsOption, FormatOption, LawOption, SeedOption, VerboseOption
from wincook.cli.output import say
from wincook.cli.searching import StoreOption, command_of, prepare, showing
from wincook.cli.watch import INTERRUPTED, watching
from wincook.errors import NotationError
from wincook.report.data.plain.search import plain_outcome, winner_record
from wincook.report.tables.search import outcome_view
from wincook.search import (
    FAMILIES,
    FINITE,
    OBJECTIVES,
    PRESENCE,
    STRATEGIES,
    Search,
    Space,
    Store,
    default_store,
    run,
    winners,
)

_SECONDS = 60.0  # of a search whose budget is not said
_SPACE = Space()


def search(
    context: typer.Context,
    tile: Annotated[
        str | None,
        typer.Argument(
            help="F(m,r), such as 8x8,3x3 or 'F(2x4,1x3)'. In its place, list, show and export tell of past searches.",
            metavar="TILE",
            autocompletion=among(SECOND_WORDS["search"]),
        ),
    ] = None,
    format: FormatOption = "float32",
    channels: ChannelsOption = 1,
    law: LawOption = "uniform",
    objectives: Annotated[
        list[str],
        typer.Option(
            "--objective",
            "-o",
            metavar="NAME",
            autocompletion=among(OBJECTIVES),
            help=f"What is minimised: {', '.join(OBJECTIVES)}. May be given again for a Pareto front.",
        ),
    ] = ["rms"],  # noqa: B006 (typer copies it)
    strategy: Annotated[
        str,
        typer.Option(
            "--strategy", metavar="NAME", autocompletion=among(STRATEGIES), help=f"How: {', '.join(STRATEGIES)}."
        ),
    ] = "descent",
    gauge: GaugeOption = None,
    start: Annotated[
        str,
        typer.Option(
            "--start",
            metavar="POINTS",
            help="The set from which --strategy refine goes, such as 0,±1,±2,inf; left out, the published one.",
        ),
    ] = "",
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds",
            "-s",
            parser=read_real,
            metavar=REAL,
            help=f"How long to search. Default: {_SECONDS:g}, unless --evaluations is given or the strategy ends by "
            "itself.",
        ),
    ] = None,
    evaluations: Annotated[
        int | None,
        typer.Option(
            "--evaluations",
            "-n",
            parser=read_whole,
            metavar=WHOLE,
            help="How many sets to evaluate. What is found then depends on the seed alone.",
        ),
    ] = None,
    seed: SeedOption = 0,
    extra: Annotated[
        int,
        typer.Option(
            "--extra",
            "-e",
            parser=read_whole,
            metavar=WHOLE,
            help="How many products an axis may have beyond m + r - 1, for polynomial factors.",
        ),
    ] = 0,
    least_extra: Annotated[
        int,
        typer.Option("--least-extra", parser=read_whole, metavar=WHOLE, help="How many of these it must have."),
    ] = 0,
    height: Annotated[
        int,
        typer.Option("--height", parser=read_whole, metavar=WHOLE, help="The largest numerator and denominator."),
    ] = _SPACE.height,
    denominator: Annotated[
        int | None,
        typer.Option(
            "--denominator", parser=read_whole, metavar=WHOLE, help="The largest denominator, if that is smaller."
        ),
    ] = None,
    zero: Annotated[
        str,
        typer.Option(
            "--zero",
            metavar="WORD",
            autocompletion=among(PRESENCE),
            help=f"Whether 0 is among the points: {', '.join(PRESENCE)}.",
        ),
    ] = _SPACE.zero,
    infinity: Annotated[
        str,
        typer.Option(
            "--infinity",
            metavar="WORD",
            autocompletion=among(PRESENCE),
            help=f"Whether ∞ is among the points: {', '.join(PRESENCE)}.",
        ),
    ] = _SPACE.infinity,
    family: Annotated[
        str,
        typer.Option(
            "--family",
            metavar="NAME",
            autocompletion=among(FAMILIES),
            help=f"How points stand together: {', '.join(FAMILIES)}; that is any points, ±a, or ±a with ±1/a.",
        ),
    ] = _SPACE.family,
    roots: Annotated[
        list[int] | None,
        typer.Option(
            "--root",
            parser=read_whole,
            metavar=WHOLE,
            help="Also take multiples of a square root: 2 stands for √2. May be given again.",
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option("--workers", "-w", parser=read_whole, metavar=WHOLE, help="How many processes search at once."),
    ] = 1,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask",
            metavar="ADDRESS",
            help="Search on a Dask cluster: the address of its scheduler, or local:N for one of N processes here.",
        ),
    ] = None,
    number: Annotated[
        int,
        typer.Option("--winners", parser=read_whole, metavar=WHOLE, help="How many sets are told in the end."),
    ] = 5,
    samples: Annotated[
        int,
        typer.Option(
            "--samples", parser=read_whole, metavar=WHOLE, help="How many tiles of each are measured; 0 measures none."
        ),
    ] = 1000,
    store: StoreOption = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the same search, from what the store holds of it.")
    ] = False,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _verbose: VerboseOption = 0,
) -> None:
    """Search for the points of F(m,r) that have the least error, and measure the best beside the published set.

    Each winner is made exactly, proven, predicted and measured. Ctrl-C ends the search, and prints what was found.
    Finished work is kept in a file, so that --resume can go on; see also wincook search list, show and export.

    Example: wincook search "F(8x8,3x3)" --seconds 20
    """
    if tile is None:
        say(f"{context.get_help()}\n")
        return
    output = Output.of(context, answer, as_json, save)
    asked = Search.of(
        tile,
        format,
        channels,
        law,
        tuple(objectives),
        strategy=strategy,
        seed=seed,
        start=start,
        gauge=gauge,
        extra=extra,
        least_extra=least_extra,
        height=height,
        denominator=denominator,
        zero=zero,
        infinity=infinity,
        family=family,
        roots=tuple(roots or ()),
    )
    if workers != 1 and dask is not None:
        raise NotationError("--workers and --dask do not go together; give one of them")
    if seconds is None and evaluations is None and strategy not in FINITE:
        seconds = _SECONDS
    with ExitStack() as stack:
        kept = stack.enter_context(Store(store or default_store()))
        place = kept.begin(asked, command_of(asked, seconds=seconds, evaluations=evaluations))
        prepare()  # so that workers find it compiled
        executor, tasks = (None, workers) if dask is None else stack.enter_context(_cluster(dask))
        with showing(asked) as show:
            outcome = run(
                asked,
                seconds=seconds,
                evaluations=evaluations,
                executor=executor,
                workers=tasks,
                store=kept,
                resume=resume,
                watch=show,
            )
        if outcome.ended == "interrupted" and not outcome.best:
            raise KeyboardInterrupt
        with watching(len(outcome.best), "sets judged and measured", gently=True) as watch:
            best = winners(asked, outcome.best, number, samples=samples, seed=seed, progress=watch.progress)
        line = command_of(asked, evaluations=outcome.evaluations)
        kept.keep_winners(place, [winner_record(winner) for winner in best])
    output.answer(plain_outcome(outcome, best, line), outcome_view(outcome, best, line))
    if outcome.ended == "interrupted":
        raise typer.Exit(INTERRUPTED)
    watch.finish()


def _cluster(address: str) -> AbstractContextManager[tuple[Executor, int]]:
    from wincook.integrations.dask_cluster import dask_executor

    return dask_executor(address)
