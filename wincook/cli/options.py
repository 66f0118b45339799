"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

TileArgument = Annotated[str, typer.Argument(help="F(m,r), quoted: F(4,3), F(4x4,3x3), F(2x4,1x3).", metavar="TILE")]
TilesArgument = Annotated[list[str], typer.Argument(help="One or more F(m,r), each quoted.", metavar="TILE...")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
SeedOption = Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Of the random numbers.")]
