"""Options that several commands share, and the two ways of answering."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.gauge import balance

TileArgument = Annotated[str, typer.Argument(help="F(m,r), quoted: F(4,3), F(4x4,3x3), F(2x4,1x3).", metavar="TILE")]
PointsOption = Annotated[
    str | None,
    typer.Option(
        "--points",
        "-p",
        help="Points as 0,±1,±1/2,inf (or +-1), factors as x^2+1, powers as inf^2, for every axis; a set per axis "
        "parted by ';'. Default: good ones.",
    ),
]
BalanceOption = Annotated[
    bool, typer.Option("--balance", help="Scale rows of G and BT by powers of two to norms near 1: for narrow formats.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

_WIDTH_WITHOUT_TERMINAL = 140


def read_algorithm(tile: str, points: str | None, balanced: bool) -> BilinearAlgorithm:
    """The algorithm that the words of a command denote."""
    made = algorithm(tile, points)
    return balance(made) if balanced else made


def answer(as_json: bool, data: Any, view: RenderableType) -> None:
    """Print the one or the other."""
    if as_json:
        json.dump(data, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
        return
    width = None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL
    Console(width=width, highlight=False, soft_wrap=False).print(view)
