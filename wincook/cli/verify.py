"""`wincook verify`: the proof of an algorithm."""

from __future__ import annotations

import typer

from wincook.cli.options import BalanceOption, JsonOption, PointsOption, TileArgument, answer, read_algorithm
from wincook.report.plain import plain_proof


def verify(
    tile: TileArgument, points: PointsOption = None, balanced: BalanceOption = False, as_json: JsonOption = False
) -> None:
    """Prove, in exact arithmetic, that the matrices of F(m,r) on the given points are a convolution.

    Example: wincook verify "F(20,3)"
    """
    proof = read_algorithm(tile, points, balanced).verify()
    answer(as_json, plain_proof(proof), str(proof))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(verify)
