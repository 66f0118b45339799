"""`wincook show`: the exact matrices and the programs of an algorithm."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from wincook.arguments import choice
from wincook.bilinear import BilinearAlgorithm
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
from wincook.cli.output import say, spelt
from wincook.errors import NotationError, escaped, quoted
from wincook.files import write_atomically
from wincook.interchange.write.document import Document
from wincook.interchange.write.export import KINDS, NUMBER_TYPES, export, export_bytes
from wincook.interchange.write.json import plain_document
from wincook.program.cost import Cost
from wincook.program.programs import Programs, programs_of
from wincook.program.style import AIMS, Style
from wincook.program.sums_after import STEPS, step_named, sums_after
from wincook.report.data.csv import csv_text
from wincook.report.table import View
from wincook.report.tables.algorithm import algorithm_view, programs_view

_CSV = "csv"
_KINDS = (*KINDS, _CSV)
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
    after: Annotated[
        str | None,
        typer.Option(
            "--after",
            metavar="PASS",
            autocompletion=among(STEPS),
            help=f"Show only the sums of each transform after a pass, and count operations: {', '.join(STEPS)}.",
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="KIND", autocompletion=among(_KINDS), help=f"Print or write an export: {', '.join(_KINDS)}."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the export to this file, and replace what is there."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="NAME",
            help="Of c: what all names start with, and an include guard, so that headers can be used together.",
        ),
    ] = None,
    number_type: Annotated[
        str | None,
        typer.Option(
            "--type",
            metavar="TYPE",
            autocompletion=among(NUMBER_TYPES),
            help=f"Of c: the type of numbers: {', '.join(NUMBER_TYPES)}; integers are scaled.",
        ),
    ] = None,
    as_json: JsonOption = False,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Print the exact matrices AT, G, BT of F(m,r), proven; or write them for other programs.

    Example: wincook show "F(4,3)" --points "0,±1,±2,inf" --programs --as c --out f43.h

    Example: wincook show "F(4x4,3x3)" --programs --as c --name f43 --type double --out f43.h
    """
    if kind is None and out is not None:
        raise NotationError(f"what to write to {quoted(out)} is not said; add --as with one of {', '.join(_KINDS)}")
    if kind != "c" and (name is not None or number_type is not None):
        raise NotationError("--name and --type are for C; add --as c, or leave them out")
    output = Output.of(context, "text", as_json)
    wanted = None if kind is None else choice("export", kind, _KINDS)
    options = AlgorithmOptions(
        points=points,
        at=at,
        joint=joint,
        blocks=blocks,
        prime=prime,
        form=form,
        gauge=gauge,
        basis=basis,
        dimension=dimension,
        forms=FORMS,
    )
    algorithm = options.algorithm(tile)
    algorithm.verify()
    if after is not None:
        output.answer(*_sums(algorithm, after))
        return
    code, of_c = programs_of(algorithm) if programs else None, {"name": name, "number_type": number_type}
    if wanted is None:
        view = algorithm_view(algorithm)
        parts = programs_view(code).parts if code else ()
        output.answer(plain_document(Document(algorithm, code)), View((*view.parts, *parts)))
    elif out is not None:
        contents = _csv(algorithm, code).encode() if wanted == _CSV else export_bytes(algorithm, wanted, code, **of_c)
        write_atomically(out, contents)
        written = {"path": str(out), "tile": str(algorithm.tile), "kind": wanted}
        output.answer(written, f"wrote {escaped(str(out))}")
    else:
        document = _csv(algorithm, code) if wanted == _CSV else export(algorithm, wanted, code, **of_c)
        if as_json:
            output.answer({"tile": str(algorithm.tile), "kind": wanted, "text": document}, "")
        else:
            say(document, lambda: export(algorithm, _PLAINER[wanted], code) if wanted in _PLAINER else spelt(document))


def _sums(algorithm: BilinearAlgorithm, step: str) -> tuple[dict[str, Any], str]:
    """The sums of all transforms, by the first aim whose chains have the step: most are of `balanced`."""
    name = step_named(step)
    style = next((Style(aim) for aim in ("balanced", *AIMS) if any(name in chain for chain in AIMS[aim])), Style())
    shown = sums_after(algorithm, name, style)
    data = {
        "tile": str(algorithm.tile),
        "after": name,
        "style": str(style),
        "sums": [
            {"transform": str(sums.transform), "operations": _counts(sums.cost), "text": str(sums)} for sums in shown
        ],
    }
    return data, "\n\n".join(
        f"{sums.transform}, after {name} ({style}): {_operations(sums.cost)}\n{sums}" for sums in shown
    )


def _counts(cost: Cost) -> dict[str, int]:
    return {name: getattr(cost, name) for name in ("additions", "multiplications", "fmas", "negations")}


def _operations(cost: Cost) -> str:
    """In words, those that there are."""
    counts = {name: number for name, number in _counts(cost).items() if number}
    words = [f"{number} {name if number > 1 else name.removesuffix('s')}" for name, number in counts.items()]
    return ", ".join(words) or "no operations"


def _csv(algorithm: BilinearAlgorithm, programs: Programs | None) -> str:
    """AT, G and BT of each axis, with exact entries."""
    if programs is not None:
        raise NotationError("programs are no table; leave --programs out, or take another kind than csv")
    return csv_text(algorithm_view(algorithm))
