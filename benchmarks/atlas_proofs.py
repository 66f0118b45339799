"""Whether entries of the atlas are the best of all sets up to a height: python benchmarks/atlas_proofs.py LINES.

For the tiles of few points all sets of the height are gone through, with 0 and ∞ or without, points in pairs or alone,
a set and its negative once. Those whose products alone are worse than the entry are left as soon as their matrices show
it. Lines of the file get `proven`, the height and the number of sets; where a set is better, it takes the line.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

import wincook as wc
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.precision import Precision
from wincook.search.objective import objective_of
from wincook.search.search import Search
from wincook.search.sets.space import Space
from wincook.search.strategies.exhaustive import sets_of, tasks_of

HEIGHTS = {3: 12, 4: 8, 5: 6, 6: 6, 7: 5}  # by n = m + r - 1: as many sets as take a minute or so
_SAME = 1e-6  # relative: the rounding of float64 and of models is no gain


def proven(entry: dict[str, Any]) -> tuple[int, int, str | None]:
    """The height, the number of sets, and the best set if it beats the entry."""
    tile, conditions = wc.Tile.parse(entry["tile"]), entry["conditions"]
    degree = tile.inputs[0]
    space = Space(height=HEIGHTS[degree])
    search = Search.of(
        tile, Precision.of(entry["format"]), conditions["channels"], conditions["law"], conditions["objective"]
    )
    search = replace(search, space=space)
    objective = objective_of(search.objectives[0])
    least = float(objective.screen(search.setting, (PointSets.of([entry["points"]]),), inf)[0]) * (1 - _SAME)
    number, better = 0, None
    for form, first in tasks_of(space, degree):
        for near in sets_of(space, form, first):
            values = objective.screen(search.setting, (near.sets(space),), least)
            number += len(values)
            place = int(np.argmin(values))
            if values[place] < least:
                least, better = float(values[place]), space.text(near.candidate(space, place))
    return space.height, number, better


def main() -> None:
    """Prove what is not proven yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=Path, help="the file of lines")
    parser.add_argument("--to", type=Path, required=True, help="where the lines go that are proven")
    options = parser.parse_args()
    done = set()
    if options.to.exists():
        done = {_key(json.loads(line)) for line in options.to.read_text(encoding="utf-8").splitlines()}
    for line in options.lines.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        tile = wc.Tile.parse(entry["tile"])
        if entry["extra"] or tile.inputs[0] not in HEIGHTS or _key(entry) in done or entry["format"] != "float32":
            continue
        start = time.monotonic()
        height, sets, better = proven(entry)
        if better is not None:
            entry |= {"points": better}
        entry["proven"] = {"height": height, "sets": sets}
        with options.to.open("a", encoding="utf-8") as target:
            target.write(json.dumps(entry, ensure_ascii=False) + "\n")
        seconds = time.monotonic() - start
        print(
            f"{entry['tile']}: {sets:,} sets of height {height} in {seconds:.0f} s: {better or 'none better'}",
            flush=True,
        )


def _key(entry: dict[str, Any]) -> tuple[Any, ...]:
    return entry["tile"], entry["format"], entry["extra"], entry["conditions"]["objective"]


if __name__ == "__main__":
    main()
