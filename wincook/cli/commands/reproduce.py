"""`wincook reproduce`: the figures of a paper beside those obtained here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from wincook.cli.numbers import whole_option
from wincook.cli.options import JsonOption, SeedOption, liftable
from wincook.cli.output import Form, answer
from wincook.files import check_place
from wincook.reproduce.finding import Progress


def reproduce(
    paper: Annotated[
        str | None, typer.Argument(help="barabasz2020, nova2025, …; left out, the list.", metavar="PAPER")
    ] = None,
    samples: Annotated[int | None, whole_option("--samples", "-n", help="Runs per figure; default: as listed.")] = None,
    seed: SeedOption = 0,
    plot: Annotated[
        Path | None, typer.Option(help="Also draw it, into a .png or .svg file: barabasz2020 and nova2025.")
    ] = None,
    theme: Annotated[str, typer.Option(help="Of the picture: light or dark.")] = "light",
    as_json: JsonOption = False,
) -> None:
    """Compute the published figures of a paper, and print both with their deviation; exits with 1 if one is missed.

    Example: wincook reproduce barabasz2020
    """
    from wincook.report.data.plain.reproduction import plain_papers, plain_reproduction
    from wincook.report.figures.canvas import draw, ending
    from wincook.report.figures.reproduction import picture_of
    from wincook.report.figures.theme import Theme
    from wincook.report.tables.reproduction import papers_table, reproduction_view
    from wincook.reproduce.papers import PAPERS
    from wincook.reproduce.papers import reproduce as reproduce_paper

    if paper is None:
        answer(Form.of(json=as_json), plain_papers(PAPERS.values()), papers_table(PAPERS.values()))
        return
    look = Theme.of(theme)
    if plot is not None:
        ending(plot)
        check_place(plot)
    with _progress() as tell:
        found = reproduce_paper(paper, samples, seed, tell)
    if plot is not None:
        draw(picture_of(found), plot, look)
    answer(Form.of(json=as_json), plain_reproduction(found), reproduction_view(found))
    if not found.holds:
        raise typer.Exit(1)


@contextmanager
def _progress() -> Iterator[Progress]:
    """One line that says what is being done, if there is a terminal to see it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status("") as status:
        yield lambda words: status.update(Text(words))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(liftable(reproduce))
