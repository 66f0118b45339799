"""`wincook int8`: what quantisation in the Winograd domain costs."""

from __future__ import annotations

from typing import Annotated, cast, get_args

import typer

from wincook.analysis.quantisation.scheme import FILTER_SCALES, INPUT_SCALES, Calibration, Scheme
from wincook.analysis.quantisation.sqnr import QUANTISED, QuantisationReport, analyse_quantisation
from wincook.bilinear import BilinearAlgorithm
from wincook.cli.algorithms import (
    AlgorithmOptions,
    AtOption,
    BasisOption,
    BlocksOption,
    CorrelationOption,
    DimensionOption,
    GaugeOption,
    JointOption,
    PointsOption,
    TilesArgument,
)
from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.numbers import REAL, WHOLE, read_real, read_whole
from wincook.cli.options import ChannelsOption, LawOption, NoLimitOption, SeedOption, VerboseOption
from wincook.cli.watch import watching
from wincook.report.data.plain.quantisation import plain_quantisation
from wincook.report.tables.quantisation import quantisation_view


def int8(
    context: typer.Context,
    tiles: TilesArgument,
    points: PointsOption = None,
    at: AtOption = None,
    joint: JointOption = False,
    blocks: BlocksOption = None,
    form: CorrelationOption = "correlation",
    gauge: GaugeOption = None,
    basis: BasisOption = None,
    dimension: DimensionOption = None,
    bits: Annotated[
        int,
        typer.Option("--bits", "-b", parser=read_whole, metavar=WHOLE, help="How many bits U and V have, from 2 to 8."),
    ] = 8,
    filter_scales: Annotated[
        str,
        typer.Option(
            "--filter-scales", metavar="KIND", help=f"What has a scale of its own in U: {', '.join(FILTER_SCALES)}."
        ),
    ] = "tap",
    input_scales: Annotated[
        str,
        typer.Option(
            "--input-scales", metavar="KIND", help=f"What has a scale of its own in V: {', '.join(INPUT_SCALES)}."
        ),
    ] = "tap",
    calibration: Annotated[
        str,
        typer.Option(
            "--calibration", metavar="KIND", help=f"How far scales reach: {', '.join(get_args(Calibration))}."
        ),
    ] = "max",
    percentile: Annotated[
        float,
        typer.Option(
            "--percentile",
            parser=read_real,
            metavar=REAL,
            help="The share of magnitudes, in per cent, that --calibration percentile does not clip.",
        ),
    ] = 99.9,
    powers_of_two: Annotated[bool, typer.Option("--powers-of-two", help="Round scales up to powers of two.")] = False,
    channels: ChannelsOption = 64,
    law: LawOption = "relu",
    filters: Annotated[
        int,
        typer.Option("--filters", parser=read_whole, metavar=WHOLE, help="How many filters a sampled layer has."),
    ] = 32,
    tiles_per_layer: Annotated[
        int,
        typer.Option("--tiles-per-layer", parser=read_whole, metavar=WHOLE, help="How many tiles a sampled layer has."),
    ] = 64,
    layers: Annotated[
        int,
        typer.Option("--layers", "-n", parser=read_whole, metavar=WHOLE, help="How many layers are measured."),
    ] = 4,
    seed: SeedOption = 0,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Predict and measure the signal-to-noise ratio of int8 products, beside direct int8 convolution.

    Ctrl-C ends the measurement, and reports the layers done so far.

    Example: wincook int8 "F(4x4,3x3)" --points "0,±1,x^2+1,inf" --filter-scales "filter and tap"
    """
    output = Output.of(context, answer, as_json, save)
    scheme = Scheme(bits, filter_scales, input_scales, cast(Calibration, calibration), percentile, powers_of_two)
    algorithms = AlgorithmOptions(
        points=points,
        at=at,
        joint=joint,
        blocks=blocks,
        form=form,
        gauge=gauge,
        basis=basis,
        dimension=dimension,
        format=QUANTISED,
    ).algorithms(tiles)
    with watching(layers * len(algorithms), "layers", gently=True) as watch:

        def reported(algorithm: BilinearAlgorithm) -> QuantisationReport:
            return analyse_quantisation(
                algorithm,
                scheme,
                channels,
                law,
                filters=filters,
                tiles=tiles_per_layer,
                layers=layers,
                seed=seed,
                progress=watch.progress,
            )

        reports = watch.each(reported, algorithms, layers)
    output.answer([plain_quantisation(report) for report in reports], quantisation_view(reports))
    watch.finish()
