"""`wincook show`: the exact matrices and the programs of an algorithm."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.choice import Choice, with_choice
from wincook.cli.options import JsonOption, TileArgument
from wincook.cli.output import Form, answer, say
from wincook.errors import NotationError, escaped, quoted
from wincook.interchange.write.document import Document
from wincook.interchange.write.export import KINDS, export, write_export
from wincook.interchange.write.json import plain_document
from wincook.program.programs import programs_of
from wincook.report.table import View
from wincook.report.tables.algorithm import algorithm_view, programs_view

_PLAINER = {"unicode": "text"}  # what a kind is where standard output takes ASCII alone


def show(
    tile: TileArgument,
    choice: Choice,
    programs: Annotated[bool, typer.Option("--programs", help="Also the straight-line programs.")] = False,
    kind: Annotated[
        str | None, typer.Option("--as", metavar="KIND", help=f"Print or write an export: {', '.join(KINDS)}.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write the export to, replaced if it is there.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the exact matrices AT, G, BT of F(m,r), proven; or write them for other programs.

    Example: wincook show "F(4,3)" --points "0,±1,±2,inf" --programs --as c --out f43.h
    """
    made = choice.algorithm(tile)
    made.verify()
    code = programs_of(made) if programs else None
    if kind is None and out is not None:
        raise NotationError(f"what to write to {quoted(out)} is not said; add --as with one of {', '.join(KINDS)}")
    if kind is None:
        view = algorithm_view(made)
        answer(
            Form.of(json=as_json),
            plain_document(Document(made, code)),
            View((*view.parts, *programs_view(code).parts)) if code else view,
        )
    elif out is not None:
        write_export(made, kind, out, code)
        answer(
            Form.of(json=as_json),
            {"path": str(out), "tile": str(made.tile), "kind": kind},
            f"wrote {escaped(str(out))}",
        )
    elif as_json:
        answer(Form.of(json=as_json), {"tile": str(made.tile), "kind": kind, "text": export(made, kind, code)}, "")
    else:
        say(export(made, kind, code), lambda: export(made, _PLAINER.get(kind, kind), code))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(show))
