"""`wincook convert`: a model as a library for C, a graph and weights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.options import (
    BatchOption,
    ForceOption,
    LibraryNameOption,
    MaxErrorOption,
    NoLimitOption,
    SeedOption,
    ThreadsOption,
    VerboseOption,
)


def convert(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model: an .onnx file.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="The folder to write to, new or empty.")
    ] = Path("converted"),
    max_error: MaxErrorOption = None,
    inputs: Annotated[
        Path | None,
        typer.Option(
            "--inputs",
            metavar="FILE",
            help="An .npz file with an array for each input by name, to measure errors on. Default: random ones.",
        ),
    ] = None,
    batch: BatchOption = None,
    threads: ThreadsOption = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine",
            metavar="ENGINE",
            help="What runs all but the convolutions, to measure: onnxruntime, or reference, which is that of onnx. "
            "Default: onnxruntime if it is installed.",
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target", metavar="TARGET", help="The machine of the library, as for emit. Default: this machine's kind."
        ),
    ] = None,
    name: LibraryNameOption = None,
    seed: SeedOption = 0,
    force: ForceOption = False,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Turn the convolutions of an ONNX model into a library for C, with a graph that says how to call it.

    All convolutions are measured: their error, their time, and how far the outputs of the model are off.

    Example: wincook convert model.onnx --max-error 1e-5 --out model/
    """
    from wincook.integrations.onnx.converted.convert import convert as convert_model
    from wincook.report.data.plain.conversion import plain_conversion
    from wincook.report.tables.conversion import conversion_view

    output = Output.of(context, answer, as_json, save)
    conversion = convert_model(
        model,
        out,
        max_error=max_error,
        inputs=inputs,
        batch=batch,
        threads=threads,
        engine=engine,
        machine=target,
        name=name,
        seed=seed,
        force=force,
    )
    output.answer(plain_conversion(conversion), conversion_view(conversion))
