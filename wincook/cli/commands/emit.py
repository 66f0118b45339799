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
)
from wincook.cli.answer import JsonOption, Output
from wincook.cli.completion import among
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import NoLimitOption, TargetOption, VerboseOption
from wincook.emit import emit as emit_plan
from wincook.emit.module import Kind
from wincook.errors import NotationError, escaped
from wincook.kernels.make_plan import make_plan
from wincook.layers import Layer, Layout
from wincook.layers.notation.text import read_layer

_CHANNELS = 64  # a layer needs some; the code serves any number
_LAYOUT, _FILTERS = "NCHW", 64
_AS_IT_STANDS = ("direct", "depthwise")  # families of whole layers, by name
_EXAMPLE = "64x56x56 -> 64, 3x3, padding 1, groups 64"


def emit(
    context: typer.Context,
    tile: Annotated[
        str,
        typer.Argument(
            metavar="TILE",
            help="F(m,r), such as 4x4,3x3 or 'F(2x4,1x3)'; matrices in a file; or direct or depthwise, for a --layer.",
        ),
    ],
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
    ] = _LAYOUT,
    filters: Annotated[
        int,
        typer.Option(
            "--filters",
            parser=read_whole,
            metavar=WHOLE,
            help="The number K of filters it is meant for. Any other K runs too; for few, blocks are narrower.",
        ),
    ] = _FILTERS,
    layer: Annotated[
        str | None,
        typer.Option(
            "--layer",
            metavar="LAYER",
            help="The layer it is meant for, as for plan, in place of --layout and --filters. Other sizes run too.",
        ),
    ] = None,
    target: TargetOption = None,
    as_json: JsonOption = False,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Write the kernel of a two-dimensional F(m,r), or of a layer, as source code, or its machine code as text.

    Example: wincook emit "F(4x4,3x3)" --kind module --layout NHWC --out kernels/

    Example: wincook emit depthwise --layer "96x56x56 -> 96, 7x7, padding 3, groups 96"
    """
    output = Output.of(context, "text", as_json)
    options = AlgorithmOptions(
        points=points, at=at, blocks=blocks, form=form, gauge=gauge, basis=basis, dimension=dimension
    )
    if layer is not None and (layout, filters) != (_LAYOUT, _FILTERS):
        raise NotationError("--layer says layout and filters; leave --layout and --filters out")
    if tile in _AS_IT_STANDS:
        if options != AlgorithmOptions():
            raise NotationError(f"{tile} kernels are sums of products: leave out what is for tiles, such as --points")
        if layer is None:
            raise NotationError(f"{tile} kernels are for a layer: give one with --layer, such as '{_EXAMPLE}'")
        plan = make_plan(read_layer(layer), tile, target=target)
    else:
        algorithm = options.algorithm(tile)
        taps, strides = algorithm.tile.taps, algorithm.tile.strides
        tile = str(algorithm.tile)
        any_layer = Layer(_CHANNELS, filters, taps, taps, layout=cast("Layout", layout), stride=strides)
        plan = make_plan(any_layer if layer is None else read_layer(layer), algorithm, target=target)
    path = emit_plan(plan, out, cast("Kind", kind))
    output.answer({"path": str(path), "tile": tile, "kind": kind}, f"wrote {escaped(str(path))}")
