"""`wincook compare`: many algorithms side by side, and which of them nothing beats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wincook.analysis.compare import DEFAULT, candidates
from wincook.analysis.compare import compare as compare_algorithms
from wincook.analysis.data.distributions import LAWS
from wincook.cli.numbers import whole_option
from wincook.cli.options import JsonOption, SeedOption, TilesArgument, liftable
from wincook.cli.output import Form, answer
from wincook.files import check_place
from wincook.formats import FLOATS


def compare(
    tiles: TilesArgument,
    points: Annotated[
        list[str],
        typer.Option(
            "--points",
            "-p",
            help=f"Points as 0,±1,±2,inf, or {DEFAULT}; may be given again for more: each tile takes all that fit it.",
        ),
    ] = [DEFAULT],  # noqa: B006 (typer copies it)
    formats: Annotated[
        list[str], typer.Option("--format", "-f", help=f"{', '.join(FLOATS)}; may be given again for more.")
    ] = ["float32"],  # noqa: B006 (typer copies it)
    channels: Annotated[int, whole_option("--channels", "-c", help="C, over which products are summed.")] = 1,
    law: Annotated[str, typer.Option(help=f"How data are drawn: {', '.join(LAWS)}.")] = "uniform",
    samples: Annotated[
        int, whole_option("--samples", "-n", help="Tiles to measure; 0 predicts only, which is quick.")
    ] = 0,
    seed: SeedOption = 0,
    plot: Annotated[Path | None, typer.Option(help="Also draw the comparison into this .png or .svg file.")] = None,
    theme: Annotated[str, typer.Option(help="Of the picture: light or dark.")] = "light",
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of text.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Compare the error, speed-up and cost of many F(m,r); a star marks what nothing beats.

    Example: wincook compare "F(2x2,3x3)" "F(4x4,3x3)" -p default -p "0,±1,±2,inf" -f float32 -f float16 -c 64
    """
    from wincook.report.data.plain.comparison import plain_comparison
    from wincook.report.figures.canvas import draw, ending
    from wincook.report.figures.comparison import front_chart
    from wincook.report.figures.theme import Theme
    from wincook.report.tables.comparison import comparison_table

    form = Form.of(json=as_json, csv=as_csv)
    look = Theme.of(theme)
    if plot is not None:
        ending(plot)
        check_place(plot)
    rows = compare_algorithms(candidates(tiles, points), formats, channels, law, samples=samples, seed=seed)
    if plot is not None:
        draw(front_chart(rows), plot, look)
    answer(form, plain_comparison(rows), comparison_table(rows))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(liftable(compare))
