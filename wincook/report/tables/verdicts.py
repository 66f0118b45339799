"""Proofs and verdicts on matrices, a line for each."""

from __future__ import annotations

from collections.abc import Iterable

from wincook.bilinear import BilinearAlgorithm, Proof
from wincook.interchange.read.sets.reading import Reading
from wincook.judge import Verdict
from wincook.report.table import Table, number, table, words


def verdicts_table(
    proofs: Iterable[tuple[BilinearAlgorithm, Proof]], verdicts: Iterable[tuple[str, Reading, Verdict]]
) -> Table:
    """Algorithms that were proven, then matrices that were judged, by the name of their file."""
    proven = [
        ("", str(proof.tile), algorithm.kind, proof.multiplications, proof.identities, 0) for algorithm, proof in proofs
    ]
    judged = [
        (name, str(verdict.tile), verdict.kind, reading.axis.multiplications, verdict.sums, len(verdict.wrong))
        for name, reading, verdict in verdicts
    ]
    columns = [words("file"), words("tile"), words("kind")]
    columns += [number(name, "d") for name in ("multiplications", "sums", "wrong")]
    return table("verdicts", "Verdicts", columns, [*proven, *judged])
