"""NOVA 2025 (arXiv 2512.18453): points by the condition number of a Vandermonde matrix.

Its figures are κ₂ of the 9 × 9 Vandermonde matrix of the finite points of F(8,3), without ∞; in two dimensions the
square. They are exact, and say nothing about errors: see `rank`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from wincook.analysis.conditioning.condition import condition
from wincook.analysis.conditioning.vandermonde import vandermonde
from wincook.arguments import whole_number
from wincook.construct import algorithm
from wincook.points import Points
from wincook.reproduce.barabasz2020 import published_rows
from wincook.reproduce.finding import Finding, Progress, Reproduction, published, silent
from wincook.reproduce.mean_error import MeanError, mean_error
from wincook.reproduce.rank import MEASURES, PLANE, SAMPLES, SETS, rank_study

KEY = "nova2025"
_FOUR_DIGITS = 5e-5
_OUTPUTS = 8
_LARGEST_DENOMINATOR, _LEAST_POINT, _LARGEST_POINT = 10, Fraction(1, 4), Fraction(5, 4)
_DEFINITION = (
    "κ₂ of the 9 × 9 Vandermonde matrix of the finite points, exact up to the last step; errors in the table of sets: "
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


def kappa_finite(points: str) -> float:
    """κ₂ of the Vandermonde matrix of the finite points.

    >>> f"{kappa_finite('0, ±2/5, ±5/6, ±1, ±7/6, ∞'):.4f}"
    '474.1006'
    """
    return condition(vandermonde(Points.parse(points), infinity=False)).kappa_2


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


def named_sets(samples: int = SAMPLES, seed: int = 0) -> NamedSets:
    """NOVA's set, the integers it starts from, the best of a brute force, and Barabasz's.

    Raises:
        ShapeError: no samples.
    """
    samples, seed = whole_number("samples", samples), whole_number("seed", seed, 0, None)
    facts = published(KEY)
    barabasz = next(row.points[1] for row in published_rows() if row.m == _OUTPUTS)
    sets = {
        "small integers": facts["baseline"],
        "NOVA": facts["points"],
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


def reproduce(samples: int = SAMPLES, seed: int = 0, progress: Progress = silent) -> Reproduction:
    """The condition numbers, the errors of the sets, and the ranking of random sets."""
    facts = published(KEY)
    progress("condition numbers")
    compared = named_sets(samples, seed)
    integers, nova, brute, barabasz = compared.sets
    ratio = integers.kappa / nova.kappa
    findings = (
        Finding("κ₂ of 0, ±1, ±2, ±3, ±4", facts["kappa_baseline"], integers.kappa, _FOUR_DIGITS),
        Finding(f"κ₂ of {nova.points.removesuffix(', ∞')}", facts["kappa"], nova.kappa, _FOUR_DIGITS),
        Finding("ratio in 1-D", facts["ratio_1d"], ratio, _FOUR_DIGITS),
        Finding("ratio in 2-D", facts["ratio_2d"], ratio**2, _FOUR_DIGITS),
        Finding(f"κ₂ of {brute.points.removesuffix(', ∞')}", facts["kappa"], brute.kappa, 0.0, less_is_better=True),
    )
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
