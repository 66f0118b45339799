"""`wincook verify`: the proof of an algorithm."""

from __future__ import annotations

import typer

from wincook.cli.options import JsonOption, PointsOption, TileArgument, answer
from wincook.construct import algorithm
from wincook.report.plain import plain_proof


def verify(tile: TileArgument, points: PointsOption = None, as_json: JsonOption = False) -> None:
    """Prove, in exact arithmetic, that the matrices of F(m,r) on the given points are a convolution.

    Example: wincook verify "F(20,3)"
    """
    proof = algorithm(tile, points).verify()
    answer(as_json, plain_proof(proof), str(proof))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(verify)
