"""`wincook emit`: write a kernel as a file to ship."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from wincook.cli.algorithms import (
    AlgorithmOptions,
    AtOption,
    BasisOption,
    BlocksOption,
    CorrelationOption,
    DimensionOption,
    GaugeOption,
    OnePointSetOption,
    TileArgument,
)
from wincook.cli.answer import JsonOption, Output
from wincook.cli.completion import among
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import NoLimitOption, TargetOption, VerboseOption
from wincook.emit import emit as emit_plan
from wincook.emit.module import Kind
from wincook.errors import escaped
from wincook.kernels.make_plan import make_plan
from wincook.layers import Layer, Layout

_CHANNELS = 64  # a layer needs some; the code serves any number


def emit(
    context: typer.Context,
    tile: TileArgument,
    points: OnePointSetOption = None,
    at: AtOption = None,
    blocks: BlocksOption = None,
    form: CorrelationOption = "correlation",
    gauge: GaugeOption = None,
    basis: BasisOption = None,
    dimension: DimensionOption = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="KIND",
            autocompletion=among(get_args(Kind)),
            help="The kind of file: module is one .py file that needs only numpy and numba; llvm and asm are its LLVM "
            "after all passes and its assembly, for reading.",
        ),
    ] = "module",
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="The folder to write to, which is made if need be.")
    ] = Path(),
    layout: Annotated[
        str,
        typer.Option(
            "--layout", metavar="LAYOUT", help=f"The order of the axes of arrays: {', '.join(get_args(Layout))}."
        ),
    ] = "NCHW",
    filters: Annotated[
        int,
        typer.Option(
            "--filters",
            parser=read_whole,
            metavar=WHOLE,
            help="The number K of filters it is meant for. Any other K runs too; for few, blocks are narrower.",
        ),
    ] = 64,
    target: TargetOption = None,
    as_json: JsonOption = False,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Write the kernel of a two-dimensional F(m,r) as source code, or its machine code as text.

    Example: wincook emit "F(4x4,3x3)" --kind module --layout NHWC --out kernels/
    """
    output = Output.of(context, "text", as_json)
    options = AlgorithmOptions(
        points=points, at=at, blocks=blocks, form=form, gauge=gauge, basis=basis, dimension=dimension
    )
    algorithm = options.algorithm(tile)
    taps, strides = algorithm.tile.taps, algorithm.tile.strides
    layer = Layer(_CHANNELS, filters, taps, taps, layout=cast("Layout", layout), stride=strides)
    path = emit_plan(make_plan(layer, algorithm, target=target), out, cast("Kind", kind))
    output.answer({"path": str(path), "tile": str(algorithm.tile), "kind": kind}, f"wrote {escaped(str(path))}")
