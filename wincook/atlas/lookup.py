"""The points of a tile: those that the atlas has for it, or for what is nearest to it.

What is not listed is looked for in this order: the same tile in the nearest formats (`NEAREST`); the same F(m,r) in
another dimension; another r with the same n = m + r - 1, since the error depends on n far more than on how n splits
into m and r; and last, `Points.default`. An axis of a tile whose axes differ takes the points that it would have if all
axes were like it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from time import perf_counter

from wincook.arguments import whole_number
from wincook.atlas.entry import Entry
from wincook.atlas.file import parsed
from wincook.errors import DataError, PointsError, WincookError
from wincook.formats import Format
from wincook.log import tell
from wincook.points import Points
from wincook.points.points import names_of_sets
from wincook.precision import Precision
from wincook.shown import brief
from wincook.tile import Tile

_LAST = "float32"  # of every chain of formats
_DOT = ("bfloat16-dot", _LAST)
NEAREST: dict[str, tuple[str, ...]] = {
    "float16-accumulate-float32": ("float16", _LAST),
    "tf32-dot": ("float16-winograd-domain", *_DOT),
    "bfloat16-dot": ("float16-winograd-domain", _LAST),
    "float16-winograd-domain": _DOT,
    "float8_e5m2-winograd-domain": _DOT,
    "float8_e4m3fn-winograd-domain": _DOT,
    "int8": _DOT,
    "int16": ("int8", *_DOT),
    "int8-winograd-domain": ("int8", *_DOT),
    "float8_e5m2": ("bfloat16", _LAST),
    "float8_e5m2-saturating": ("bfloat16", _LAST),
    "float8_e4m3fn": ("bfloat16", _LAST),
    "float8_e4m3fn-saturating": ("bfloat16", _LAST),
}
"""Which formats serve in place of one that is not listed, the nearest first; for all others it is float32.

The nearest rounds in the same places: all stages alike, or what is stored in the Winograd domain. int8 and int16 stand
for products of integers there, with the scales that a calibration finds.
"""

PREFERRED = ("rms*operations^0.25", "rms", "mean", "maximum")
"""Which entry a tile gets that has several: that whose objective stands first; others come last.

The first is the best compromise: a set with a little more error may have transforms that take far fewer operations.
"""

_NAMED = 8  # tiles that a message names


@dataclass(frozen=True, slots=True)
class Choice:
    """The points of each axis of a tile, the entry that has them, and a sentence where it is not the tile's own.

    There is no entry for points that are those of `Points.default`, or of several entries.
    """

    points: tuple[Points, ...]
    entry: Entry | None
    note: str

    __repr__ = brief

    @property
    def point_names(self) -> str:
        """The points in text: once where all axes share them, else one set per axis, parted by `;`."""
        return names_of_sets(self.points)

    def __str__(self) -> str:
        return f"{self.point_names} ({self.note})" if self.note else self.point_names


@cache
def entries() -> tuple[Entry, ...]:
    """All entries of the atlas, in order; they are read once.

    Raises:
        DataError: the file of this installation is damaged.

    >>> {entry.format for entry in entries() if str(entry.tile) == "F(4x4,3x3)"} >= {"float32"}
    True
    """
    try:
        return parsed(files("wincook.atlas").joinpath("atlas.json").read_bytes(), "the atlas")
    except (WincookError, OSError) as error:
        raise DataError(f"the atlas of this installation is damaged: {error}; install wincook again") from error


def look_up(tile: Tile | str, format: Precision | Format | str = "float32", extra: int = 0) -> Choice:
    """The points of a tile, and which entry they are from.

    Args:
        tile: F(m,r) in any number of axes.
        format: of all stages, or a policy with one for each.
        extra: products beyond m + r - 1 on each axis.

    Raises:
        NotationError, FormatError: no tile, or no format.
        PointsError: nothing with so many extra products is listed for the tile, or for what is near to it.
        ShapeError: an extra below 0.
        DataError: as `entries`.

    >>> print(look_up("F(2x2,3x3)"))
    0, ±1, ∞
    >>> look_up("F(2x2,3x3)", "exact").note
    'F(2x2,3x3) in exact is not listed in the atlas: points of F(2x2,3x3) in float32'
    """
    tile, extra = Tile.of_unit_stride(tile, "have points in the atlas"), whole_number("extra", extra, 0)
    return _looked_up(tile, str(Precision.of(format)), extra)


def points_for(tile: Tile | str, format: Precision | Format | str = "float32", extra: int = 0) -> tuple[Points, ...]:
    """The points of each axis of a tile; arguments and errors as for `look_up`.

    >>> [str(points) for points in points_for("F(2x1,3x1)")]
    ['0, ±1, ∞', '∞']
    """
    start = perf_counter()
    choice = look_up(tile, format, extra)
    if choice.note:
        tell(logging.INFO, "atlas", choice.note, perf_counter() - start)
    return choice.points


@lru_cache(maxsize=1024)
def _looked_up(tile: Tile, format: str, extra: int) -> Choice:
    formats = (format, *NEAREST.get(format, (_LAST,)))
    candidates = [entry for entry in _preferred() if entry.extra == extra and entry.format in formats]
    of_tile = [entry for entry in candidates if entry.tile == tile]
    if of_tile:
        return _choice(tile, format, min(of_tile, key=lambda entry: formats.index(entry.format)))
    if len(set(tile.axes)) > 1:
        return _per_axis(tile, format, extra)
    n, r, d = tile.inputs[0], tile.taps[0], tile.dimension
    near = [entry for entry in candidates if {*entry.tile.inputs} == {n} and len({*entry.tile.taps}) == 1]
    if near:
        return _choice(tile, format, min(near, key=lambda entry: _distance(entry, r, d, formats)))
    if extra:
        raise PointsError(_not_listed(tile, extra))
    points = (Points.default(n),) * d
    return Choice(points, None, f"{tile} is not listed in the atlas: published points, and small fractions")


def _distance(entry: Entry, r: int, d: int, formats: tuple[str, ...]) -> tuple[int, ...]:
    """How far an entry of as many inputs is from r taps in d dimensions: the nearest has the least."""
    taps, dimension = entry.tile.taps[0], entry.tile.dimension
    return abs(taps - r), taps, abs(dimension - d), dimension, formats.index(entry.format)


def _choice(tile: Tile, format: str, entry: Entry) -> Choice:
    sets = tuple(_read(text) for text in entry.points.split(";"))
    points = sets if len(sets) == tile.dimension else sets[:1] * tile.dimension
    is_own = (entry.tile, entry.format) == (tile, format)
    note = f"{tile} in {format} is not listed in the atlas: points of {entry.tile} in {entry.format}"
    return Choice(points, entry, "" if is_own else note)


def _per_axis(tile: Tile, format: str, extra: int) -> Choice:
    """Each axis as if all were like it."""
    d = tile.dimension
    choices = [_looked_up(Tile(axis.outputs * d, axis.taps * d), format, extra) for axis in tile.axes]
    sources = (choice.note or f"points of {choice.entry and choice.entry.tile}" for choice in choices)
    note = f"{tile} is not listed in the atlas: an axis has {'; '.join(dict.fromkeys(sources))}"
    return Choice(tuple(choice.points[0] for choice in choices), None, note)


@cache
def _preferred() -> tuple[Entry, ...]:
    """One entry for each tile, format and number of extra products: that of the preferred objective."""
    by_key: dict[tuple[Tile, str, int], Entry] = {}
    for entry in sorted(entries(), key=_rank):
        by_key.setdefault((entry.tile, entry.format, entry.extra), entry)
    return tuple(by_key.values())


def _rank(entry: Entry) -> int:
    objective = entry.conditions.objective
    return PREFERRED.index(objective) if objective in PREFERRED else len(PREFERRED)


@lru_cache(maxsize=1024)
def _read(text: str) -> Points:
    return Points.parse(text)


def _not_listed(tile: Tile, extra: int) -> str:
    """What there is instead of so many extra products."""
    extras = sorted({entry.extra for entry in entries() if entry.tile == tile})
    tiles = [*dict.fromkeys(str(entry.tile) for entry in entries() if entry.extra == extra)]
    there = f"has {tile} with extra = {', '.join(map(str, extras))}" if extras else f"does not have {tile}"
    more = f", … ({len(tiles)} tiles)" if len(tiles) > _NAMED else ""
    others = f"{', '.join(tiles[:_NAMED])}{more}" if tiles else "no tile"
    return f"{tile} with extra = {extra} is not listed: the atlas {there}, and extra = {extra} for {others}"
