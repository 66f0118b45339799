"""`wincook verify`: the proof of an algorithm, or the verdict on anybody's matrices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.options import BasisOption, GaugeOption, JsonOption, PointsOption, answer, read_algorithm
from wincook.construct.foreign import load
from wincook.judge import judge
from wincook.report.plain import plain_proof, plain_verdict
from wincook.report.tables import verdict_text


def verify(
    subject: Annotated[
        str,
        typer.Argument(help="F(m,r), quoted; or a .json or .npz file with matrices AT, G, BT.", metavar="TILE|FILE"),
    ],
    points: PointsOption = None,
    gauge: GaugeOption = None,
    basis: BasisOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove, in exact arithmetic, that matrices are a convolution; exits with 1 if they are not.

    Example: wincook verify "F(20,3)"; or, for matrices of your own: wincook verify matrices.json
    """
    if Path(subject).suffix not in {".json", ".npz"}:
        proof = read_algorithm(subject, points, gauge, basis).verify()
        answer(as_json, plain_proof(proof), str(proof))
        return
    axes = load(subject).axes
    verdicts = [judge(axis) for axis in axes]
    named = list(zip(axes, verdicts, strict=True))
    answer(as_json, [plain_verdict(*one) for one in named], "\n".join(verdict_text(*one) for one in named))
    if any(verdict.kind is None for verdict in verdicts):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(verify)
