"""`wincook diff`: two saved runs beside one another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.answer import AsOption, JsonOption, Output
from wincook.report.data.difference import difference
from wincook.report.data.run import read_run
from wincook.report.data.values import plain


def diff(
    context: typer.Context,
    before: Annotated[Path, typer.Argument(help="A run that --save wrote.", metavar="BEFORE")],
    after: Annotated[Path, typer.Argument(help="Another run of the same command.", metavar="AFTER")],
    answer: AsOption = "text",
    as_json: JsonOption = False,
) -> None:
    """Print which figures of two saved runs differ, and by how much.

    Example: wincook diff monday.json friday.json
    """
    output = Output.of(context, answer, as_json)
    changes = difference(read_run(before), read_run(after))
    output.answer([plain(record) for shown in changes.tables for record in shown.records()], changes)
