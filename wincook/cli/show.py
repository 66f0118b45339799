"""`wincook show`: the exact matrices and the programs of an algorithm."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Group

from wincook.cli.choice import Choice, with_choice
from wincook.cli.options import JsonOption, TileArgument, answer
from wincook.program.schedule import schedule
from wincook.report.export import EXPORTS, export
from wincook.report.plain import plain_algorithm, plain_schedule
from wincook.report.tables import algorithm_view, schedule_view


def show(
    tile: TileArgument,
    choice: Choice,
    programs: Annotated[bool, typer.Option("--programs", help="Also print the straight-line programs.")] = False,
    export_as: Annotated[
        str | None, typer.Option("--as", help=f"Print the matrices as source text instead: {', '.join(EXPORTS)}.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the exact matrices AT, G, BT of F(m,r), proven.

    Example: wincook show "F(4,3)" --points "0,±1,±2,inf" --programs
    """
    made = choice.algorithm(tile)
    made.verify()
    if export_as is not None:
        typer.echo(export(made, export_as))
        return
    data, view = plain_algorithm(made), algorithm_view(made)
    if programs:
        code = schedule(made)
        data |= {"programs": plain_schedule(code)}
        view = Group(view, schedule_view(code))
    answer(as_json, data, view)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(show))
