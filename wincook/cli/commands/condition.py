"""`wincook condition`: norms and condition numbers of one or many algorithms."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.analysis.conditioning.gauges import gauged_conditions
from wincook.cli.choice import Choice, with_choice
from wincook.cli.options import JsonOption, TilesArgument
from wincook.cli.output import Form, answer
from wincook.report.data.plain.conditions import plain_gauged_conditions
from wincook.report.tables.conditions import conditions_view


def condition(
    tiles: TilesArgument,
    choice: Choice,
    as_json: JsonOption = False,
    as_latex: Annotated[bool, typer.Option("--latex", help="Print a LaTeX table instead.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values instead, all digits.")] = False,
) -> None:
    """Print κ and norms for 1, 2, ∞ and F: of AT, G, BT, raw and row-balanced, and of the Vandermonde matrix.

    Example: wincook condition "F(2,3)" "F(4,3)" "F(4x4,3x3)"
    """
    form = Form.of(json=as_json, csv=as_csv, latex=as_latex)
    conditions = [gauged_conditions(choice.algorithm(tile)) for tile in tiles]
    answer(form, [plain_gauged_conditions(gauged) for gauged in conditions], conditions_view(conditions))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(condition))
