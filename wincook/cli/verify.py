"""`wincook verify`: the proof of an algorithm, or the verdict on anybody's matrices."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from rich.text import Text

from wincook.cli.choice import Choice, with_choice
from wincook.cli.options import JsonOption, answer
from wincook.construct.foreign import read
from wincook.judge import judge
from wincook.report.plain import plain_proof, plain_verdict
from wincook.report.tables import verdict_text

_TILE = re.compile(r"\s*[Ff]\s*\(")


def verify(
    subjects: Annotated[
        list[str],
        typer.Argument(
            help="F(m,r), quoted; or files with matrices AT, G, BT: JSON, npz, CSV, or C or Python source.",
            metavar="TILE|FILE...",
        ),
    ],
    choice: Choice,
    as_json: JsonOption = False,
) -> None:
    """Prove, in exact arithmetic, that matrices are a convolution; exits with 1 if they are not.

    Example: wincook verify "F(20,3)"; or, for matrices from elsewhere: wincook verify winograd.h matrices.json
    """
    data: list[dict[str, Any]] = []
    lines: list[str] = []
    for subject in subjects:
        if _TILE.match(subject):
            proof = choice.algorithm(subject).verify()
            data.append(plain_proof(proof))
            lines.append(str(proof))
            continue
        prefix = f"{subject}: " if len(subjects) > 1 else ""
        for reading in read(subject):
            verdict = judge(reading.axis)
            data.append({"file": subject, **plain_verdict(reading, verdict)})
            lines.append(prefix + verdict_text(reading, verdict))
    only_tile = len(subjects) == 1 and "proven" in data[0]
    answer(as_json, data[0] if only_tile else data, Text("\n".join(lines)))
    if any(one.get("wrong") for one in data):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(verify))
