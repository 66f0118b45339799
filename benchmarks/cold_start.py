"""Points from a cold start against the published ones: python benchmarks/cold_start.py --help.

For each m a search finds points for F(m×m,3×3) with no set given, by the predicted mean |error| of one channel of
uniform data in float32. Its winner and the set of Barabasz et al. (ACM TOMS 46 (2020)) are then measured on the same
data, through the programs that run, and in the order that the paper sums in.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from wincook.analysis.measurement.measure import measure
from wincook.construct import algorithm
from wincook.program.style import BALANCED, Style
from wincook.reproduce.barabasz2020 import published_rows
from wincook.reproduce.mean_error import HUFFMAN, MeanError, mean_error
from wincook.search.search import Search
from wincook.search.strategies.descent import descent
from wincook.search.sweep import Scored, best_of
from wincook.search.winner import winners

SAMPLES = {9: 2000, 12: 1000}  # from this m on, fewer than 5000
_CONFIDENT = 1.96


def sought(tile: str, seconds: float, seed: int, family: str, height: int) -> tuple[str, int]:
    """The best set of a search of so many seconds, and how many sets were evaluated."""
    search = Search.of(tile, objective="mean", family=family, height=height, seed=seed)
    best, evaluations, number, start = tuple[Scored, ...](), 0, 0, time.monotonic()
    while time.monotonic() - start < seconds:
        sweep = descent(search, number)
        best, evaluations, number = best_of((*best, *sweep.best)), evaluations + sweep.evaluations, number + 1
    return winners(search, best, 1)[0].points, evaluations


def gain(published: MeanError, found: MeanError) -> str:
    """The share that is taken off, and its 95 % interval."""
    ratio = found.mean / published.mean
    spread = _CONFIDENT * ratio * (published.noise**2 + found.noise**2) ** 0.5
    return f"{100 * (1 - ratio):.1f} ± {100 * spread:.1f} %"


def row(m: int, seconds: float, seed: int, family: str, height: int) -> str:
    """A line of the table."""
    tile = f"F({m}x{m},3x3)"
    points, evaluations = sought(tile, seconds, seed, family, height)
    published = next(entry.points[1] for entry in published_rows() if entry.m == m)
    samples = next((number for least, number in sorted(SAMPLES.items(), reverse=True) if m >= least), 5000)
    ours, theirs = algorithm(tile, points), algorithm(tile, published)

    def errors(style: Style) -> tuple[MeanError, MeanError]:
        return mean_error(theirs, samples, 1, style), mean_error(ours, samples, 1, style)

    own, paper = errors(BALANCED), errors(HUFFMAN)
    rms = [measure(chosen, samples=samples, seed=1).relative_rms for chosen in (theirs, ours)]
    return (
        f"| {m} | {points} | {own[0].mean:.3g} | {own[1].mean:.3g} | {gain(*own)} | {gain(*paper)} | "
        f"{100 * (1 - rms[1] / rms[0]):.1f} % | {samples} | {evaluations:.2g} |"
    )


def main() -> None:
    """Print the table, a row as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="of each search")
    parser.add_argument("--seed", type=int, default=0, help="of the searches")
    parser.add_argument("--family", default="free", help="of points: free, pairs or reciprocals")
    parser.add_argument("--height", type=int, default=12, help="of numerators and denominators")
    parser.add_argument("--jobs", type=int, default=2, help="rows at once")
    parser.add_argument("m", nargs="*", type=int, default=[*range(2, 17)], help="default: 2 to 16")
    options = parser.parse_args()
    print("| m | points | published | found | mean less | in Huffman order | RMS less | runs | sets |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        of_m = partial(row, seconds=options.seconds, seed=options.seed, family=options.family, height=options.height)
        for line in pool.map(of_m, options.m):
            print(line, flush=True)


if __name__ == "__main__":
    main()
