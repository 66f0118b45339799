"""`wincook int8`: what quantisation in the Winograd domain costs."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from wincook.analysis.data.distributions import LAWS
from wincook.analysis.quantisation.scheme import FILTER_SCALES, INPUT_SCALES, Calibration, Scheme
from wincook.analysis.quantisation.sqnr import QuantisationReport, analyse_quantisation
from wincook.cli.choice import Choice, with_choice
from wincook.cli.numbers import real_option, whole_option
from wincook.cli.options import JsonOption, SeedOption, TilesArgument
from wincook.cli.output import Form, answer
from wincook.cli.watch import INTERRUPTED, watching
from wincook.report.data.plain.quantisation import plain_quantisation
from wincook.report.tables.quantisation import quantisation_view


def int8(
    tiles: TilesArgument,
    choice: Choice,
    bits: Annotated[int, whole_option("--bits", "-b", help="Of U and V, 2 to 8.")] = 8,
    filter_scales: Annotated[str, typer.Option(help=f"Scales of U by {', '.join(FILTER_SCALES)}.")] = "tap",
    input_scales: Annotated[str, typer.Option(help=f"Scales of V by {', '.join(INPUT_SCALES)}.")] = "tap",
    calibration: Annotated[str, typer.Option(help="How far scales reach: max, percentile, mse.")] = "max",
    percentile: Annotated[float, real_option(help="For that calibration.")] = 99.9,
    powers_of_two: Annotated[bool, typer.Option("--powers-of-two", help="Round scales up to powers of two.")] = False,
    channels: Annotated[int, whole_option("--channels", "-c", help="C, over which products are summed.")] = 64,
    law: Annotated[str, typer.Option(help=f"How data are drawn: {', '.join(LAWS)}.")] = "relu",
    filters: Annotated[int, whole_option(help="Of each sampled layer.")] = 32,
    tiles_per_layer: Annotated[int, whole_option(help="Tiles of each sampled layer.")] = 64,
    layers: Annotated[int, whole_option("--layers", "-n", help="Layers to measure.")] = 4,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Predict and measure the signal-to-noise ratio of int8 products, beside direct int8 convolution.

    Ctrl-C ends the measurement, and reports the layers done so far.

    Example: wincook int8 "F(4x4,3x3)" --points "0,±1,x^2+1,inf" --filter-scales "filter and tap"
    """
    scheme = Scheme(bits, filter_scales, input_scales, cast(Calibration, calibration), percentile, powers_of_two)
    reports: list[QuantisationReport] = []
    with watching(layers * len(tiles), "layers") as watch:
        for tile in tiles:
            report = analyse_quantisation(
                choice.algorithm(tile),
                scheme,
                channels,
                law,
                filters=filters,
                tiles=tiles_per_layer,
                layers=layers,
                seed=seed,
                progress=watch.progress,
            )
            reports.append(report)
            watch.next(layers)
            if watch.interrupted:
                break
    answer(Form.of(json=as_json), [plain_quantisation(report) for report in reports], quantisation_view(reports))
    if watch.interrupted:
        raise typer.Exit(INTERRUPTED)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(int8))
