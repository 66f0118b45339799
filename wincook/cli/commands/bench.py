"""`wincook bench`: how fast a layer runs, and with which error."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.options import MaxErrorOption, NoLimitOption, SecondsOption, TargetOption, ThreadsOption, VerboseOption
from wincook.cli.watch import telling
from wincook.kernels.make_plan import make_plan, relative_error_of
from wincook.kernels.measurement.stages import stage_times
from wincook.kernels.measurement.trial import trials
from wincook.layers.notation.text import layer_text, read_layer
from wincook.report.data.plain.plan import plain_trial
from wincook.report.tables.plan import bench_view


def bench(
    context: typer.Context,
    layer: Annotated[
        str,
        typer.Argument(metavar="LAYER", help="A layer, such as '64x56x56 -> 128, 3x3, padding 1', as for plan."),
    ],
    tiles: Annotated[
        list[str] | None,
        typer.Option(
            "--tile", metavar="TILE", help="F(m,r) in place of the one chosen. May be given again to compare several."
        ),
    ] = None,
    max_error: MaxErrorOption = None,
    threads: ThreadsOption = None,
    target: TargetOption = None,
    seconds: SecondsOption = 2.0,
    by_stage: Annotated[
        bool,
        typer.Option(
            "--stages",
            help="Also show what the time is spent on; kernels are compiled anew, with a clock in their loops.",
        ),
    ] = False,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Time the kernel of a layer, call after call, and measure its error against float64.

    Kernels of several tiles take turns, so that a machine that slows down slows all of them.

    Example: wincook bench "64x56x56 -> 64, 3x3, padding 1" --tile "F(4x4,3x3)" --tile "F(6x6,3x3)"
    """
    output = Output.of(context, answer, as_json, save)
    whole = read_layer(layer)
    subjects: list[str | None] = [*(tiles or (None,))]
    with telling(f"kernels of {whole}"):
        plans = [make_plan(whole, subject, max_error=max_error, threads=threads, target=target) for subject in subjects]
        measured = trials(plans, seconds)
        stages = [stage_times(plan, seconds) if by_stage else None for plan in plans]
    errors = [relative_error_of(plan) for plan in plans]
    data = [
        {
            "layer": layer_text(whole),
            "tiles": [str(single.algorithm.tile) for single in dict.fromkeys(trial.plan.plans)],
            "predicted_error": error,
            **plain_trial(trial),
            "spent": None if spent is None else asdict(spent),
        }
        for trial, error, spent in zip(measured, errors, stages, strict=True)
    ]
    output.answer(data, bench_view(measured, errors, stages))
