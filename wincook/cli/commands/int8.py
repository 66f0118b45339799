"""`wincook int8`: what quantisation in the Winograd domain costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from wincook.analysis.quantisation.of_scheme import QuantisationReport, analyse_quantisation
from wincook.analysis.quantisation.scheme import FILTER_SCALES, INPUT_SCALES, Clipping, Scheme
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
)
from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.calibrated import Calibrated, check_together
from wincook.cli.elements import XScaleOption, YScaleOption, read_affine
from wincook.cli.numbers import REAL, WHOLE, read_real, read_whole
from wincook.cli.options import ChannelsOption, LawOption, NoLimitOption, SeedOption, VerboseOption
from wincook.cli.watch import watching
from wincook.errors import NotationError
from wincook.quantisation.integers import INTEGERS
from wincook.quantisation.observed import MARGIN, SCALES
from wincook.report.data.plain.quantisation import plain_calibration, plain_quantisation
from wincook.report.tables.quantisation import calibration_view, quantisation_view


def int8(
    context: typer.Context,
    tiles: Annotated[
        list[str] | None,
        typer.Argument(
            help="One or more F(m,r), such as 4,3 or 'F(4x4,3x3)', or files with matrices; with --calibrate also "
            "direct, and some to choose from if left out.",
            metavar="TILE...",
            show_default=False,
        ),
    ] = None,
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
    ] = "filter and tap",
    input_scales: Annotated[
        str | None,
        typer.Option(
            "--input-scales",
            metavar="KIND",
            help=f"What has a scale of its own in V: {', '.join(INPUT_SCALES)}; with --calibrate {', '.join(SCALES)}. "
            f"Default: tap, {SCALES[0]}.",
        ),
    ] = None,
    clipping: Annotated[
        str,
        typer.Option("--clipping", metavar="KIND", help=f"How far scales reach: {', '.join(get_args(Clipping))}."),
    ] = "max",
    percentile: Annotated[
        float,
        typer.Option(
            "--percentile",
            parser=read_real,
            metavar=REAL,
            help="The share of magnitudes, in per cent, that --clipping percentile does not clip.",
        ),
    ] = 99.9,
    powers_of_two: Annotated[bool, typer.Option("--powers-of-two", help="Round scales up to powers of two.")] = False,
    images: Annotated[
        str | None,
        typer.Option(
            "--calibrate",
            metavar="FILE",
            help="Find the scales of a layer of your own from its inputs (N, C, *size), which are .npy or .npz "
            "(FILE.npz:NAME if it holds several), and measure it instead of layers that are drawn.",
        ),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights",
            metavar="FILE",
            help="The filters (K, C/groups, *kernel) of that layer: .npy, .npz, FILE.safetensors:NAME, FILE.onnx:NAME, "
            "FILE.pt:NAME. Its padding is half the kernel.",
        ),
    ] = None,
    held_out: Annotated[
        str | None,
        typer.Option("--held-out", metavar="FILE", help="Measure on these inputs, not on those of --calibrate."),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"The integers of --calibrate: {', '.join(INTEGERS)} (12 and 13 bits).",
        ),
    ] = "int8",
    margin: Annotated[
        float | None,
        typer.Option(
            "--margin",
            parser=read_real,
            metavar=REAL,
            help=f"What ranges of --calibrate are multiplied by. Default: {MARGIN}.",
        ),
    ] = None,
    x_scale: XScaleOption = None,
    y_scale: YScaleOption = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Keep the scales of --calibrate, as JSON.")
    ] = None,
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

    Of layers that are drawn, or, with --calibrate, of a layer of your own.

    Ctrl-C ends the measurement, and reports the layers done so far.

    Example: wincook int8 "F(4x4,3x3)" --points "0,±1,x^2+1,inf" --filter-scales "filter and tap"
    """
    output = Output.of(context, answer, as_json, save)
    check_together(context, calibrates=images is not None)
    options = AlgorithmOptions(
        points=points,
        at=at,
        joint=joint,
        blocks=blocks,
        form=form,
        gauge=gauge,
        basis=basis,
        dimension=dimension,
        format=format,
    )
    if images is not None:
        calibrated = Calibrated(
            images,
            weights,
            held_out,
            format,
            input_scales or SCALES[0],
            MARGIN if margin is None else margin,
            None if x_scale is None else read_affine("--x-scale", x_scale),
            None if y_scale is None else read_affine("--y-scale", y_scale),
            to,
            powers_of_two=powers_of_two,
        )
        reports = calibrated.reports(tiles or (), options)
        output.answer([plain_calibration(report) for report in reports], calibration_view(reports))
        return
    if not tiles:
        raise NotationError("there is nothing to quantise; give a tile, such as 'F(4x4,3x3)', or --calibrate FILE")
    input_scales = input_scales or "tap"
    scheme = Scheme(bits, filter_scales, input_scales, cast(Clipping, clipping), percentile, powers_of_two)
    algorithms = options.algorithms(tiles)
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

        drawn = watch.each(reported, algorithms, layers)
    output.answer([plain_quantisation(report) for report in drawn], quantisation_view(drawn))
    watch.finish()
