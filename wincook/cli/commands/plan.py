"""`wincook plan`: which algorithm a layer gets, how long it will take, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.numbers import REAL, WHOLE, read_real, read_whole
from wincook.cli.options import (
    BatchOption,
    MaxErrorOption,
    NetworkOption,
    NoLimitOption,
    TargetOption,
    ThreadsOption,
    VerboseOption,
    products_option,
)
from wincook.cli.watch import watching
from wincook.errors import NotationError, quoted
from wincook.kernels.alternatives import ANY, alternatives
from wincook.kernels.choice.error_limit import error_at
from wincook.kernels.choice.machine import Machine
from wincook.kernels.make_plan import make_plan
from wincook.kernels.measurement.planned import PlannedLayer
from wincook.kernels.measurement.trial import trials
from wincook.kernels.measurement.tune import tune
from wincook.kernels.plans.formats import WITH_KERNELS
from wincook.kernels.target import Target
from wincook.layers.notation.named import NamedLayer, network_layers
from wincook.layers.notation.text import read_layer
from wincook.report.data.plain.plan import plain_plans
from wincook.report.tables.plan import plans_view

FORMATS = (*WITH_KERNELS, ANY)


def plan(
    context: typer.Context,
    layers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LAYER",
            help="Layers, such as '64x56x56 -> 128, 3x3, padding 1, stride 2': channels and image, filters, kernel, "
            "and what else there is of padding, stride, dilation, groups, batch, transposed, NHWC; or .onnx files, "
            "whose convolutions are taken, those that are alike once.",
            show_default=False,
        ),
    ] = None,
    network: NetworkOption = None,
    batch: BatchOption = None,
    max_error: MaxErrorOption = None,
    min_snr: Annotated[
        str | None,
        typer.Option(
            "--min-snr",
            metavar="DECIBELS",
            help="The least ratio of signal to noise, such as 35dB, in place of --max-error; products may have any "
            "format then.",
        ),
    ] = None,
    format: Annotated[str | None, products_option(FORMATS, " Default: float32; with --min-snr any.")] = None,
    threads: ThreadsOption = None,
    target: TargetOption = None,
    runners_up: Annotated[
        int,
        typer.Option("--runners-up", parser=read_whole, metavar=WHOLE, help="How many to show beside the chosen one."),
    ] = 2,
    measure: Annotated[bool, typer.Option("--measure", help="Also compile and time them.")] = False,
    tuning: Annotated[
        bool, typer.Option("--tune", help="Time the quickest, and remember the best for this machine.")
    ] = False,
    seconds: Annotated[
        float,
        typer.Option("--seconds", parser=read_real, metavar=REAL, help="How long each layer is timed."),
    ] = 1.0,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Choose the algorithm of layers: predicted time and error, distance to the roofline, and what binds.

    Ctrl-C prints the layers done so far.

    Times are those of one layer; the time of all together counts layers that are alike as often as there are.

    Example: wincook plan "64x56x56 -> 64, 3x3, padding 1" --max-error "110 dB"
    """
    output = Output.of(context, answer, as_json, save)
    named = [each for text in layers or () for each in _named(text, batch)]
    named += network_layers(network) if network else ()
    if not named:
        raise NotationError(
            "there is nothing to plan; give a layer, such as '64x56x56 -> 64, 3x3', an .onnx file, "
            "or --network resnet18"
        )
    if batch is not None and not any(map(_is_model, layers or ())):
        raise NotationError("--batch is for .onnx files; a layer says its own: '64x56x56 -> 64, 3x3, batch 8'")

    if min_snr is not None:
        if max_error is not None:
            raise NotationError("--min-snr and --max-error are two words for one limit; give one of them")
        max_error = str(error_at(min_snr))
    products = format or (ANY if min_snr is not None else FORMATS[0])
    if tuning and products != FORMATS[0]:
        raise NotationError(f"--tune is for products in float32, not in {quoted(products)}; leave it out")

    def planned(each: NamedLayer) -> PlannedLayer:
        if tuning:
            tune(each.layer, max_error=max_error, threads=threads, target=target, seconds=seconds)
        several = alternatives(
            each.layer,
            max_error=max_error,
            format=products,
            threads=threads,
            target=target,
            most=1 + max(0, runners_up),
        )
        if not several:  # the error says why
            only = FORMATS[0] if products == ANY else products
            make_plan(each.layer, max_error=max_error, format=only, threads=threads, target=target)
        measured = trials([alternative.plan for alternative in several], seconds) if measure else ()
        return PlannedLayer(each, several, measured)

    with watching(len(named), "layers") as watch:
        done = watch.each(planned, named)
    known = Machine.known(Target.of(target)) is not None
    output.answer(plain_plans(done), plans_view(done, machine_is_known=known))
    watch.finish()


def _named(text: str, batch: int | None) -> tuple[NamedLayer, ...]:
    """The layer of a line, or the convolutions of a file."""
    if not _is_model(text):
        return (NamedLayer("", 1, read_layer(text)),)
    from wincook.integrations.onnx.layers import alike, onnx_layers

    return alike(onnx_layers(text, batch))


def _is_model(text: str) -> bool:
    return text.lower().endswith(".onnx")
