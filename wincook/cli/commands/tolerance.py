"""`wincook tolerance`: the atol and rtol of a test, and the test."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.analysis.bounds.tolerance import REFERENCES
from wincook.analysis.bounds.tolerance import tolerance as find_tolerance
from wincook.analysis.data.distributions import LAWS
from wincook.cli.choice import Choice, with_choice
from wincook.cli.numbers import real_option, whole_option
from wincook.cli.options import JsonOption, TileArgument
from wincook.cli.output import Form, answer, say
from wincook.report.data.assertion import pytest_text
from wincook.report.data.plain.tolerance import plain_tolerance
from wincook.report.tables.tolerance import tolerance_view


def tolerance(
    tile: TileArgument,
    choice: Choice,
    precision: Annotated[
        str, typer.Option("--format", "-f", help="A format for all stages, or a policy: float32, U=float16.")
    ] = "float32",
    channels: Annotated[int, whole_option("--channels", "-c", help="C, over which products are summed.")] = 1,
    d_max: Annotated[
        float, real_option("--range", help="The largest |d| if --rigorous; else d is drawn, times this.")
    ] = 1.0,
    g_max: Annotated[float, real_option("--filter-range", help="The largest |g|, likewise.")] = 1.0,
    law: Annotated[str, typer.Option(help=f"How data are drawn, before scaling: {', '.join(LAWS)}.")] = "uniform",
    p: Annotated[float, real_option("--probability", help="That a right implementation fails the test.")] = 1e-9,
    outputs: Annotated[int, whole_option(help="How many numbers the test compares.")] = 1,
    against: Annotated[
        str, typer.Option(help=f"What the reference is computed in: {', '.join(REFERENCES)}.")
    ] = "float64",
    rigorous: Annotated[
        bool, typer.Option("--rigorous", help="Allow the worst case of all data within --range and --filter-range.")
    ] = False,
    as_test: Annotated[bool, typer.Option("--pytest", help="Print a test that runs.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say which atol and rtol a test of F(m,r) should have, and why.

    Example: wincook tolerance "F(4x4,3x3)" --format float32 --channels 64
    """
    made = choice.algorithm(tile)
    found = find_tolerance(
        made,
        precision,
        channels,
        law,
        d_max=d_max,
        g_max=g_max,
        p=0.0 if rigorous else p,
        outputs=outputs,
        against=against,
    )
    if as_test and not as_json:
        say(pytest_text(found))
        return
    test = {"pytest": pytest_text(found)} if as_test else {}
    answer(Form.of(json=as_json), plain_tolerance(found) | test, tolerance_view(found))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(tolerance))
