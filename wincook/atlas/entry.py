"""An entry of the atlas: a set of points, what it costs, how wrong it is, and where it is from.

Errors are relative: over the RMS of the exact results, for the channels and the law of the `conditions`. Nothing is
computed here: `wincook.search.entries.entry` makes entries, and the tests make their figures anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import log10, prod
from typing import Any

from wincook.arguments import words
from wincook.atlas.parts import (
    Conditions,
    Counts,
    Errors,
    Origin,
    Proven,
    Published,
    built,
    check_part,
    check_real,
    check_texts,
    check_whole,
)
from wincook.errors import DataError, quoted
from wincook.precision import PRESETS, Precision
from wincook.shown import brief
from wincook.tile import Tile


@dataclass(frozen=True, slots=True)
class Entry:
    """The best set known for a tile in a format, with so many products beyond m + r - 1 on each axis.

    `points` are those of every axis alike, or one set per axis parted by `;`. They are the best by the objective of the
    `conditions`, and `errors` are those of the programs that wincook makes. The measurement took `samples` tiles
    (layers, for quantised products) from `seed`.
    `origin` is None where no better set than the published one is known. `limit` is the least predicted error of points
    that may be any real numbers, as far as it is known.

    Raises:
        DataError: a value of another kind, or out of range.
        FormatError: a format that is none.
    """

    tile: Tile
    format: str
    extra: int
    conditions: Conditions
    points: str
    counts: Counts
    errors: Errors
    samples: int
    seed: int
    origin: Origin | None
    published: Published | None
    limit: float | None
    proven: Proven | None

    __repr__ = brief

    def __post_init__(self) -> None:
        check_part(self, "tile", Tile)
        check_texts(self, "format", "points")
        object.__setattr__(self, "format", _official(self.format))
        check_whole(self, 0, "extra")
        check_whole(self, 0, "seed", most=None)
        check_whole(self, 1, "samples")
        check_part(self, "conditions", Conditions)
        check_part(self, "counts", Counts)
        check_part(self, "errors", Errors)
        if self.limit is not None:
            check_real(self, "limit")
        for name, kind in (("origin", Origin), ("published", Published), ("proven", Proven)):
            if getattr(self, name) is not None:
                check_part(self, name, kind)
        needed = prod(n + self.extra for n in self.tile.inputs)
        if self.counts.products != needed:
            raise DataError(f"{self.tile} with extra = {self.extra} has {needed} products, not {self.counts.products}")

    @property
    def key(self) -> tuple[Tile, str, int, str]:
        """What the entry is of; no two entries have the same."""
        return self.tile, self.format, self.extra, self.conditions.objective

    @property
    def place(self) -> tuple[Any, ...]:
        """Where it stands among others: by dimension, taps, outputs, format, extra products and objective."""
        of_format = [*PRESETS].index(self.format) if self.format in PRESETS else len(PRESETS)
        tile, objective = self.tile, self.conditions.objective
        return tile.dimension, tile.taps, tile.outputs, of_format, self.format, self.extra, objective

    @property
    def speedup(self) -> float:
        """Multiplications of the direct method over those of this set."""
        return self.tile.direct_multiplications / self.counts.products

    @property
    def decibels(self) -> float | None:
        """The measured ratio of signal to noise, where U or V is stored narrower than it is computed; else None."""
        precision = Precision.of(self.format)
        stored_narrower = precision.filter != precision.U or precision.input != precision.V or precision.U.is_integer
        return -20 * log10(self.errors.measured) if stored_narrower and self.errors.measured else None

    @property
    def gain(self) -> float | None:
        """By what share the predicted error is below that of the published set; None where there is none."""
        if self.published is None or not self.published.errors.predicted:
            return None
        return 1 - self.errors.predicted / self.published.errors.predicted

    def as_json(self) -> str:
        """One line of JSON, from which `from_json` makes the entry again."""
        return json.dumps(asdict(self) | {"tile": str(self.tile)}, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Entry:
        """The entry that a text denotes, as `as_json` writes it; nothing may be missing, and nothing unknown.

        Raises:
            DataError: it is none.
            NotationError, FormatError: its tile or its format is none.
        """
        try:
            data = json.loads(words("entry", text, '{"tile": "F(4,3)", …}', DataError))
        except (ValueError, RecursionError):
            raise DataError(f"entry {quoted(text)} is no JSON; write it with as_json") from None
        return cls.from_plain(data)

    @classmethod
    def from_plain(cls, data: Any) -> Entry:
        """The same, of what JSON holds when it is read.

        Raises:
            WincookError: as `from_json`.
        """
        if isinstance(data, dict) and "tile" in data:
            data = data | {"tile": _tile(words("tile", data["tile"], "F(4,3)", DataError))}
        return built(cls, data, "entry")

    def __str__(self) -> str:
        return f"{self.tile} on {{{self.points}}} in {self.format}, relative error {self.errors.predicted:.3g}"


@lru_cache(maxsize=1024)
def _tile(text: str) -> Tile:
    return Tile.parse(text)


@lru_cache(maxsize=1024)
def _official(format: str) -> str:
    """The official name of a format or a policy."""
    return str(Precision.of(format))
