"""`wincook tolerance`: the atol and rtol of a test, and the test."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.analysis.bounds.tolerance import REFERENCES
from wincook.analysis.bounds.tolerance import tolerance as find_tolerance
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
from wincook.cli.numbers import REAL, WHOLE, read_real, read_whole
from wincook.cli.options import ChannelsOption, FormatOption, LawOption, NoLimitOption, VerboseOption
from wincook.cli.watch import telling
from wincook.report.data.assertion import pytest_text
from wincook.report.data.plain.tolerance import plain_tolerance
from wincook.report.tables.tolerance import tolerance_view


def tolerance(
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
    precision: FormatOption = "float32",
    channels: ChannelsOption = 1,
    d_max: Annotated[
        float,
        typer.Option(
            "--range",
            parser=read_real,
            metavar=REAL,
            help="The factor by which inputs are scaled after they are drawn; with --rigorous the largest |d|.",
        ),
    ] = 1.0,
    g_max: Annotated[
        float,
        typer.Option(
            "--filter-range",
            parser=read_real,
            metavar=REAL,
            help="The factor by which filters are scaled after they are drawn; with --rigorous the largest |g|.",
        ),
    ] = 1.0,
    law: LawOption = "uniform",
    p: Annotated[
        float,
        typer.Option(
            "--probability", parser=read_real, metavar=REAL, help="How likely a right implementation fails the test."
        ),
    ] = 1e-9,
    outputs: Annotated[
        int, typer.Option("--outputs", parser=read_whole, metavar=WHOLE, help="How many numbers the test compares.")
    ] = 1,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="FORMAT",
            help=f"The format in which the reference is computed: {', '.join(REFERENCES)}.",
        ),
    ] = "float64",
    rigorous: Annotated[
        bool,
        typer.Option("--rigorous", help="Allow for the worst case of all data within --range and --filter-range."),
    ] = False,
    as_test: Annotated[bool, typer.Option("--pytest", help="Print a test that runs.")] = False,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Say which atol and rtol a test of F(m,r) should have, and why.

    Example: wincook tolerance "F(4x4,3x3)" --format float32 --channels 64
    """
    output = Output.of(context, answer, as_json, save)
    algorithm = AlgorithmOptions(
        points=points,
        at=at,
        joint=joint,
        blocks=blocks,
        form=form,
        gauge=gauge,
        basis=basis,
        dimension=dimension,
        format=precision,
    ).algorithm(tile)
    with telling(f"the tolerance of {algorithm.name}"):
        allowance = find_tolerance(
            algorithm,
            precision,
            channels,
            law,
            d_max=d_max,
            g_max=g_max,
            p=0.0 if rigorous else p,
            outputs=outputs,
            against=against,
        )
    test = pytest_text(allowance) if as_test else None
    data = plain_tolerance(allowance) | ({} if test is None else {"pytest": test})
    output.answer(data, tolerance_view(allowance), document=test)
