"""`wincook emit`: write a kernel as a file to ship."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from wincook.arguments import choice
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
from wincook.cli.beside import Beside
from wincook.cli.completion import among
from wincook.cli.elements import (
    InputFormatOption,
    OutputFormatOption,
    ResidualFormatOption,
    ResidualScalesOption,
    XScalesOption,
    YScalesOption,
)
from wincook.cli.epilogues import EpilogueOption, read_epilogue
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import (
    ForceOption,
    LibraryNameOption,
    MaxErrorOption,
    NetworkOption,
    NoLimitOption,
    VerboseOption,
    products_option,
)
from wincook.cli.shipped import FILTERS, LAYOUT, Shipped
from wincook.emit import emit as emit_plan
from wincook.emit import emit_c, emit_library
from wincook.emit.module import Kind
from wincook.errors import NotationError, escaped
from wincook.kernels.plans.formats import WITH_KERNELS, Formats
from wincook.layers import Layout

_FOLDERS = ("library", "c")  # kinds that fill a folder of their own
_KINDS = (*get_args(Kind), *_FOLDERS)


def emit(
    context: typer.Context,
    tile: Annotated[
        str | None,
        typer.Argument(
            metavar="TILE",
            help="F(m,r), such as 4x4,3x3 or 'F(2x4,1x3)'; matrices in a file; direct or depthwise, for a --layer; or "
            "an .onnx file, for a library of its convolutions. Left out, the quickest for each layer within "
            "--max-error.",
            show_default=False,
        ),
    ] = None,
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
            help="What to write: module is a .py file that needs only numpy and numba, or several for a layer of "
            "several kernels; llvm and asm are the LLVM of one kernel after all passes and its assembly, for reading; "
            "library is a folder of its own with a library for C; c is the same as plain C, for whichever compiler.",
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
    ] = LAYOUT,
    filters: Annotated[
        int,
        typer.Option(
            "--filters",
            parser=read_whole,
            metavar=WHOLE,
            help="The number K of filters it is meant for. Any other K runs too; for few, blocks are narrower.",
        ),
    ] = FILTERS,
    layer: Annotated[
        list[str] | None,
        typer.Option(
            "--layer",
            metavar="LAYER",
            help="The layer it is meant for, as for plan, in place of --layout and --filters. Other sizes run too. "
            "Several make one library, with keys layer_1, layer_2 and so on, and so do those of --network.",
            show_default=False,
        ),
    ] = None,
    network: NetworkOption = None,
    max_error: MaxErrorOption = None,
    format: Annotated[str, products_option(WITH_KERNELS)] = "float32",
    input_format: InputFormatOption = "float32",
    output_format: OutputFormatOption = "float32",
    epilogue: EpilogueOption = "",
    residual_format: ResidualFormatOption = "float32",
    x_scales: XScalesOption = None,
    y_scales: YScalesOption = None,
    residual_scales: ResidualScalesOption = None,
    sparse: Annotated[
        bool,
        typer.Option("--sparse", help="A kernel that leaves out the blocks of filters that a mask leaves out."),
    ] = False,
    calibrations: Annotated[
        list[str] | None,
        typer.Option(
            "--calibration",
            metavar="FILE",
            help="What int8 --calibrate wrote, for a library or plain C in int8 or int16. Of several layers, one for "
            "each: KEY=FILE.",
            show_default=False,
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="TARGET",
            help="The instruction set: avx512, avx2 or generic; of a library, the machine: x86-64, which chooses at "
            "run time between x86-64-v4, x86-64-v3 and code for any, one of these alone, aarch64, riscv64 or wasm32. "
            "Default: the best of this machine.",
        ),
    ] = None,
    name: LibraryNameOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Write the kernel of a two-dimensional F(m,r), or of a layer, as source, as machine code, or as a library for C.

    Example: wincook emit "F(4x4,3x3)" --kind module --layout NHWC --out kernels/

    Example: wincook emit depthwise --layer "96x56x56 -> 96, 7x7, padding 3, groups 96"

    Example: wincook emit "F(4x4,3x3)" --kind library --name conv --out conv/

    Example: wincook emit "F(4x4,3x3)" --kind library --sparse --name conv --out sparse/

    Example: wincook emit --network resnet18 --kind library --name net --out net/

    Example: wincook emit "F(4x4,3x3)" --kind c --name conv --out conv_c/

    Example: wincook emit "F(4x4,3x3)" --kind library --format bfloat16 --input-format bfloat16 --out conv_b/

    Example: wincook emit "F(4x4,3x3)" --kind library --input-format uint8 --x-scale 0.05,128 --out conv_u/
    """
    output = Output.of(context, "text", as_json)
    kind = choice("kind", kind, _KINDS)
    options = AlgorithmOptions(
        points=points, at=at, blocks=blocks, form=form, gauge=gauge, basis=basis, dimension=dimension
    )
    is_folder = kind in _FOLDERS
    if not is_folder and (name is not None or force):
        raise NotationError(f"--name and --force are for a library, and the kind is {kind}; leave them out")
    if kind == "c" and target is not None:
        raise NotationError("plain C is for every processor, and its compiler is told for which; leave --target out")
    isa = None if is_folder else target
    formats = Formats.of(format, input_format, output_format, residual_format)
    after = read_epilogue(epilogue)
    if formats.residual_format != "float32" and not after.residual:
        raise NotationError(
            f"--residual-format {residual_format} needs a residual; give --epilogue with residual in it"
        )
    beside = Beside(*(tuple(given or ()) for given in (calibrations, x_scales, y_scales, residual_scales)))
    beside.check(kind, formats, is_folder=is_folder)
    plans = Shipped(tile, options, tuple(layer or ()), network, max_error, isa, formats, after, sparse).plans(
        layout, filters
    )
    single = plans.get("")
    if single is None and not is_folder:
        raise NotationError(f"several layers make a library, and the kind is {kind}; give --kind library or c")
    facts = {"tile": ", ".join(dict.fromkeys(plan.algorithms for plan in plans.values())), "kind": kind}
    if single is None or is_folder:
        given = beside.of(plans)
        if kind == "c":
            library = emit_c(single or plans, out, name=name, force=force, **given)
        else:
            library = emit_library(single or plans, out, name=name, machine=target, force=force, **given)
        written = f"wrote {escaped(str(library.header))} and {len(library.files) - 1} more files"
        said = f"{written}; {escaped(library.unlinked)}" if library.unlinked else written
        output.answer({"path": str(library.folder), **facts, "unlinked": library.unlinked}, said)
    else:
        path = emit_plan(single, out, cast("Kind", kind))
        output.answer({"path": str(path), **facts}, f"wrote {escaped(str(path))}")
