"""`wincook sparse`: what zeros in the domain of the products cost and gain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.arrays import array_named
from wincook.cli.numbers import REAL, read_real
from wincook.cli.options import (
    LawOption,
    NoLimitOption,
    PlotOption,
    SecondsOption,
    SeedOption,
    TargetOption,
    ThemeOption,
    ThreadsOption,
    VerboseOption,
    products_option,
)
from wincook.cli.pictures import check_picture
from wincook.cli.watch import telling
from wincook.data.array_file import read_array
from wincook.errors import NotationError, quoted
from wincook.files import check_place
from wincook.kernels.measurement.sparsity import SPARSITIES, sparsity_curve
from wincook.kernels.plans.tiles.sparse import SPARSE_FORMATS
from wincook.layers.notation.text import read_layer
from wincook.report.data.plain.sparsity import plain_sparsity
from wincook.report.tables.sparsity import sparsity_view


def sparse(
    context: typer.Context,
    layer: Annotated[
        str, typer.Argument(metavar="LAYER", help="A layer, such as '64x56x56 -> 128, 3x3, padding 1', as for plan.")
    ],
    tile: Annotated[
        str, typer.Option("--tile", metavar="TILE", help="F(m,r), or with its points: 'F(4x4,3x3) on {0, ±1, ±2, ∞}'.")
    ] = "F(4x4,3x3)",
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights", metavar="FILE", help="Filters: a model as FILE:NAME, or .npy or .npz. Default: drawn."
        ),
    ] = None,
    inputs: Annotated[
        str | None,
        typer.Option("--inputs", metavar="FILE", help="Images of the layer, .npy or .npz, in place of --law."),
    ] = None,
    law: LawOption = "relu",
    shares: Annotated[
        list[float] | None,
        typer.Option(
            "--sparsity",
            parser=read_real,
            metavar=REAL,
            help=f"The share of blocks to be zero. May be given again. Default: {', '.join(map(str, SPARSITIES))}.",
        ),
    ] = None,
    block: Annotated[
        str | None,
        typer.Option(
            "--block",
            metavar="FILTERSxCHANNELS",
            help="The filters and channels of a block. Default: 32x1, in bfloat16 32x2.",
        ),
    ] = None,
    format: Annotated[str, products_option(SPARSE_FORMATS)] = "float32",
    threads: ThreadsOption = None,
    target: TargetOption = None,
    measure: Annotated[bool, typer.Option("--measure", help="Also compile and time kernels.")] = False,
    seconds: SecondsOption = 2.0,
    mask: Annotated[
        Path | None, typer.Option("--mask", metavar="FILE", help="Also write the mask, of one share, as JSON or .npz.")
    ] = None,
    seed: SeedOption = 0,
    plot: PlotOption = None,
    theme: ThemeOption = "light",
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Prune a layer in the domain of its products: error and speed against the share of blocks that are zero.

    Filters are not trained here; wincook.integrations.torch trains them.

    Example: wincook sparse "256x56x56 -> 256, 3x3, padding 1" --sparsity 0.5 --sparsity 0.8
    """
    output = Output.of(context, answer, as_json, save)
    check_picture(plot, theme)
    whole, sizes = read_layer(layer), None if block is None else _block(block)
    wanted = tuple(shares or SPARSITIES)
    if mask is not None:
        check_place(mask)
        if len(wanted) != 1:
            raise NotationError("--mask writes one mask; give one --sparsity with it, such as --sparsity 0.8")
    with telling(f"masks of {whole}"):
        curve = sparsity_curve(
            whole,
            tile,
            None if weights is None else array_named(weights),
            sparsities=wanted,
            inputs=law if inputs is None else read_array(inputs),
            block=sizes,
            format=format,
            threads=threads,
            target=target,
            seconds=seconds if measure else 0.0,
            seed=seed,
        )
    if mask is not None:
        from wincook.sparse import write_mask

        write_mask(mask, curve.points[0].mask)
    if plot is not None:
        from wincook.report.figures.canvas import draw
        from wincook.report.figures.sparsity import sparsity_chart

        draw(sparsity_chart(curve), plot, theme)
    output.answer(plain_sparsity(curve), sparsity_view(curve))


def _block(text: str) -> tuple[int, int]:
    sizes = text.lower().split("x")
    if len(sizes) != 2 or not all(size.isdecimal() for size in sizes):  # noqa: PLR2004 (filters and channels)
        raise NotationError(f"--block {quoted(text)} must be filters and channels, such as 32x1")
    filters, channels = map(int, sizes)
    return filters, channels
