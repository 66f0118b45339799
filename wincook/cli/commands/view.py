"""`wincook view`: a saved run once more, without computing anything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.answer import AsOption, JsonOption, Output
from wincook.files import check_place
from wincook.report.data.run import read_run


def view(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(help="A run that --save wrote.", metavar="RUN")],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Also write it as one page that opens offline.")
    ] = None,
    answer: AsOption = "text",
    as_json: JsonOption = False,
) -> None:
    """Print a run that was saved: its tables, its data as JSON, or a page.

    Example: wincook view run.json --html run.html, after wincook analyse 4x4,3x3 --save run.json
    """
    output = Output.of(context, answer, as_json)
    if html is not None:
        check_place(html)
    saved = read_run(run)
    if html is not None:
        from wincook.report.html.view import write_view_page

        asked = ", ".join(f"{name} {_words(value)}" for name, value in saved.asked.items())
        write_view_page(html, f"wincook {saved.command}", f"wincook {saved.version}: {asked}", saved.view)
    output.answer(saved.results, saved.view)


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
