"""The error of a family of points against its symbols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wincook.analysis.landscape import Landscape
from wincook.report.table import Column, Table, View, number, remark, table
from wincook.report.tables.comparison import starred

_STAR = "★"


def landscapes_view(landscapes: Sequence[Landscape]) -> View:
    """One table per landscape."""
    return View(tuple(map(landscape_table, landscapes)))


def landscape_table(landscape: Landscape) -> Table:
    """A row per set of points, a star at the least error; where there is no set, or no error, the caption says why."""
    return table(
        "landscape",
        f"{landscape.family} in {landscape.precision}, C = {landscape.channels}, law {landscape.law.name}",
        [
            *(Column(symbol, (symbol,), key=True) for symbol in landscape.symbols),
            remark("points"),
            number("predicted", fields=("predicted", "underflow"), show=starred),
            Column("least", ("least",), lambda least: _STAR * least),
        ],
        _rows(landscape),
        caption=_caption(landscape),
        algorithm=landscape.family.name,
        format=str(landscape.precision),
    )


def least_in_words(landscape: Landscape) -> str:
    """The least error and where it lies.

    >>> from wincook.analysis import landscape
    >>> least_in_words(landscape("F(2,3)", "0, ±a, ∞", {"a": ["1/2", "1"]}))
    '7.05e-08 at a = 1'
    """
    return f"{landscape.best.error:.3g} at {landscape.where(landscape.best)}"


def _rows(landscape: Landscape) -> Iterator[list[Any]]:
    best = landscape.best
    for place in landscape.places:
        found = place.prediction
        error = None if found is None else (found.relative_rms, found.underflow)
        yield [*place.values, place.point_names or None, error, place is best]


def _caption(landscape: Landscape) -> str:
    words = f"Relative RMS error. {_STAR} the least: {least_in_words(landscape)}, {{{landscape.best.point_names}}}."
    if landscape.gaps:
        first, *others = landscape.gaps
        words += f" None at {landscape.where(first)}: {first.gap}"
        words += f"; nor at {len(others)} other values." if others else "."
    return words
