"""`wincook residues`: exact integer convolution modulo small primes."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.cli.algorithms import SizeArgument
from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import ChannelsOption, NoLimitOption, VerboseOption
from wincook.cli.watch import telling
from wincook.construct.residue.system import residue_system
from wincook.report.data.plain.residues import plain_residues
from wincook.report.tables.residues import residues_table


def residues(
    context: typer.Context,
    tile: SizeArgument,
    bits: Annotated[
        int,
        typer.Option(
            "--bits", "-b", parser=read_whole, metavar=WHOLE, help="How many bits a word has; primes fit in it."
        ),
    ] = 8,
    channels: ChannelsOption = 1,
    inputs: Annotated[
        str, typer.Option("--inputs", metavar="RANGE", help="The range of inputs: int8, uint8, -8..7.")
    ] = "int8",
    filters: Annotated[
        str, typer.Option("--filters", metavar="RANGE", help="The range of filter taps: int8, uint8, -8..7.")
    ] = "int8",
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Print the primes, the widths and the cost of exact integer convolution in residues, proven.

    Example: wincook residues "F(12x12,5x5)" --bits 16 --channels 64
    """
    output = Output.of(context, answer, as_json, save)
    with telling(f"residues for {tile}"):
        system = residue_system(tile, bits, inputs=inputs, filters=filters, channels=channels)
        proof = system.verify()
    output.answer(plain_residues(system, proof), residues_table(system, proof))
