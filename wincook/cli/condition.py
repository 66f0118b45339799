"""`wincook condition`: condition numbers of one or many algorithms."""

from __future__ import annotations

import typer

from wincook.analysis.condition import conditions
from wincook.cli.choice import Choice, with_choice
from wincook.cli.options import JsonOption, TilesArgument, answer
from wincook.report.plain import plain_conditions
from wincook.report.tables import conditions_table


def condition(
    tiles: TilesArgument,
    choice: Choice,
    as_json: JsonOption = False,
) -> None:
    """Print the condition numbers κ₁, κ₂, κ∞ of AT, G and BT, over all axes.

    Example: wincook condition "F(2,3)" "F(4,3)" "F(4x4,3x3)"
    """
    rows = [(made, conditions(made)) for made in (choice.algorithm(tile) for tile in tiles)]
    answer(as_json, [plain_conditions(*row) for row in rows], conditions_table(rows))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(condition))
