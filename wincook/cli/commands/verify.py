"""`wincook verify`: the proof of an algorithm, or the verdict on anybody's matrices."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from wincook.cli.choice import Choice, with_choice
from wincook.cli.options import JsonOption
from wincook.cli.output import Form, answer
from wincook.errors import escaped
from wincook.interchange.read.examine import examine
from wincook.judge import judge
from wincook.report.data.plain.verdict import plain_examined, plain_proof
from wincook.report.terminal.verdict import examined_text

_TILE = re.compile(r"\s*[Ff]\s*\(")


def verify(
    subjects: Annotated[
        list[str],
        typer.Argument(
            help="F(m,r), quoted; or files with matrices AT, G, BT in source text, documents, notebooks, JSON, CSV, "
            "npz or npy; - reads standard input. Files that hold one matrix each are taken together.",
            metavar="TILE|FILE...",
        ),
    ],
    choice: Choice,
    as_json: JsonOption = False,
) -> None:
    """Prove, in exact arithmetic, that matrices are a convolution.

    Exits with 1 if they are not, or if something that may belong to them was not understood.

    Example: wincook verify "F(20,3)"; or, for matrices from elsewhere: wincook verify winograd.h matrices.json
    """
    tiles = [subject for subject in subjects if _TILE.match(subject)]
    proofs = [choice.algorithm(tile).verify() for tile in tiles]
    data: list[dict[str, Any]] = [plain_proof(proof) for proof in proofs]
    lines = [str(proof) for proof in proofs]
    failed = False
    results = examine(*(subject for subject in subjects if not _TILE.match(subject)))
    for result in results:
        verdicts = [judge(reading.axis) for reading in result.readings]
        data += plain_examined(result, verdicts)
        prefix = f"{escaped(result.name)}: " if len(subjects) > 1 else ""
        lines += [examined_text(result, verdicts, prefix=prefix)] * bool(verdicts)
        failed |= any(verdict.wrong for verdict in verdicts) or any(item.blocks for item in result.unjudged)
    only_tile = len(subjects) == len(proofs) == 1
    if data:
        answer(Form.of(json=as_json), data[0] if only_tile else data, "\n".join(lines))
    for result in results:
        if result.error is not None:
            raise result.error
    if failed:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(verify))
