"""`wincook reproduce`: the figures of a paper beside those obtained here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.completion import among
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import NoLimitOption, SeedOption, ThemeOption, VerboseOption
from wincook.cli.pictures import check_picture
from wincook.cli.watch import INTERRUPTED, telling
from wincook.report.data.plain.reproduction import plain_papers, plain_reproduction
from wincook.report.tables.reproduction import papers_table, reproduction_view
from wincook.reproduce.finding import Reproduction
from wincook.reproduce.papers import PAPERS
from wincook.reproduce.papers import reproduce as reproduce_paper


def reproduce(
    context: typer.Context,
    paper: Annotated[
        str | None,
        typer.Argument(
            help=(
                f"The paper: {', '.join(PAPERS)}; field stands for the sets that libraries and papers use. Left out, "
                "the list of all is printed."
            ),
            metavar="PAPER",
            autocompletion=among(PAPERS),
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            "--samples",
            "-n",
            parser=read_whole,
            metavar=WHOLE,
            help="How many runs each figure takes. Default: as many as the list says.",
        ),
    ] = None,
    seed: SeedOption = 0,
    plot: Annotated[
        Path | None,
        typer.Option(
            "--plot",
            metavar="FILE",
            help="Also draw a picture, a .png, .svg or .pdf file; barabasz2020, nova2025 and field have one.",
        ),
    ] = None,
    theme: ThemeOption = "light",
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Compute the published figures of a paper, and print both with their deviation; exits with 1 if one is missed.

    Ctrl-C prints the figures obtained so far.

    Example: wincook reproduce barabasz2020
    """
    output = Output.of(context, answer, as_json, save)
    if paper is None:
        output.answer(plain_papers(PAPERS.values()), papers_table(PAPERS.values()))
        return
    check_picture(plot, theme)
    latest: Reproduction | None = None
    with telling(paper) as tell:

        def progress(words: str, so_far: Reproduction | None = None) -> None:
            nonlocal latest
            latest = so_far or latest
            tell(words)

        try:
            reproduction = reproduce_paper(paper, samples, seed, progress)
        except KeyboardInterrupt:
            if latest is None:
                raise
            stopped = replace(latest, remarks=("Interrupted: there are more figures than these.",))
            output.answer(plain_reproduction(stopped), reproduction_view(stopped))
            raise typer.Exit(INTERRUPTED) from None
    if plot is not None:
        from wincook.report.figures.canvas import draw
        from wincook.report.figures.reproduction import picture_of

        draw(picture_of(reproduction), plot, theme)
    output.answer(plain_reproduction(reproduction), reproduction_view(reproduction))
    if not reproduction.holds:
        raise typer.Exit(1)
