"""`wincook residues`: exact integer convolution modulo small primes."""

from __future__ import annotations

from typing import Annotated

import typer

from wincook.cli.numbers import whole_option
from wincook.cli.options import JsonOption, TileArgument, liftable
from wincook.cli.output import Form, answer
from wincook.construct.residue.system import residue_system
from wincook.report.data.plain.residues import plain_residues
from wincook.report.tables.residues import residues_table


def residues(
    tile: TileArgument,
    bits: Annotated[int, whole_option("--bits", "-b", help="Bits of a word: primes are below 2^bits.")] = 8,
    channels: Annotated[int, whole_option("--channels", "-c", help="Channels that are summed.")] = 1,
    inputs: Annotated[str, typer.Option("--inputs", help="Range of the inputs: int8, uint8, -8..7.")] = "int8",
    filters: Annotated[str, typer.Option("--filters", help="Range of the filter taps.")] = "int8",
    as_json: JsonOption = False,
) -> None:
    """Print the primes, the widths and the cost of exact integer convolution in residues, proven.

    Example: wincook residues "F(12x12,5x5)" --bits 16 --channels 64
    """
    system = residue_system(tile, bits, inputs=inputs, filters=filters, channels=channels)
    proof = system.verify()
    answer(Form.of(json=as_json), plain_residues(system, proof), residues_table(system, proof))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(liftable(residues))
