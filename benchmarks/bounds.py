"""Bounds against the largest errors that samples and adversaries reach, in float32.

    python benchmarks/bounds.py [--outputs 1000000] [--probability 1e-9] [--budget 20000] [--law uniform]

For each case: the rigorous bound, the bound that holds with probability 1 - p, the largest error over that many outputs
of random tiles, and that of the adversary. No error of data within ±1 may exceed the first.
"""

from __future__ import annotations

import argparse
from math import prod
from time import perf_counter

import wincook as wc
from wincook.analysis.bounds.adversary import adversary
from wincook.analysis.bounds.probabilistic import likely_bound
from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.data.distributions import Law
from wincook.analysis.measurement.measure import measure

CASES = [(f"F({m},3)", channels) for m in range(2, 9) for channels in (1, 16)]
CASES += [("F(4x4,3x3)", 64), ("F(6x6,3x3)", 64)]
COLUMNS = "case  C  bound  likely  sampled  adversary  likely/sampled  adversary/bound  ms bound  ms likely"


def main() -> None:
    """Print one row per case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--outputs", type=float, default=1e6)
    parser.add_argument("--probability", type=float, default=1e-9)
    parser.add_argument("--budget", type=int, default=20_000)
    parser.add_argument("--law", default="uniform")
    arguments = parser.parse_args()
    law = Law.of(arguments.law)
    print(COLUMNS)
    for tile, channels in CASES:
        algorithm = wc.algorithm(tile)
        wc.programs_of(algorithm)
        started = perf_counter()
        bound = error_bound(algorithm, "float32", channels)
        bounded = perf_counter()
        likely = likely_bound(algorithm, "float32", channels, law, p=arguments.probability).largest
        found = perf_counter()
        samples = max(1, int(arguments.outputs / prod(algorithm.tile.outputs)))
        sampled = measure(algorithm, "float32", channels, law, samples=samples, seed=0).max
        worst = float(adversary(algorithm, "float32", channels, budget=arguments.budget).error)
        print(
            f"{tile:11} {channels:3} {bound:9.3g} {likely:9.3g} "
            f"{sampled:9.3g} {worst:9.3g} {likely / sampled:6.2f} {worst / bound:6.3f} "
            f"{1e3 * (bounded - started):6.1f} {1e3 * (found - bounded):7.1f}",
            flush=True,
        )
        if worst > bound or (law.name == "uniform" and sampled > bound):  # others have |d| or |g| beyond 1
            raise SystemExit(f"{tile}, C = {channels}: the bound {bound} is exceeded")


if __name__ == "__main__":
    main()
