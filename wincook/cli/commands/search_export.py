"""`wincook search export`: the sets that a past search found, for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from wincook.arguments import choice
from wincook.cli.completion import among
from wincook.cli.output import say
from wincook.cli.searching import RunArgument, StoreOption, stored_run
from wincook.files import check_place, write_atomically
from wincook.report.data.csv import csv_text
from wincook.report.data.plain.search import plain_best
from wincook.report.tables.search import best_table

_FORMS = ("json", "csv")


def search_export(
    run: RunArgument,
    store: StoreOption = None,
    form: Annotated[
        str, typer.Option("--as", metavar="FORM", autocompletion=among(_FORMS), help=f"The form: {', '.join(_FORMS)}.")
    ] = "json",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a file, instead of printing.")
    ] = None,
) -> None:
    """Export the sets of points that a past search found, each with its values: one record for a set.

    Example: wincook search export 3f2a90c1b7de --as csv --out best.csv
    """
    choice("form", form, _FORMS)
    if out is not None:
        check_place(out)
    found = stored_run(store, run)
    if form == "json":
        text = json.dumps(plain_best(found.search, found.best), indent=2, ensure_ascii=False) + "\n"
    else:
        text = csv_text(best_table(found.search, found.best))
    if out is None:
        say(text)
    else:
        write_atomically(out, text.encode())
        say(f"wrote {out}\n")
