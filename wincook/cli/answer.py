"""The answer of a command: as text, JSON, CSV or LaTeX on standard output, and saved as a run if that is asked for."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from wincook.arguments import choice
from wincook.cli.completion import among
from wincook.cli.output import in_ascii_notation, say, takes, write
from wincook.errors import NotationError, escaped
from wincook.files import check_place
from wincook.report.data.csv import csv_text
from wincook.report.data.latex import latex_text
from wincook.report.data.run import Run, write_run
from wincook.report.table import Part, View
from wincook.report.terminal.layout import Layout

FORMS = ("text", "json", "csv", "latex")

_ABOUT_THE_ANSWER = {"answer", "as_json", "save", "_no_limit", "_verbose"}  # and not about what was asked

AsOption = Annotated[
    str,
    typer.Option(
        "--as", metavar="FORM", autocompletion=among(FORMS), help=f"The form of the answer: {', '.join(FORMS)}."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, as --as json does.")]
SaveOption = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help="Also save the run, for wincook view and wincook diff.")
]


@dataclass(frozen=True, slots=True)
class Output:
    """Where the answer of a command goes: to standard output in one of `FORMS`, and into a file if one is named."""

    form: str
    save: Path | None
    command: str
    asked: Mapping[str, Any]

    @classmethod
    def of(cls, context: typer.Context, form: str, as_json: bool, save: Path | None = None) -> Output:
        """What the options of a command ask for.

        Raises:
            NotationError: an unknown form, or two forms at once.
            OutputError: the file could not be written.
        """
        if as_json and form not in {"text", "json"}:
            raise NotationError(f"--json and --as {form} do not go together; give one of them")
        if save is not None:
            check_place(save)
        asked = {name: value for name, value in context.params.items() if value and name not in _ABOUT_THE_ANSWER}
        form = "json" if as_json else choice("form of the answer", form, FORMS)
        return cls(form, save, context.info_name or "", asked)

    def answer(self, data: Any, view: View | Part, *, document: str | None = None) -> None:
        """Print the data as JSON, the tables of the view as CSV or LaTeX, or all of it as text; and save the run.

        A document, such as a test to copy, stands for the text if there is one.
        """
        shown = view if isinstance(view, View) else View((view,))
        match self.form:
            case "json":
                write(_json(data))
            case "csv":
                say(csv_text(shown))
            case "latex":
                say(latex_text(shown))
            case _ if document is not None:
                say(document)
            case _:
                write(_text(shown))
        if self.save is not None:
            write_run(self.save, Run(self.command, self.asked, data, shown))


def _json(data: Any) -> str:
    text = json.dumps(data, indent=2, ensure_ascii=False)
    return (text if takes(sys.stdout, text) else json.dumps(data, indent=2)) + "\n"


def _text(view: View) -> str:
    """The view within the width of a terminal, in whole lines elsewhere."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    strong = _bold if terminal and os.environ.get("TERM") != "dumb" else str
    text = Layout(width, escaped, strong).text(view)
    if not takes(sys.stdout, text):
        text = Layout(width, lambda words: in_ascii_notation(escaped(words)), strong).text(view)
    return text


def _bold(line: str) -> str:
    return f"\x1b[1m{line}\x1b[0m" if line else line
