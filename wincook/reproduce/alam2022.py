"""Alam, Anderson, Barabasz, Gregg 2022: points in groups -1/c, -c, c, 1/c, with c swept over fractions.

F(m,3) takes 0, ∞ and m points more: groups, of which the last lacks -1/c if m is odd, and ±1 where m is 1 or 2 modulo
4. Every c, or pair of c, is ranked by the amplification of errors (`rank`); of the best few the mean errors are
measured, and the best of these is measured once more on other data, beside the points of Barabasz 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations

from wincook.arguments import whole_number
from wincook.construct import algorithm
from wincook.reproduce.barabasz2020 import published_rows, tile_of
from wincook.reproduce.finding import Finding, Progress, Reproduction, published, silent
from wincook.reproduce.mean_error import MeanError, mean_error
from wincook.reproduce.rank import amplification

KEY, SAMPLES = "alam2022", 2000
OUTPUTS = range(4, 11)  # m
_GROUP = 4
_LARGEST_DENOMINATOR = {1: 16, 2: 10}  # of c, by the number of them
_LEAST = Fraction(1, 5)
_MEASURED = 8  # of each family
_TOLERANCE = 0.05
_NOTE = "the tiles, and the sets that this compares with, are in tables that were not available"
_DEFINITION = (
    "mean |float32 - float64| as in barabasz2020, for the best c found, over that for the points of Barabasz 2020, the "
    "best published before; F(m,3), m = 4..10, in 1-D and 2-D"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One choice of c in a family, its points, and its RMS amplification in one dimension."""

    c: tuple[Fraction, ...]
    points: str
    amplification: float


@dataclass(frozen=True, slots=True)
class Family:
    """All candidates for F(m,3), the best first."""

    m: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Winner:
    """The best of a family in so many dimensions, and the error of Barabasz's points on the same data."""

    m: int
    dimension: int
    candidate: Candidate
    error: MeanError
    reference: MeanError

    @property
    def improvement(self) -> float:
        """By how much the error is lower, as a part of the reference."""
        return 1 - self.error.mean / self.reference.mean


@dataclass(frozen=True, slots=True)
class FamilySweep:
    """The winners by m, first in one dimension, then in two, and the families they come from."""

    winners: tuple[Winner, ...]
    families: tuple[Family, ...]
    samples: int
    seed: int


def family_points(m: int, c: tuple[Fraction, ...]) -> str:
    """The points of F(m,3) in text.

    >>> family_points(6, (Fraction(1, 2),)), family_points(7, (Fraction(1, 2), Fraction(3, 4)))
    ('0, ±1/2, ±2, ±1, ∞', '0, ±1/2, ±2, ±3/4, 4/3, ∞')
    """
    items = [text for value in c for text in (f"±{value}", f"±{1 / value}")]
    if m % 2:
        items[-1] = items[-1].removeprefix("±")
    if _has_ones(m):
        items.append("±1")
    return ", ".join(["0", *items, "∞"])


def family(m: int) -> Family:
    """Every candidate for F(m,3), ranked."""
    others = 2 if _has_ones(m) else 0
    count = (m + m % 2 - others) // _GROUP
    q = _LARGEST_DENOMINATOR[count]
    values = sorted({Fraction(a, b) for b in range(2, q + 1) for a in range(1, b) if Fraction(a, b) >= _LEAST})
    choose = permutations if m % 2 else combinations  # the last group differs from the others
    candidates = []
    for c in choose(values, count):
        points = family_points(m, c)
        candidates.append(Candidate(c, points, amplification(algorithm(tile_of(m, 1), points))))
    return Family(m, tuple(sorted(candidates, key=lambda candidate: candidate.amplification)))


def _has_ones(m: int) -> bool:
    return m % _GROUP in {1, 2}


def sweep(outputs: range = OUTPUTS, samples: int = SAMPLES, seed: int = 0, progress: Progress = silent) -> FamilySweep:
    """The best of each family, measured.

    Raises:
        ShapeError: no samples.
    """
    samples, seed = whole_number("samples", samples), whole_number("seed", seed, 0, None)
    families = []
    for m in outputs:
        progress(f"all c for F({m},3)")
        families.append(family(m))
    winners: list[Winner] = []
    for dimension in (1, 2):
        for ranked in families:
            so_far = FamilySweep(tuple(winners), tuple(families), samples, seed)
            progress(f"F({ranked.m},3) in {dimension}-D", Reproduction(KEY, _DEFINITION, (), samples, seed, (so_far,)))
            winners.append(_winner(ranked, dimension, samples, seed))
    return FamilySweep(tuple(winners), tuple(families), samples, seed)


def reproduce(samples: int = SAMPLES, seed: int = 0, progress: Progress = silent) -> Reproduction:
    """The sweep, and the extremes of its gains beside the published ones."""
    swept = sweep(OUTPUTS, samples, seed, progress)
    ratios = [1 - winner.improvement for winner in swept.winners]
    facts = published(KEY)
    findings = tuple(
        Finding(f"error over that of Barabasz 2020, {name}", 1 - percent / 100, ratio, _TOLERANCE, 0.0, _NOTE)
        for name, percent, ratio in (
            ("where least is gained", facts["least_percent"], max(ratios)),
            ("where most is gained", facts["most_percent"], min(ratios)),
        )
    )
    remark = f"{sum(ratio < 1 for ratio in ratios)} of {len(ratios)} sets have less error than those of Barabasz 2020."
    return Reproduction(KEY, _DEFINITION, findings, samples, seed, (swept,), (remark,))


def _winner(ranked: Family, dimension: int, samples: int, seed: int) -> Winner:
    tile = tile_of(ranked.m, dimension)
    algorithms = {candidate: algorithm(tile, candidate.points) for candidate in ranked.candidates[:_MEASURED]}
    best = min(algorithms, key=lambda candidate: mean_error(algorithms[candidate], samples, 2 * seed).mean)
    reference = next(row.points[dimension - 1] for row in published_rows() if row.m == ranked.m)
    return Winner(
        ranked.m,
        dimension,
        best,
        mean_error(algorithms[best], samples, 2 * seed + 1),
        mean_error(algorithm(tile, reference), samples, 2 * seed + 1),
    )
