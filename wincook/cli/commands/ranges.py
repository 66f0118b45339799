"""`wincook ranges`: how large numbers get at each stage, and which format is too narrow."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.analysis.dynamic_range.ranges import ranges as ranges_of
from wincook.analysis.dynamic_range.remedies import remedies
from wincook.cli.algorithms import (
    AlgorithmOptions,
    AtOption,
    BasisOption,
    BlocksOption,
    CorrelationOption,
    DimensionOption,
    GaugeOption,
    JointOption,
    OnePointSetOption,
    TileArgument,
)
from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import ChannelsOption, FormatOption, LawOption, NoLimitOption, VerboseOption
from wincook.cli.watch import telling
from wincook.construct.rescale.integers import integers
from wincook.errors import NotationError
from wincook.report.data.plain.ranges import plain_integers, plain_ranges
from wincook.report.tables.ranges import integers_table, ranges_view


def ranges(
    context: typer.Context,
    tile: TileArgument,
    points: OnePointSetOption = None,
    at: AtOption = None,
    joint: JointOption = False,
    blocks: BlocksOption = None,
    form: CorrelationOption = "correlation",
    gauge: GaugeOption = None,
    basis: BasisOption = None,
    dimension: DimensionOption = None,
    precision: FormatOption = "float16",
    channels: ChannelsOption = 1,
    law: LawOption = "uniform",
    inputs: Annotated[
        str, typer.Option("--range", metavar="NUMBER", help="The largest |d|, which is exact: 1, 2.5, 1/3.")
    ] = "1",
    filters: Annotated[
        str, typer.Option("--filter-range", metavar="NUMBER", help="The largest |g|, which is exact: 1, 2.5, 1/3.")
    ] = "1",
    bits: Annotated[
        int | None,
        typer.Option(
            "--bits",
            "-b",
            parser=read_whole,
            metavar=WHOLE,
            help="Say instead how wide whole numbers get, if inputs and filters have so many bits.",
        ),
    ] = None,
    wrap: Annotated[
        bool,
        typer.Option(
            "--wrap",
            help="With --bits, let sums wrap around on the way, so that only results must fit.",
        ),
    ] = False,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Print the magnitudes at each stage, the stages that overflow or underflow, and the remedies.

    Exits with 1 if a format is too narrow for its stage.

    Example: wincook ranges "F(8x8,3x3)" --format float16 --range 16
    """
    output = Output.of(context, answer, as_json, save)
    if wrap and bits is None:
        raise NotationError("--wrap is for whole numbers; give --bits too, or leave it out")
    algorithm = AlgorithmOptions(
        points=points,
        at=at,
        joint=joint,
        blocks=blocks,
        form=form,
        gauge=gauge,
        basis=basis,
        dimension=dimension,
        format=precision if bits is None else "float32",
    ).algorithm(tile)
    with telling(f"the ranges of {algorithm.name}"):
        if bits is not None:
            form_of_integers = integers(algorithm)
            widths = form_of_integers.widths(bits, bits, channels, wrap=wrap)
            output.answer(plain_integers(form_of_integers, widths), integers_table(form_of_integers, widths))
            return
        magnitudes = ranges_of(algorithm, precision, channels, law, d_max=inputs, g_max=filters)
        advice = remedies(magnitudes)
    output.answer(plain_ranges(magnitudes, advice), ranges_view(magnitudes, advice))
    if not advice.fits:
        raise typer.Exit(1)
