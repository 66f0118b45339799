"""`wincook ranges`: how large numbers get at each stage, and which format is too narrow."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.analysis.data.distributions import LAWS
from wincook.analysis.dynamic_range.ranges import ranges as ranges_of
from wincook.analysis.dynamic_range.remedies import remedies
from wincook.cli.choice import Choice, with_choice
from wincook.cli.numbers import whole_option
from wincook.cli.options import JsonOption, TileArgument
from wincook.cli.output import Form, answer
from wincook.construct.rescale.integers import integers
from wincook.errors import NotationError
from wincook.report.data.plain.ranges import plain_integers, plain_ranges
from wincook.report.tables.ranges import integers_table, ranges_view


def ranges(
    tile: TileArgument,
    choice: Choice,
    precision: Annotated[
        str, typer.Option("--format", "-f", help="Of all stages, or a policy: float16, float16-winograd-domain.")
    ] = "float16",
    channels: Annotated[int, whole_option("--channels", "-c", help="C, over which products are summed.")] = 1,
    law: Annotated[str, typer.Option(help=f"How data are drawn: {', '.join(LAWS)}.")] = "uniform",
    inputs: Annotated[str, typer.Option("--range", help="The largest |d|, exact: 1, 2.5, 1/3.")] = "1",
    filters: Annotated[str, typer.Option("--filter-range", help="The largest |g|.")] = "1",
    bits: Annotated[
        int | None, whole_option("--bits", "-b", help="Instead: in whole numbers, data of so many bits.")
    ] = None,
    wrap: Annotated[
        bool,
        typer.Option("--wrap", help="With --bits: sums may wrap around on the way, only results of a stage must fit."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the magnitudes at each stage, the stages that overflow or underflow, and the remedies.

    Exits with 1 if a format is too narrow for its stage.

    Example: wincook ranges "F(8x8,3x3)" --format float16 --range 16
    """
    if wrap and bits is None:
        raise NotationError("--wrap is for whole numbers; give --bits too, or leave it out")
    made = choice.algorithm(tile)
    if bits is not None:
        form = integers(made)
        widths = form.widths(bits, bits, channels, wrap=wrap)
        answer(Form.of(json=as_json), plain_integers(form, widths), integers_table(form, widths))
        return
    found = ranges_of(made, precision, channels, law, d_max=inputs, g_max=filters)
    judged = remedies(found)
    answer(Form.of(json=as_json), plain_ranges(found, judged), ranges_view(found, judged))
    if not judged.fits:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(ranges))
