"""Predicted against measured RMS errors, over random algorithms, formats, dimensions, channels and laws.

    python benchmarks/predict.py [--groups 30] [--algorithms 10] [--seed 0]

A group has one tile, F(m,r) along every axis, one number of channels and one law; its algorithms stand on random
points, a third of them with a polynomial factor, and are ranked by either error. The tables tell how many predictions
are within 0.9 to 1.1 of the measurement, and how well the ranks agree.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.stats import spearmanr

import wincook as wc
from wincook.analysis.data.distributions import LAWS, Law
from wincook.analysis.measurement.measure import measure
from wincook.analysis.prediction.predict import Prediction, predict
from wincook.bilinear import BilinearAlgorithm
from wincook.errors import FormatError

FORMATS = ("float32", "bfloat16", "float16")
FACTORS = ("x^2+1", "x^2+x+1", "x^2-x+1", "x^2+2", "x^2+1/2", "x^4+1")
HEIGHT = 5
LONGEST = {1: 18, 2: 12, 3: 7}  # inputs along an axis, by dimension
FILTERS = 3000  # in one measurement: the outputs of a tile share theirs, and are wrong together
OUTPUTS = 5000
NUMBERS = 4_000_000  # in one measurement


@dataclass(frozen=True, slots=True)
class Group:
    """What the algorithms of one group share."""

    m: int
    r: int
    dimension: int
    channels: int
    law: Law
    samples: int

    @property
    def tile(self) -> str:
        """In the notation of tiles."""
        sizes = ("x".join([str(size)] * self.dimension) for size in (self.m, self.r))
        return f"F({','.join(sizes)})"


@dataclass(frozen=True, slots=True)
class Case:
    """One algorithm in one format, predicted and measured."""

    group: Group
    algorithm: BilinearAlgorithm
    format: str
    predicted: Prediction
    measured: float
    overflows: int

    @property
    def ratio(self) -> float:
        """Predicted over measured."""
        return self.predicted.rms / self.measured


def random_group(rng: np.random.Generator) -> Group:
    """A tile, and as many channels as can be measured."""
    dimension = int(rng.integers(1, 4))
    while True:
        m, r = int(rng.integers(1, 13)), int(rng.integers(2, 8))
        if m + r > 4 and m + r <= LONGEST[dimension] + 1:
            break
    inputs = (m + r - 1) ** dimension
    most = min(512, NUMBERS // (300 * inputs))
    channels = int(2 ** rng.uniform(0, np.log2(most + 1)))
    samples = max(300, FILTERS // channels, min(OUTPUTS // m**dimension, NUMBERS // (channels * inputs)))
    return Group(m, r, dimension, channels, list(LAWS.values())[rng.integers(len(LAWS))], samples)


def random_points(rng: np.random.Generator, degree: int) -> str:
    """∞, often 0, perhaps a factor, then pairs or single fractions, small ones preferred."""
    points, left = ["∞"], degree - 1
    factor = FACTORS[rng.integers(len(FACTORS))]
    if rng.random() < 1 / 3 and int(factor[2]) < left:
        points, left = [*points, factor], left - int(factor[2])
    if rng.random() < 0.85:
        points, left = [*points, "0"], left - 1
    fractions = {Fraction(p, q) for p in range(1, HEIGHT + 1) for q in range(1, HEIGHT + 1)}
    ranked = sorted(fractions, key=lambda value: max(value.numerator, value.denominator) * rng.random())
    paired = rng.random() < 0.7
    for value in ranked:
        if left >= 2 and paired:
            points, left = [*points, f"±{value}"], left - 2
        elif left:
            points, left = [*points, f"{rng.choice(['', '-'])}{value}"], left - 1
    return ", ".join(points)


def cases(seed: int, groups: int, algorithms: int) -> Iterator[Case]:
    """All cases, group by group."""
    rng = np.random.default_rng(seed)
    for _ in range(groups):
        group = random_group(rng)
        for number in range(algorithms):
            algorithm = wc.algorithm(group.tile, random_points(rng, group.m + group.r - 1))
            for name in FORMATS:
                try:
                    found = measure(algorithm, name, group.channels, group.law, samples=group.samples, seed=number)
                except FormatError:
                    continue  # a constant too large for float16
                predicted = predict(algorithm, name, group.channels, group.law)
                yield Case(group, algorithm, name, predicted, found.rms, found.overflows)


def agreement(found: list[Case]) -> None:
    """Print how many are within 0.9 to 1.1, by format and dimension, and those without caveats apart."""
    print(f"{'format':9} {'D':>2} {'cases':>6} {'within':>8} {'no caveat':>10} {'within':>8}   1 % .. median .. 99 %")
    kinds = defaultdict(list)
    for case in found:
        kinds[case.format, case.group.dimension].append(case)
    for (name, dimension), members in sorted(kinds.items()):
        ratios = np.array([case.ratio for case in members])
        plain = np.array([case.ratio for case in members if not case.predicted.caveats])
        shares = [np.mean((some > 0.9) & (some < 1.1)) if len(some) else np.nan for some in (ratios, plain)]
        low, median, high = np.quantile(plain, [0.01, 0.5, 0.99]) if len(plain) else (np.nan,) * 3
        print(
            f"{name:9} {dimension:2} {len(ratios):6} {shares[0]:8.1%} {len(plain):10} {shares[1]:8.1%}   "
            f"{low:.3f} .. {median:.3f} .. {high:.3f}"
        )


def ranks(found: list[Case]) -> None:
    """Print the rank correlation of each group and format, over cases that did not overflow."""
    kinds = defaultdict(list)
    for case in found:
        if not case.overflows:
            kinds[case.group, case.format].append(case)
    for group in dict.fromkeys(case.group for case in found):
        words = []
        for name in FORMATS:
            members = kinds[group, name]
            if len(members) > 4:
                rho = spearmanr([case.predicted.rms for case in members], [case.measured for case in members])
                words.append(f"{name} {rho.statistic:.3f} ({len(members)})")
        print(f"{group.tile:16} C = {group.channels:3} {group.law.name:8} {', '.join(words)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--groups", type=int, default=30)
    parser.add_argument("--algorithms", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    found = list(cases(arguments.seed, arguments.groups, arguments.algorithms))
    agreement(found)
    print()
    ranks(found)
    print("\nfurthest off without a caveat:")
    plain = [case for case in found if not case.predicted.caveats]
    for case in sorted(plain, key=lambda case: -abs(np.log(case.ratio)))[:10]:
        print(
            f"{case.ratio:.3f} {case.algorithm.name}, C = {case.group.channels}, {case.group.law.name}, {case.format}"
        )


if __name__ == "__main__":
    main()
