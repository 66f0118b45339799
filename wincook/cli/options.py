"""Arguments and options that several commands share, each declared once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from wincook.analysis.data.distributions import LAWS
from wincook.ceiling import no_limit
from wincook.cli.completion import among
from wincook.cli.numbers import REAL, WHOLE, read_real, read_seed, read_whole
from wincook.cli.verbose import show_log
from wincook.formats import FORMATS
from wincook.layers.notation.named import NETWORKS
from wincook.precision import PRESETS
from wincook.report.figures.theme import THEMES

_LAWS = ", ".join(LAWS)
_FORMATS = ", ".join(FORMATS)
_POLICIES = ", ".join(name for name in PRESETS if name not in FORMATS)
_STAGES = "or stages that differ, such as float32,U=float16"


def _lift_ceiling(context: typer.Context, wanted: bool) -> bool:
    """Lift the ceiling of work until the command has ended."""
    if wanted:
        context.with_resource(no_limit())
    return wanted


def _show_log(context: typer.Context, times: int) -> int:
    """Show the log until the command has ended."""
    if times:
        context.with_resource(show_log(logging.INFO if times == 1 else logging.DEBUG))
    return times


def products_option(formats: Sequence[str], more: str = "") -> Any:
    """The option of the format of products, of those that a command knows."""
    return typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        autocompletion=among(formats),
        help=f"The format of products: {', '.join(formats)}.{more}",
    )


FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        autocompletion=among(PRESETS),
        help=f"The format of all stages: {_FORMATS}; or a policy: {_POLICIES}, {_STAGES}.",
    ),
]
FormatsOption = Annotated[
    list[str],
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        autocompletion=among(PRESETS),
        help=f"The format of all stages: {_FORMATS}; or a policy: {_POLICIES}, {_STAGES}. May be given again for more.",
    ),
]
NetworkOption = Annotated[
    str | None,
    typer.Option(
        "--network",
        metavar="NETWORK",
        autocompletion=among(NETWORKS),
        help=f"All layers of a network: {', '.join(NETWORKS)}.",
    ),
]
SecondsOption = Annotated[
    float, typer.Option("--seconds", parser=read_real, metavar=REAL, help="How long kernels are timed in all.")
]
ChannelsOption = Annotated[
    int,
    typer.Option(
        "--channels",
        "-c",
        parser=read_whole,
        metavar=WHOLE,
        help="The number C of channels, which are summed.",
    ),
]
LawOption = Annotated[
    str,
    typer.Option("--law", metavar="LAW", autocompletion=among(LAWS), help=f"The distribution of the data: {_LAWS}."),
]
SeedOption = Annotated[int, typer.Option("--seed", parser=read_seed, metavar=WHOLE, help="The seed of random numbers.")]
PlotOption = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE", help="Also draw a picture: a .png, .svg or .pdf file.")
]
ThemeOption = Annotated[
    str,
    typer.Option(
        "--theme", metavar="THEME", autocompletion=among(THEMES), help=f"The colours of pictures: {', '.join(THEMES)}."
    ),
]
MaxErrorOption = Annotated[
    str | None,
    typer.Option(
        "--max-error",
        "-e",
        metavar="ERROR",
        help="The RMS of the error over the RMS of y that is allowed, or decibels: 1e-5, '110 dB'. Default: 3e-6.",
    ),
]
ThreadsOption = Annotated[
    int | None,
    typer.Option("--threads", parser=read_whole, metavar=WHOLE, help="How many threads to use. Default: all cores."),
]
BatchOption = Annotated[
    int | None,
    typer.Option(
        "--batch",
        parser=read_whole,
        metavar=WHOLE,
        help="Images at a time of an .onnx file that leaves it open. Default: 1.",
    ),
]
TargetOption = Annotated[
    str | None,
    typer.Option(
        "--target",
        metavar="TARGET",
        help="The instruction set: avx512, avx2 or generic. Default: the best of this machine.",
    ),
]
LibraryNameOption = Annotated[
    str | None,
    typer.Option(
        "--name",
        metavar="NAME",
        help="What the files and symbols of a library start with. Default: wincook, tile and layout; of a converted "
        "model, the name of its file.",
    ),
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Write a library over the files of a folder that is not empty.")
]
NoLimitOption = Annotated[
    bool,
    typer.Option(
        "--no-limit",
        callback=_lift_ceiling,
        help="Begin work even if it will take more than about a minute, or 1 GiB of memory.",
    ),
]
VerboseOption = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        show_default=False,
        callback=_show_log,
        help="Print to standard error what was done and how long it took; -vv prints more.",
    ),
]
