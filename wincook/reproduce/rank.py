"""Which number tells good points from bad: condition numbers, or a prediction of the error?

Random symmetric sets for F(8,3), 0, ±a, ±b, ±c, ±d, ∞ with a, b, c, d fractions of denominators up to 8 between 1/8 and
4, are measured in float32 and two dimensions, and their errors ranked beside the numbers (Spearman's ρ, the
correlation of the ranks). The amplification is √mean_i Σ_k AT[i,k]² ‖G_k‖² ‖BT_k‖² with G_k and BT_k the rows: the RMS
of the output error if each product has an error in proportion to its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log, prod, sqrt
from random import Random

import numpy as np
import sympy

from wincook.analysis.conditioning.condition import condition
from wincook.analysis.conditioning.gauges import gauged_conditions
from wincook.analysis.conditioning.vandermonde import vandermonde
from wincook.analysis.data.distributions import UNIFORM
from wincook.analysis.measurement.measure import measure
from wincook.analysis.prediction.predict import predict
from wincook.arguments import whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.formats import FLOAT32
from wincook.reproduce.finding import Progress, silent

LINE, PLANE = "F(8,3)", "F(8x8,3x3)"
SETS, SAMPLES = 120, 2000
_LEAST_SETS, _LEAST_SAMPLES = 4, 2  # two sets in the better half, two halves of a sample
_LARGEST_DENOMINATOR, _LEAST, _LARGEST = 8, Fraction(1, 8), 4
FRACTIONS = sorted(
    {
        Fraction(p, q)
        for q in range(1, _LARGEST_DENOMINATOR + 1)
        for p in range(1, _LARGEST * q + 1)
        if Fraction(p, q) >= _LEAST
    }
)
MEASURES = {
    "kappa_finite": "κ₂(V) without ∞",
    "kappa_vandermonde": "κ₂(V) with ∞",
    "product_raw": "κ₂(AT) κ₂(G) κ₂(BT)",
    "product_balanced": "the same, rows balanced by powers of two",
    "product_equal": "the same, rows of equal norm",
    "amplification": "RMS amplification",
    "predicted": "predicted error",
}


@dataclass(frozen=True, slots=True)
class RankedSet:
    """One set: the measured RMS error in two dimensions, and what might have foretold it, all but the last in 1-D."""

    points: str
    error: float
    kappa_finite: float
    kappa_vandermonde: float
    product_raw: float
    product_balanced: float
    product_equal: float
    amplification: float
    predicted: float


@dataclass(frozen=True, slots=True)
class RankStudy:
    """All sets; `noise` is the relative standard error of one measured error."""

    sets: tuple[RankedSet, ...]
    noise: float
    samples: int
    seed: int

    def correlation(self, measure: str, *, better_half: bool = False) -> float:
        """Spearman's ρ of one of `MEASURES` with the measured error, over all sets or those of smaller error."""
        chosen = sorted(self.sets, key=lambda ranked: ranked.error)
        chosen = chosen[: len(chosen) // 2] if better_half else chosen
        return spearman([ranked.error for ranked in chosen], [getattr(ranked, measure) for ranked in chosen])


def rank_study(sets: int = SETS, samples: int = SAMPLES, seed: int = 0, progress: Progress = silent) -> RankStudy:
    """Draw sets and measure each, with so many tiles in two independent halves.

    Raises:
        ShapeError: fewer than two samples, or than four sets.
    """
    samples, sets = whole_number("samples", samples, _LEAST_SAMPLES), whole_number("sets", sets, _LEAST_SETS)
    seed = whole_number("seed", seed, 0, None)
    ranked, ratios = [], []
    for number, points in enumerate(random_sets(sets, seed), start=1):
        progress(f"set {number} of {sets}: {points}")
        plane = algorithm(PLANE, points)
        halves = [measure(plane, samples=samples // 2, seed=2 * seed + half).rms for half in (0, 1)]
        ratios.append(log(halves[0] / halves[1]))
        ranked.append(_ranked(plane, points, sqrt(sum(half**2 for half in halves) / 2)))
    return RankStudy(tuple(ranked), sqrt(sum(ratio**2 for ratio in ratios) / len(ratios)) / 2, samples, seed)


def random_sets(number: int, seed: int) -> list[str]:
    """Different symmetric sets in text."""
    rng = Random(seed)
    chosen: dict[tuple[Fraction, ...], None] = {}
    while len(chosen) < number:
        chosen[tuple(sorted(rng.sample(FRACTIONS, 4)))] = None
    return [f"0, {', '.join(f'±{value}' for value in values)}, ∞" for values in chosen]


def amplification(algorithm: BilinearAlgorithm) -> float:
    """The RMS amplification of products' errors, over all axes."""
    per_axis = []
    for axis in algorithm.axes:
        AT, G, BT = (_squares(matrix) for matrix in (axis.AT, axis.G, axis.BT))
        per_axis.append(sqrt(np.mean(AT @ (G.sum(axis=1) * BT.sum(axis=1)))))
    return prod(per_axis)


def spearman(values: Sequence[float], others: Sequence[float]) -> float:
    """The correlation of the ranks of different numbers.

    >>> spearman([1.0, 2.0, 3.0], [10.0, 400.0, 20.0])
    0.5
    """
    ranks = np.array([np.argsort(np.argsort(sequence)) for sequence in (values, others)], dtype=float)
    return round(float(np.corrcoef(ranks)[0, 1]), 12)


def _ranked(plane: BilinearAlgorithm, points: str, error: float) -> RankedSet:
    gauged = gauged_conditions(algorithm(LINE, points))
    (items,) = gauged.algorithm.points
    return RankedSet(
        points=points,
        error=error,
        kappa_finite=condition(vandermonde(items, infinity=False)).kappa_2,
        kappa_vandermonde=condition(vandermonde(items)).kappa_2,
        product_raw=gauged.raw.product.kappa_2,
        product_balanced=gauged.balanced.product.kappa_2,
        product_equal=gauged.equal.product.kappa_2,
        amplification=amplification(gauged.algorithm),
        predicted=predict(plane, FLOAT32, 1, UNIFORM).rms,
    )


def _squares(matrix: sympy.ImmutableMatrix) -> np.ndarray:
    return np.array(matrix.tolist(), dtype=float) ** 2
