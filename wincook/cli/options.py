"""Arguments that several commands share, and the two ways of answering."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType

TileArgument = Annotated[str, typer.Argument(help="F(m,r), quoted: F(4,3), F(4x4,3x3), F(2x4,1x3).", metavar="TILE")]
TilesArgument = Annotated[list[str], typer.Argument(help="One or more F(m,r), each quoted.", metavar="TILE...")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

_WIDTH_WITHOUT_TERMINAL = 140


def answer(as_json: bool, data: Any, view: RenderableType) -> None:
    """Print the one or the other."""
    if as_json:
        json.dump(data, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
        return
    width = None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL
    Console(width=width, highlight=False, soft_wrap=False).print(view)
