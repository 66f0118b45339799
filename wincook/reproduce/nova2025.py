"""NOVA 2025 (arXiv 2512.18453): points by the condition number of a Vandermonde matrix.

Its figures are κ₂ of the square Vandermonde matrix of the finite points, without ∞; in two dimensions the square. They
are exact, and say nothing about errors: see `rank` and `field`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations

import numpy as np

from wincook.analysis.conditioning.condition import condition
from wincook.analysis.conditioning.vandermonde import vandermonde
from wincook.arguments import whole_number
from wincook.construct import algorithm
from wincook.points import Points
from wincook.reproduce import barabasz2020
from wincook.reproduce.finding import Finding, Progress, Reproduction, published, silent
from wincook.reproduce.mean_error import MeanError, mean_error
from wincook.reproduce.rank import MEASURES, PLANE, SAMPLES, SETS, rank_study

KEY = "nova2025"
COMPARED = 8  # m of the tile whose sets are compared
_LARGEST_DENOMINATOR, _LEAST_POINT, _LARGEST_POINT = 10, Fraction(1, 4), Fraction(5, 4)
_DEFINITION = (
    "κ₂ of the square Vandermonde matrix of the finite points, exact up to the last step; errors in the table of sets: "
    "mean |float32 - float64| as in barabasz2020; in the ranking: RMS in float32, uniform(-1, 1), one channel"
)


@dataclass(frozen=True, slots=True)
class NamedSet:
    """A set of points for F(8,3) with its κ₂ without ∞ and its mean error in two dimensions."""

    name: str
    points: str
    kappa: float
    error: MeanError


@dataclass(frozen=True, slots=True)
class NamedSets:
    """Sets by name, for comparison."""

    sets: tuple[NamedSet, ...]
    samples: int
    seed: int


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A set for F(m,3), the integers it is compared with, and what is said of κ₂.

    `figures` are as printed: `kappa_baseline` of the integers, `kappa` of the set, and by how much less that is,
    `ratio_1d` and `ratio_2d`. A `note` says why one may be off.
    """

    m: int
    baseline: str
    points: str
    figures: dict[str, str]
    note: str = ""


@cache
def published_rows() -> tuple[PublishedRow, ...]:
    """The published sets, by m."""
    return tuple(PublishedRow(**row) for row in published(KEY)["rows"])


def kappa_finite(points: str) -> float:
    """κ₂ of the Vandermonde matrix of the finite points.

    >>> f"{kappa_finite('0, ±2/5, ±5/6, ±1, ±7/6, ∞'):.4f}"
    '474.1006'
    """
    return condition(vandermonde(Points.parse(points), infinity=False)).kappa_2


@cache
def best_symmetric_set() -> str:
    """The set 0, ±a, ±b, ±c, ±d, ∞ of least κ₂ without ∞: denominators up to 10, points from 1/4 to 5/4."""
    all_fractions = {Fraction(p, q) for q in range(1, _LARGEST_DENOMINATOR + 1) for p in range(1, 2 * q)}
    fractions = sorted(value for value in all_fractions if _LEAST_POINT <= value <= _LARGEST_POINT)
    sets = np.array(list(combinations(range(len(fractions)), 4)))
    values = np.array(fractions, dtype=float)[sets]
    nodes = np.concatenate([np.zeros((len(sets), 1)), values, -values], axis=1)
    kappas = np.linalg.cond(nodes[:, :, None] ** np.arange(9))
    best = sets[int(np.argmin(kappas))]
    return f"0, {', '.join(f'±{fractions[i]}' for i in best)}, ∞"


def published_row(m: int) -> PublishedRow:
    """What was published of F(m,3)."""
    return next(row for row in published_rows() if row.m == m)


def named_sets(samples: int = SAMPLES, seed: int = 0) -> NamedSets:
    """NOVA's set for F(8,3), the integers it starts from, the best of a brute force, and Barabasz's.

    Raises:
        ShapeError: no samples.
    """
    samples, seed = whole_number("samples", samples), whole_number("seed", seed, 0, None)
    row = published_row(COMPARED)
    barabasz = next(row.points[1] for row in barabasz2020.published_rows() if row.m == COMPARED)
    sets = {
        "small integers": row.baseline,
        "NOVA": row.points,
        "brute force, least κ₂": best_symmetric_set(),
        "Barabasz 2020": barabasz,
    }
    return NamedSets(
        tuple(
            NamedSet(name, points, kappa_finite(points), mean_error(algorithm(PLANE, points), samples, seed))
            for name, points in sets.items()
        ),
        samples,
        seed,
    )


def kappas() -> tuple[Finding, ...]:
    """Everything that was published of κ₂, and the least κ₂ of a brute force beside that of NOVA's set."""
    brute, printed = best_symmetric_set(), float(published_row(COMPARED).figures["kappa"])
    least = Finding(f"κ₂ of {_finite(brute)}", printed, kappa_finite(brute), 0.0, less_is_better=True)
    return (*(finding for row in published_rows() for finding in _findings(row)), least)


def reproduce(samples: int = SAMPLES, seed: int = 0, progress: Progress = silent) -> Reproduction:
    """The condition numbers, the errors of the sets, and the ranking of random sets."""
    progress("condition numbers")
    compared = named_sets(samples, seed)
    _, nova, _, barabasz = compared.sets
    findings = kappas()
    progress("random sets", Reproduction(KEY, _DEFINITION, findings, samples, seed, (compared,)))
    study = rank_study(SETS, samples, seed, progress)
    rho = {name: study.correlation(name) for name in MEASURES}
    of_points = (
        f"The set of NOVA has {nova.error.mean / barabasz.error.mean:.1f} times the error of Barabasz's in 2-D, whose "
        f"κ₂ is {barabasz.kappa / nova.kappa:.2g} times as large."
    )
    of_ranks = (
        f"Over random sets, the rank correlation of errors is {rho['kappa_finite']:.2f} with κ₂ without ∞, and "
        f"{rho['predicted']:.3f} with the prediction of wincook."
    )
    return Reproduction(KEY, _DEFINITION, findings, samples, seed, (compared, study), (of_points, of_ranks))


def _findings(row: PublishedRow) -> Iterator[Finding]:
    """Each figure, to be reached within half a unit of its last digit."""
    baseline, kappa = kappa_finite(row.baseline), kappa_finite(row.points)
    obtained = {
        "kappa_baseline": (f"κ₂ of {_finite(row.baseline)}", baseline),
        "kappa": (f"κ₂ of {_finite(row.points)}", kappa),
        "ratio_1d": (f"F({row.m},3): ratio in 1-D", baseline / kappa),
        "ratio_2d": (f"F({row.m},3): ratio in 2-D", (baseline / kappa) ** 2),
    }
    for name, printed in row.figures.items():
        what, number = obtained[name]
        unit = 10.0 ** int(Decimal(printed).as_tuple().exponent)
        yield Finding(what, float(printed), number, unit / 2 / float(printed), note=row.note)


def _finite(points: str) -> str:
    return points.removesuffix(", ∞")
