"""`wincook verify`: the proof of an algorithm, or the verdict on anybody's matrices."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from wincook.cli.algorithms import (
    FORMS,
    AlgorithmOptions,
    AtOption,
    BasisOption,
    BlocksOption,
    DimensionOption,
    FormOption,
    GaugeOption,
    JointOption,
    PointsOption,
    PrimeOption,
)
from wincook.cli.answer import AsOption, JsonOption, Output
from wincook.cli.options import NoLimitOption, VerboseOption
from wincook.cli.watch import watching
from wincook.errors import NotationError, escaped
from wincook.interchange.read.examine import examine
from wincook.interchange.read.sets.reading import Reading
from wincook.judge import Verdict, judge
from wincook.report.data.plain.verdict import plain_examined, plain_proof
from wincook.report.tables.verdicts import verdicts_table
from wincook.report.terminal.verdict import examined_text
from wincook.tile import Tile

_BEGINS_AS_TILE = re.compile(r"\s*[Ff]\s*\(")


def verify(
    context: typer.Context,
    subjects: Annotated[
        list[str],
        typer.Argument(
            help="F(m,r), quoted; or files with matrices AT, G, BT in source text, documents, notebooks, JSON, CSV, "
            "npz or npy; - reads standard input. Files that hold one matrix each are taken together.",
            metavar="TILE|FILE...",
        ),
    ],
    points: PointsOption = None,
    at: AtOption = None,
    joint: JointOption = False,
    blocks: BlocksOption = None,
    prime: PrimeOption = None,
    form: FormOption = "correlation",
    gauge: GaugeOption = None,
    basis: BasisOption = None,
    dimension: DimensionOption = None,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Prove, in exact arithmetic, that matrices are a convolution.

    Exits with 1 if they are not, or if something that may belong to them was not understood.

    Example: wincook verify "F(20,3)"; or, for matrices from elsewhere: wincook verify winograd.h matrices.json
    """
    output = Output.of(context, answer, as_json)
    tiles = [subject for subject in subjects if _is_tile(subject)]
    options = AlgorithmOptions(
        points=points,
        at=at,
        joint=joint,
        blocks=blocks,
        prime=prime,
        form=form,
        gauge=gauge,
        basis=basis,
        dimension=dimension,
        forms=FORMS,
    )
    algorithms = options.algorithms(tiles) if tiles else []
    with watching(len(algorithms), "proofs") as watch:
        proofs = watch.each(lambda algorithm: algorithm.verify(), algorithms)
    data: list[dict[str, Any]] = [plain_proof(proof) for proof in proofs]
    lines = [str(proof) for proof in proofs]
    table_rows: list[tuple[str, Reading, Verdict]] = []
    failed = False
    files = [] if watch.interrupted else [subject for subject in subjects if not _is_tile(subject)]
    results = examine(*files)
    for result in results:
        verdicts = [judge(reading.axis) for reading in result.readings]
        data += plain_examined(result, verdicts)
        prefix = f"{escaped(result.name)}: " if len(subjects) > 1 else ""
        lines += [examined_text(result, verdicts, prefix=prefix)] * bool(verdicts)
        table_rows += [(result.name, *judged) for judged in zip(result.readings, verdicts, strict=True)]
        failed |= any(verdict.wrong for verdict in verdicts) or any(item.blocks for item in result.unjudged)
    only_tile = len(subjects) == len(proofs) == 1
    if data:
        table = verdicts_table(zip(algorithms, proofs, strict=False), table_rows)
        output.answer(data[0] if only_tile else data, "\n".join(lines) if output.form == "text" else table)
    watch.finish()
    for result in results:
        if result.error is not None:
            raise result.error
    if failed:
        raise typer.Exit(1)


def _is_tile(subject: str) -> bool:
    """Whether a word is, or is meant to be, F(m,r); all else is the name of a file."""
    if _BEGINS_AS_TILE.match(subject):
        return True
    try:
        Tile.parse(subject)
    except NotationError:
        return False
    return True
