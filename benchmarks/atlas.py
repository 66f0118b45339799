"""Fills the atlas: makes an entry of each set of points that a search found, and writes them into the package.

    python benchmarks/atlas.py [WINNERS] [--to FILE] [--samples N] [--workers N]
    python benchmarks/atlas.py --renew [--to FILE]

WINNERS is a file of lines in JSON, one per set: `tile`, `format`, `extra` and `points`; if wanted `conditions`,
`published`, `samples` and `seed`, as `wincook.search.entries.entry.make_entry` takes them, and `origin`, `limit` and
`proven`, as an entry has them (`conditions`, `origin` and `proven` are mappings of their fields). Without a file the
published sets are entered, for r = 2..7 and up to 18 points, in one dimension and two.

Where a published set is predicted to err less, it is entered in place of the set that was found. A set that errs no
less than what the tile would get without it has no entry: see `worth_their_place`. What was measured of
the same points under the same conditions is not measured again, so that a run that was stopped goes on where it ended;
unless the programs have changed since. With --renew that is looked at for all entries of the file.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import wincook
from wincook.atlas import Conditions, Entry, Origin, Proven, read_atlas, write_atlas
from wincook.errors import WincookError
from wincook.precision import Precision
from wincook.search.entries.entry import SAMPLES, is_current, make_entry, published_sets
from wincook.search.entries.figures import predicted_error
from wincook.tile import Tile

ATLAS = Path(wincook.__file__).parent / "atlas" / "atlas.json"
PARTS = {"conditions": Conditions, "origin": Origin, "proven": Proven}
SAID = ("origin", "limit", "proven")  # of points: nothing is measured for it
TAPS, MOST_POINTS = range(2, 8), 18
SHARED = {"bfloat16": "float32", "int16": "int8"}  # have entries where they win over those that they fall back to
SAVED_EVERY = 60.0  # seconds
SAME = 1e-3  # relative: errors that are nearer to each other count as equal

Winner = dict[str, Any]


def main() -> None:
    """Fill the file that the command line names."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("winners", nargs="?", type=Path, help="lines of JSON; without it, the published sets")
    parser.add_argument("--to", type=Path, default=ATLAS, help="the file of entries")
    parser.add_argument("--renew", action="store_true", help="make the entries anew whose programs have changed")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="tiles to measure, where a line gives no number")
    parser.add_argument("--workers", type=int, default=1, help="processes that make entries")
    options = parser.parse_args()
    if options.renew:
        winners: Iterable[Winner] = map(winner_of, read_atlas(options.to))
    elif options.winners is not None:
        winners = winners_of(options.winners)
    else:
        winners = published_winners()
    fill(options.to, [{"samples": options.samples} | winner for winner in winners], options.workers)


def fill(path: Path, winners: list[Winner], workers: int) -> None:
    """Make the entries that are missing; the file is saved now and then, and at the end, however it comes."""
    entries = {entry.key: entry for entry in read_atlas(path)} if path.exists() else {}
    old = [entries.get(key_of(winner)) for winner in winners]
    saved = time.monotonic()
    with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
        try:
            for winner, entry in zip(winners, executor.map(entered, winners, old), strict=True):
                if isinstance(entry, str):
                    print(f"{winner['tile']}: {entry}", file=sys.stderr, flush=True)
                    continue
                if entry != entries.get(entry.key):
                    print(entry, flush=True)
                entries[entry.key] = entry
                if time.monotonic() - saved > SAVED_EVERY:
                    write_atlas(path, worth_their_place(entries.values()))
                    saved = time.monotonic()
        finally:
            executor.shutdown(cancel_futures=True)
            write_atlas(path, worth_their_place(entries.values()))
    print(f"{len(read_atlas(path))} entries, {path.stat().st_size:,} bytes", file=sys.stderr)


def worth_their_place(entries: Iterable[Entry]) -> list[Entry]:
    """Without those that err no less than one of fewer products, the published set, or the set of another format.

    Beside a format that serves where there is no entry, it is the third digit that counts.
    """
    there, kept = [*entries], []
    for entry in there:
        rivals = [
            other.errors.predicted
            for other in there
            if (other.tile, other.format, other.conditions) == (entry.tile, entry.format, entry.conditions)
            and other.extra < entry.extra
        ]
        if entry.extra and entry.published is not None:
            rivals.append(entry.published.errors.predicted)
        rivals += (
            error_of(other.points, entry) * (1 - SAME)
            for other in there
            if SHARED.get(entry.format) == other.format
            if (other.tile, other.extra, other.conditions) == (entry.tile, entry.extra, entry.conditions)
        )
        if all(entry.errors.predicted < error for error in rivals):
            kept.append(entry)
    return kept


def error_of(points: str, entry: Entry) -> float:
    """The error that an entry tells, predicted of other points."""
    algorithm = wincook.algorithm(entry.tile, points)
    return float(f"{predicted_error(algorithm, entry.format, entry.conditions):.6g}")


def entered(winner: Winner, old: Entry | None) -> Entry | str:
    """The entry of a line, the old one if it still holds; or why there is none."""
    try:
        points = best_points(winner)
        said: dict[str, Any] = {name: winner.get(name) for name in SAID}
        if points != winner["points"]:
            said["origin"] = None
        if old is None or not is_as_asked(old, winner, points) or not is_current(old):
            old = make_entry(**{name: value for name, value in winner.items() if name not in SAID} | {"points": points})
    except WincookError as error:
        return str(error)
    return replace(old, **said)


def best_points(winner: Winner) -> str:
    """The points of a line, or those of a published set that takes as many products and errs less."""
    tile, conditions = Tile.of(winner["tile"]), winner.get("conditions", Conditions())
    published = winner.get("published")
    sets = published_sets(tile) if published is None else published
    rivals = [winner["points"]] + [points for points, _ in sets if not winner["extra"]]
    found = [wincook.algorithm(tile, points) for points in rivals]
    gauged = [plain if conditions.gauge is None else wincook.gauge(plain, conditions.gauge) for plain in found]
    return min(gauged, key=lambda rival: predicted_error(rival, winner["format"], conditions)).point_names


def key_of(winner: Winner) -> tuple[Tile, str, int, str]:
    """The key of the entry of a line."""
    objective = winner.get("conditions", Conditions()).objective
    return Tile.of(winner["tile"]), str(Precision.of(winner["format"])), winner["extra"], objective


def is_as_asked(entry: Entry, winner: Winner, points: str) -> bool:
    """Whether an entry of the right key is of these points, under the conditions of a line."""
    asked = {"points": points, "conditions": Conditions(), "samples": SAMPLES, "seed": 0}
    asked |= {name: winner[name] for name in ("conditions", "samples", "seed") if name in winner}
    return all(getattr(entry, name) == value for name, value in asked.items())


def winner_of(entry: Entry) -> Winner:
    """The line that gives an entry."""
    beside = [] if entry.published is None else [(entry.published.points, entry.published.source)]
    known = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return {name: value for name, value in known.items() if name not in {"counts", "errors"}} | {"published": beside}


def winners_of(path: Path) -> Iterator[Winner]:
    """The arguments of `make_entry` on each line of a file; what else a search tells is left out."""
    known = {*SAID, "tile", "format", "extra", "points", "conditions", "published", "samples", "seed"}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            winner = {name: value for name, value in json.loads(line).items() if name in known}
            parts = {name: kind for name, kind in PARTS.items() if winner.get(name) is not None}
            yield winner | {name: part_of(kind, winner[name]) for name, kind in parts.items()}


def part_of(kind: type[Any], data: dict[str, Any]) -> Any:
    """A part of an entry, of the fields that it has."""
    return kind(**{field.name: data[field.name] for field in fields(kind) if field.name in data})


def published_winners() -> Iterator[Winner]:
    """The published sets as they would have been found."""
    for dimension in (1, 2):
        for r in TAPS:
            for m in range(2, MOST_POINTS + 2 - r):
                tile = Tile((m,) * dimension, (r,) * dimension)
                (points, _), *_ = published_sets(tile)
                yield {"tile": str(tile), "format": "float32", "extra": 0, "points": points}


if __name__ == "__main__":
    main()
