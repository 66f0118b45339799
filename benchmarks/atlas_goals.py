"""The searches that fill the atlas: `make atlas`, or python benchmarks/atlas_goals.py winners.jsonl.

One line of JSON for each goal, as `benchmarks/atlas.py` reads it: the tile, the format, the extra products, what the
set was sought for, the points, and the search that found them. Goals that have a line are left out, so that a run that
was cut off goes on where it stopped. Each search is a number of tasks of its own, so that it can be repeated.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import isfinite
from pathlib import Path

import numpy as np

import wincook as wc
from wincook.errors import SearchError
from wincook.quantisation.integers import INTEGERS
from wincook.search.descend import Descent
from wincook.search.search import Search
from wincook.search.strategies import STRATEGIES
from wincook.search.strategies.cmaes import least_real_set
from wincook.search.sweep import Scored, best_of
from wincook.search.winner import winners

DEFAULT = "rms*operations^0.25"  # what the default sets are best by: error, and a little of the transforms' cost
MOST_INPUTS, MOST_INPUTS_WITH_EXTRA = 18, 12
NARROW = {
    "float16": "rms",
    "float16-winograd-domain": "rms",
    "bfloat16-dot": "rms",
}
NARROW_TILES = {3: range(2, 9), 5: range(2, 7)}
OF_KERNELS = ("int8", "int16", "bfloat16-dot")  # formats of products
TILES_OF_KERNELS = {2: range(2, 7), 3: range(2, 7), 5: range(2, 5)}
KINDS = ("default", "narrow", "kernels", "bfloat16", "least")
SAMPLES = {"layers": 8, "nested": 64, "one axis": 400}  # drawn layers, or tiles of 64 channels, of an entry
_REAL_STARTS, _JUDGED = 8, 12  # of integers, whose full model takes a calibration


@dataclass(frozen=True, slots=True)
class Goal:
    """One entry of the atlas to be."""

    tile: str
    format: str
    extra: int
    objective: str
    law: str
    family: str

    @property
    def search(self) -> Search:
        """The search for it."""
        return Search.of(
            self.tile,
            self.format,
            self.channels,
            self.law,
            self.objective,
            extra=self.extra,
            least_extra=self.extra,
            height=12,
            family=self.family,
        )

    @property
    def is_quantised(self) -> bool:
        """Whether its products are of integers, which have scales."""
        return self.format in INTEGERS

    @property
    def channels(self) -> int:
        """C: as many as layers of integers have that are drawn for a prediction, or 64."""
        return 32 if self.is_quantised else 64

    @property
    def samples(self) -> int:
        """How many its entry is measured on."""
        return SAMPLES["layers" if self.is_quantised else "nested" if "x" in self.tile else "one axis"]

    @property
    def conditions(self) -> dict[str, object]:
        """What the entry is the best in."""
        gauge = self.search.gauge or None
        return {"objective": self.objective, "channels": self.channels, "law": self.law, "gauge": gauge}

    @property
    def command(self) -> str:
        """The command that repeats the search."""
        search = self.search
        return (
            f'wincook search "{self.tile}" --format {search.precision} --channels {self.channels} --law {self.law} '
            f'--objective "{self.objective}" --family {self.family} --height 12 --extra {self.extra} '
            f"--least-extra {self.extra} --seed {search.seed}"
        )


def goals(kinds: tuple[str, ...] = KINDS) -> Iterator[Goal]:
    """Those of each kind, few products and small tiles first."""
    for kind in kinds:
        if kind == "narrow":
            yield from _narrow()
        elif kind == "kernels":
            yield from _of_kernels()
        elif kind == "least":
            yield from _wide("float32", "rms", "free")
        else:
            yield from _wide("float32" if kind == "default" else kind, DEFAULT, "pairs")


def _wide(policy: str, objective: str, family: str) -> Iterator[Goal]:
    for n, extra in product(range(3, MOST_INPUTS + 1), range(3)):
        for r in range(2, min(8, n)):  # from n = r + 1 on: F(1,r) is the direct method
            if extra == 0 or n <= MOST_INPUTS_WITH_EXTRA:
                m = n + 1 - r
                for tile in (f"F({m}x{m},{r}x{r})", f"F({m},{r})"):
                    yield Goal(tile, policy, extra, objective, "uniform", family)


def _narrow() -> Iterator[Goal]:
    for extra, (r, outputs) in product(range(3), NARROW_TILES.items()):
        for m, (policy, objective) in product(outputs, NARROW.items()):
            yield Goal(f"F({m}x{m},{r}x{r})", policy, extra, objective, "relu", "pairs")


def _of_kernels() -> Iterator[Goal]:
    for policy, extra, (r, outputs) in product(OF_KERNELS, range(2), TILES_OF_KERNELS.items()):
        for m in outputs:
            for tile in (f"F({m}x{m},{r}x{r})", f"F({m},{r})"):
                yield Goal(tile, policy, extra, DEFAULT, "relu", "pairs")


def tasks_of(goal: Goal) -> int:
    """How many tasks its search has: more for more points."""
    n = wc.Tile.parse(goal.tile).inputs[0]
    return 1 + n // 8 if goal.is_quantised else 2 + n // 5


def limit(search: Search) -> float | None:
    """The least RMS error of real points in the family and format; none of integers, whose screen is no error."""
    if str(search.precision) in INTEGERS:
        return None
    alone = replace(search, objectives=("rms",))
    rngs = [np.random.default_rng([search.seed, number]) for number in range(_REAL_STARTS)]
    least = min(least_real_set(alone, Descent(alone, rng), rng).value for rng in rngs)
    return float(f"{least:.6g}") if isfinite(least) else None


def found(goal: Goal) -> dict[str, object]:
    """The line of a goal."""
    search, best, evaluations = goal.search, tuple[Scored, ...](), 0
    for number in range(tasks_of(goal)):
        sweep = STRATEGIES[search.strategy](search, number)
        if sweep is None:
            break
        best, evaluations = best_of((*best, *sweep.best)), evaluations + sweep.evaluations
    (winner, *_) = winners(search, best[:_JUDGED] if goal.is_quantised else best, 1)
    return {
        "tile": goal.tile,
        "format": goal.format,
        "extra": goal.extra,
        "points": winner.points,
        "conditions": goal.conditions,
        "limit": limit(search),
        "samples": goal.samples,
        "origin": {
            "command": f"{goal.command} --evaluations {evaluations}",
            "strategy": search.strategy,
            "seed": search.seed,
            "evaluations": evaluations,
            "version": wc.__version__,
        },
    }


def main() -> None:
    """Search for what has no line yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=Path, help="the file of lines, which grows")
    parser.add_argument("--kind", choices=KINDS, action="append", help="of goals; default: all")
    parser.add_argument("--part", type=int, default=0, help="of the goals, counted from 0")
    parser.add_argument("--parts", type=int, default=1, help="into which the goals are split, one for each process")
    options = parser.parse_args()
    options.lines.parent.mkdir(parents=True, exist_ok=True)
    done = set()
    if options.lines.exists():
        for line in options.lines.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            done.add((entry["tile"], entry["format"], entry["extra"], entry["conditions"]["objective"]))
    for place, goal in enumerate(goals(tuple(options.kind or KINDS))):
        if place % options.parts != options.part or (goal.tile, goal.format, goal.extra, goal.objective) in done:
            continue
        start = time.monotonic()
        try:
            entry = found(goal)
        except SearchError as error:  # so few points have no room for so many factors
            print(f"{goal.tile} +{goal.extra}: {error}", flush=True)
            continue
        with options.lines.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
        print(
            f"{goal.tile} +{goal.extra} {goal.format}: {entry['points']} ({time.monotonic() - start:.1f} s)", flush=True
        )


if __name__ == "__main__":
    main()
