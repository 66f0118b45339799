"""`wincook search show`: one past search."""

from __future__ import annotations

import typer

from wincook.cli.answer import AsOption, JsonOption, Output
from wincook.cli.searching import RunArgument, StoreOption, stored_run
from wincook.report.data.plain.search import plain_run
from wincook.report.tables.search import run_view


def search_show(
    context: typer.Context,
    run: RunArgument,
    store: StoreOption = None,
    answer: AsOption = "text",
    as_json: JsonOption = False,
) -> None:
    """Show what a past search was asked, how much was done of it, and what it found.

    Example: wincook search show 3f2a90c1b7de
    """
    output = Output.of(context, answer, as_json)
    found = stored_run(store, run)
    output.answer(plain_run(found), run_view(found))
