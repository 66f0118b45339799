"""`wincook show`: the exact matrices and the programs of an algorithm."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.algorithms import (
    FORMS,
    AlgorithmOptions,
    AtOption,
    BasisOption,
    BlocksOption,
    DimensionOption,
    FormOption,
    GaugeOption,
    JointOption,
    OnePointSetOption,
    PrimeOption,
    TileArgument,
)
from wincook.cli.answer import JsonOption, Output
from wincook.cli.completion import among
from wincook.cli.options import NoLimitOption, VerboseOption
from wincook.cli.output import say
from wincook.errors import NotationError, escaped, quoted
from wincook.interchange.write.document import Document
from wincook.interchange.write.export import KINDS, export, write_export
from wincook.interchange.write.json import plain_document
from wincook.program.programs import programs_of
from wincook.report.table import View
from wincook.report.tables.algorithm import algorithm_view, programs_view

_PLAINER = {"unicode": "text"}  # what a kind is where standard output takes ASCII alone


def show(
    context: typer.Context,
    tile: TileArgument,
    points: OnePointSetOption = None,
    at: AtOption = None,
    joint: JointOption = False,
    blocks: BlocksOption = None,
    prime: PrimeOption = None,
    form: FormOption = "correlation",
    gauge: GaugeOption = None,
    basis: BasisOption = None,
    dimension: DimensionOption = None,
    programs: Annotated[bool, typer.Option("--programs", help="Show the straight-line programs too.")] = False,
    kind: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="KIND", autocompletion=among(KINDS), help=f"Print or write an export: {', '.join(KINDS)}."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the export to this file, and replace what is there."),
    ] = None,
    as_json: JsonOption = False,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Print the exact matrices AT, G, BT of F(m,r), proven; or write them for other programs.

    Example: wincook show "F(4,3)" --points "0,±1,±2,inf" --programs --as c --out f43.h
    """
    options = AlgorithmOptions(points, at, joint, blocks, prime, form, gauge, basis, dimension, forms=FORMS)
    algorithm = options.algorithm(tile)
    algorithm.verify()
    code = programs_of(algorithm) if programs else None
    if kind is None and out is not None:
        raise NotationError(f"what to write to {quoted(out)} is not said; add --as with one of {', '.join(KINDS)}")
    output = Output.of(context, "text", as_json)
    if kind is None:
        view = algorithm_view(algorithm)
        parts = programs_view(code).parts if code else ()
        output.answer(plain_document(Document(algorithm, code)), View((*view.parts, *parts)))
    elif out is not None:
        write_export(algorithm, kind, out, code)
        answer = {"path": str(out), "tile": str(algorithm.tile), "kind": kind}
        output.answer(answer, f"wrote {escaped(str(out))}")
    elif as_json:
        output.answer({"tile": str(algorithm.tile), "kind": kind, "text": export(algorithm, kind, code)}, "")
    else:
        say(export(algorithm, kind, code), lambda: export(algorithm, _PLAINER.get(kind, kind), code))
