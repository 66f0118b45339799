"""`wincook condition`: norms and condition numbers of one or many algorithms."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.analysis.conditioning.gauges import gauged_conditions
from wincook.cli.choice import Choice, with_choice
from wincook.cli.options import JsonOption, TilesArgument
from wincook.cli.output import answer, say
from wincook.errors import NotationError
from wincook.report.tables.conditions import conditions_csv, conditions_latex, conditions_view, plain_gauged_conditions


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
    if as_json + as_latex + as_csv > 1:
        raise NotationError("--json, --latex and --csv do not go together; give one of them")
    found = [gauged_conditions(choice.algorithm(tile)) for tile in tiles]
    if as_latex or as_csv:
        say(f"{conditions_latex(found) if as_latex else conditions_csv(found)}\n")
        return
    answer(as_json, [plain_gauged_conditions(one) for one in found], conditions_view(found))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(condition))
