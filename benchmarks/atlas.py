"""Fills the atlas: makes an entry of each set of points that a search found, and writes them into the package.

    python benchmarks/atlas.py [WINNERS] [--to FILE]
    python benchmarks/atlas.py --renew [--to FILE]

WINNERS is a file of lines in JSON, one per set: `tile`, `format`, `extra` and `points`; if wanted `conditions`,
`published`, `samples` and `seed`, as `wincook.search.atlas_entry.make_entry` takes them, and `origin`, `limit` and
`proven`, as an entry has them (`conditions`, `origin` and `proven` are mappings of their fields). Without a file the
published sets are entered, for r = 2..7 and up to 18 points, in one dimension and two. What was measured of the same
points under the same conditions is not measured again, so that a run that was stopped goes on where it ended; unless
the programs have changed since. With --renew that is looked at for all entries of the file.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import wincook
from wincook.atlas import Conditions, Entry, Origin, Proven, read_atlas, write_atlas
from wincook.search.atlas_entry import SAMPLES, is_current, make_entry, published_sets
from wincook.tile import Tile

ATLAS = Path(wincook.__file__).parent / "atlas" / "atlas.json"
PARTS = {"conditions": Conditions, "origin": Origin, "proven": Proven}
TAPS, MOST_POINTS = range(2, 8), 18
SAVED_EVERY = 60.0  # seconds


def main() -> None:
    """Fill the file that the command line names."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("winners", nargs="?", type=Path, help="lines of JSON; without it, the published sets")
    parser.add_argument("--to", type=Path, default=ATLAS, help="the file of entries")
    parser.add_argument("--renew", action="store_true", help="make the entries anew whose programs have changed")
    options = parser.parse_args()
    if options.renew:
        fill(options.to, map(winner_of, read_atlas(options.to)))
    else:
        fill(options.to, published_winners() if options.winners is None else winners_of(options.winners))


def fill(path: Path, winners: Iterable[dict[str, Any]]) -> None:
    """Make the entries that are missing; the file is saved now and then, and at the end, however it comes."""
    entries = {entry.key: entry for entry in read_atlas(path)} if path.exists() else {}
    saved = time.monotonic()
    try:
        for winner in winners:
            said = {name: winner.pop(name, None) for name in ("origin", "limit", "proven")}
            entry = next((entry for entry in entries.values() if is_as_asked(entry, winner)), None)
            if entry is None or not is_current(entry):
                entry = make_entry(**winner)
                print(entry, flush=True)
            entries[entry.key] = replace(entry, **said)
            if time.monotonic() - saved > SAVED_EVERY:
                write_atlas(path, entries.values())
                saved = time.monotonic()
    finally:
        write_atlas(path, entries.values())
    print(f"{len(entries)} entries, {path.stat().st_size:,} bytes", file=sys.stderr)


def is_as_asked(entry: Entry, winner: dict[str, Any]) -> bool:
    """Whether an entry is of the points that a line gives, under its conditions."""
    asked = {name: winner[name] for name in ("format", "extra", "points")}
    asked |= {"conditions": Conditions(), "samples": SAMPLES, "seed": 0}
    asked |= {name: winner[name] for name in asked if name in winner}
    same = all(getattr(entry, name) == value for name, value in asked.items())
    return same and entry.tile == Tile.of(winner["tile"])


def winner_of(entry: Entry) -> dict[str, Any]:
    """The line that gives an entry."""
    published = entry.published
    return {
        field.name: getattr(entry, field.name) for field in fields(entry) if field.name not in {"counts", "errors"}
    } | {"published": [] if published is None else [(published.points, published.source)]}


def winners_of(path: Path) -> Iterator[dict[str, Any]]:
    """The arguments of `make_entry` on each line of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            winner = json.loads(line)
            yield winner | {name: kind(**winner[name]) for name, kind in PARTS.items() if winner.get(name)}


def published_winners() -> Iterator[dict[str, Any]]:
    """The published sets as they would have been found."""
    for dimension in (1, 2):
        for r in TAPS:
            for m in range(2, MOST_POINTS + 2 - r):
                tile = Tile((m,) * dimension, (r,) * dimension)
                (points, _), *_ = published_sets(tile)
                yield {"tile": str(tile), "format": "float32", "extra": 0, "points": points}


if __name__ == "__main__":
    main()
