"""`wincook analyse`: predicted, bounded and measured errors."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.analysis.analyse import analyse as analyse_algorithm
from wincook.analysis.laws import LAWS
from wincook.cli.choice import Choice, with_choice
from wincook.cli.options import JsonOption, TilesArgument, answer
from wincook.formats import FLOATS
from wincook.report.plain import plain_report
from wincook.report.tables import reports_view


def analyse(
    tiles: TilesArgument,
    choice: Choice,
    formats: Annotated[
        list[str], typer.Option("--format", "-f", help=f"{', '.join(FLOATS)}; may be given again for more.")
    ] = ["float32"],  # noqa: B006 (typer copies it)
    channels: Annotated[int, typer.Option("--channels", "-c", help="C, over which products are summed.")] = 1,
    law: Annotated[str, typer.Option(help=f"How data are drawn: {', '.join(LAWS)}.")] = "uniform",
    samples: Annotated[int, typer.Option("--samples", "-n", help="Tiles to measure.")] = 1000,
    seed: Annotated[int, typer.Option(help="Of the random numbers.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Predict, bound and measure the rounding error of F(m,r).

    Example: wincook analyse "F(4x4,3x3)" "F(6x6,3x3)" --format float32 --format float16 --channels 64
    """
    made = [choice.algorithm(tile) for tile in tiles]
    reports = [
        analyse_algorithm(one, format=name, channels=channels, law=law, samples=samples, seed=seed)
        for one in made
        for name in formats
    ]
    answer(as_json, [plain_report(report) for report in reports], reports_view(reports))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(analyse))
