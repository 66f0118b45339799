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
from wincook.cli.options import NoLimitOption, VerboseOption
from wincook.emit import emit as emit_plan
from wincook.emit import emit_library
from wincook.emit.module import Kind
from wincook.errors import NotationError, escaped
from wincook.kernels.make_plan import make_plan
from wincook.layers import Layer, Layout

_CHANNELS, _SIZE = 64, 56  # a layer needs some; the code serves any number
_KINDS = (*get_args(Kind), "library")


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
            autocompletion=among(_KINDS),
            help="What to write: module is one .py file that needs only numpy and numba; llvm and asm are its LLVM "
            "after all passes and its assembly, for reading; library is a folder of its own with a library for C.",
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
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="TARGET",
            help="The instruction set: avx512, avx2 or generic; of a library, the machine: x86-64, which chooses at "
            "run time between x86-64-v4, x86-64-v3 and code for any, one of these alone, or aarch64. Default: the best "
            "of this machine.",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="NAME",
            help="What the files and symbols of a library start with. Default: wincook, tile and layout.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write a library over the files of a folder that is not empty.")
    ] = False,
    as_json: JsonOption = False,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Write the kernel of a two-dimensional F(m,r) as source code, as a library for C, or its machine code as text.

    Examples: wincook emit "F(4x4,3x3)" --kind module --layout NHWC --out kernels/

    wincook emit "F(4x4,3x3)" --kind library --name conv --out conv/
    """
    output = Output.of(context, "text", as_json)
    options = AlgorithmOptions(
        points=points, at=at, blocks=blocks, form=form, gauge=gauge, basis=basis, dimension=dimension
    )
    algorithm = options.algorithm(tile)
    taps, strides = algorithm.tile.taps, algorithm.tile.strides
    facts = {"tile": str(algorithm.tile), "kind": kind}
    if kind == "library":
        size = tuple(max(_SIZE, number) for number in taps)
        layer = Layer(_CHANNELS, filters, size, taps, layout=cast("Layout", layout), stride=strides)
        library = emit_library(make_plan(layer, algorithm), out, name=name, machine=target, force=force)
        written = f"wrote {escaped(str(library.header))} and {len(library.files) - 1} more files"
        said = f"{written}; {escaped(library.unlinked)}" if library.unlinked else written
        output.answer(
            {"path": str(library.folder), **facts, "files": library.files, "unlinked": library.unlinked}, said
        )
        return
    if name is not None or force:
        raise NotationError(f"--name and --force are for a library, and the kind is {kind}; leave them out")
    layer = Layer(_CHANNELS, filters, taps, taps, layout=cast("Layout", layout), stride=strides)
    path = emit_plan(make_plan(layer, algorithm, target=target), out, cast("Kind", kind))
    output.answer({"path": str(path), **facts}, f"wrote {escaped(str(path))}")
