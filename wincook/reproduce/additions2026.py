"""Numaro 2026: the additions of the transforms after minimisation, against those of the programs of wincook.

Additions, subtractions and fmas of all three transforms of one tile; multiplications by constants are free
(docs/programs.md). In two dimensions all axes are one program.
"""

from __future__ import annotations

from wincook.construct import algorithm
from wincook.program.flat import flat_programs
from wincook.program.programs import additions, programs_of
from wincook.program.style import FEWEST_ADDITIONS
from wincook.reproduce.finding import Finding, Progress, Reproduction, published, silent

KEY = "additions2026"
_DEFINITION = (
    "additions, subtractions and fmas of the filter, input and output transforms of one tile; multiplications by "
    "constants are not counted; every program is proven"
)


def fewest_additions(tile: str, points: str) -> int:
    """The fewest additions that the programs of wincook take, nested or flat.

    >>> fewest_additions("F(4,3)", "0, ±1, ±2, ∞")
    27
    """
    built = algorithm(tile, points)
    nested = additions(programs_of(built, FEWEST_ADDITIONS)).total
    return nested if built.tile.dimension == 1 else min(nested, additions(flat_programs(built)).total)


def reproduce(progress: Progress = silent) -> Reproduction:
    """The counts."""
    findings: list[Finding] = []
    for row in published(KEY)["rows"]:
        progress(row["tile"], Reproduction(KEY, _DEFINITION, tuple(findings)))
        count = fewest_additions(row["tile"], row["points"])
        findings.append(Finding(row["tile"], row["additions"], count, 0.0, less_is_better=True))
    return Reproduction(KEY, _DEFINITION, tuple(findings))
