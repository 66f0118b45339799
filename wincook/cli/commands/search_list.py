"""`wincook search list`: past searches."""

from __future__ import annotations

import typer

from wincook.cli.answer import AsOption, JsonOption, Output
from wincook.cli.searching import StoreOption, stored_runs
from wincook.report.data.plain.search import plain_run
from wincook.report.tables.search import runs_table


def search_list(
    context: typer.Context,
    store: StoreOption = None,
    answer: AsOption = "text",
    as_json: JsonOption = False,
) -> None:
    """List the searches that were run, with how much was done and the best value found.

    Example: wincook search list
    """
    output = Output.of(context, answer, as_json)
    runs = stored_runs(store)
    output.answer([plain_run(run) for run in runs], runs_table(runs))
