"""Options that several commands share, and the two ways of answering."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, cast

import typer
from rich.console import Console, RenderableType

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.denominators import LETTERS, Letter
from wincook.construct.gauge import BASES, change_basis
from wincook.construct.gauge import gauge as change_gauge

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
GaugeOption = Annotated[
    str | None,
    typer.Option(
        help="How factors are shared among AT, G and BT: balance (rows of G and BT near norm 1 by powers of two: for "
        "narrow formats), equilibrate, integer; filter, input or output, where the fractions are to be."
    ),
]
BasisOption = Annotated[
    str | None,
    typer.Option(
        help=f"Apply the matrices by way of another basis: {', '.join(BASES)}; legendre:BT or legendre:G,BT for some "
        "of the matrices alone."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

_WIDTH_WITHOUT_TERMINAL = 140


def read_algorithm(tile: str, points: str | None, gauge: str | None, basis: str | None) -> BilinearAlgorithm:
    """The algorithm that the words of a command denote."""
    made = algorithm(tile, points)
    if gauge is not None:
        made = change_gauge(made, gauge)
    if basis is not None:
        name, _, letters = basis.partition(":")
        made = change_basis(made, name, cast("list[Letter]", letters.split(",")) if letters else LETTERS)
    return made


def answer(as_json: bool, data: Any, view: RenderableType) -> None:
    """Print the one or the other."""
    if as_json:
        json.dump(data, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
        return
    width = None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL
    Console(width=width, highlight=False, soft_wrap=False).print(view)
