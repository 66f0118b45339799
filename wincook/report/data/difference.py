"""Two runs of one command: which figures changed, and by how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any, NamedTuple

from wincook.arguments import instance
from wincook.errors import DataError, quoted
from wincook.report.data.run import Run
from wincook.report.table import Table, View, number, table, words

_MANY = 10.0  # from so many times more on, a factor is easier to read than a share

_Value = int | float | str | None


class _Place(NamedTuple):
    """Where a figure stands: the table, the words that name its row, and its column."""

    table: str
    row: str
    figure: str


@dataclass(frozen=True, slots=True)
class _Change:
    """A figure that two runs have, and that is not the same in both."""

    place: _Place
    before: _Value
    after: _Value

    @property
    def size(self) -> tuple[float | None, float | None]:
        """How much more it is now, in its own unit and as a share of what it was; None for what is no number."""
        if not (isinstance(self.before, int | float) and isinstance(self.after, int | float)):
            return None, None
        step = self.after - self.before
        return step, step / abs(self.before) if self.before else None


def difference(before: Run, after: Run) -> View:
    """The figures that changed in one table; below it, what was asked otherwise, and the rows that only one run has.

    Figures are compared as they were computed, not as they were rounded to be read.

    Raises:
        NotationError: something else than runs.
        DataError: runs of two commands.
    """
    before, after = (
        instance(name, run, Run, "read it with wincook.report.read_run(path)")
        for name, run in (("before", before), ("after", after))
    )
    if before.command != after.command:
        raise DataError(
            f"runs of {quoted(before.command)} and {quoted(after.command)} have no figures in common; "
            "give two runs of one command"
        )
    first, second = _figures(before.view), _figures(after.view)
    shared = [place for place in first if place in second]
    changes = [
        _Change(place, first[place], second[place]) for place in shared if not _same(first[place], second[place])
    ]
    columns = (
        words("table", grouped=True),
        words("row", grouped=True),
        words("figure"),
        number("before", show=_shown),
        number("after", show=_shown),
        number("change", fields=("change", "relative change"), show=_by_how_much),
    )
    rows = [(*change.place, change.before, change.after, change.size) for change in changes]
    return View(
        (
            table("difference", f"Figures of wincook {before.command} that changed", columns, rows),
            f"{len(changes)} of {len(shared)} figures changed.",
            *_asked(before, after),
            *(f"Only before: {row}." for row in _rows_of_one(first, second)),
            *(f"Only after: {row}." for row in _rows_of_one(second, first)),
        )
    )


def _figures(view: View) -> dict[_Place, _Value]:
    """Every figure of the tables, in order."""
    return {place: value for shown in view.tables for place, value in _figures_of(shown)}


def _figures_of(shown: Table) -> Iterator[tuple[_Place, _Value]]:
    """Those of one table. Rows of the same words are told apart by their number."""
    times = Counter[str]()
    for record in shown.records():
        name = ", ".join(str(value) for field, value in record.items() if field in shown.keys and value)
        times[name] += 1
        row = name if times[name] == 1 and name else f"{name} row {times[name]}".strip()
        for field, value in record.items():
            if field not in shown.keys:
                yield _Place(shown.name, row, field), value


def _same(before: _Value, after: _Value) -> bool:
    if isinstance(before, float) and isinstance(after, float) and isnan(before) and isnan(after):
        return True
    return before == after


def _asked(before: Run, after: Run) -> Iterator[str]:
    """What the runs were asked otherwise, and their versions if they are two."""
    first, second = ({"version": run.version} | dict(_told(run.asked)) for run in (before, after))
    for name in dict.fromkeys([*first, *second]):
        if first.get(name) != second.get(name):
            yield f"Asked otherwise: {name} was {first.get(name, 'not given')}, is {second.get(name, 'not given')}."


def _told(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in asked.items():
        yield name, ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _rows_of_one(figures: dict[_Place, _Value], others: dict[_Place, _Value]) -> list[str]:
    """The rows that the other run lacks, each with the tables that have it."""
    there = {(place.table, place.row) for place in others}
    lacking: dict[str, list[str]] = {}
    for name, row in dict.fromkeys((place.table, place.row) for place in figures):
        if (name, row) not in there:
            lacking.setdefault(row, []).append(name)
    return [f"{row} (in {', '.join(names)})" for row, names in lacking.items()]


def _shown(value: _Value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _by_how_much(step: float | None, share: float | None) -> str:
    """The step, and in brackets what it is of the figure before."""
    if step is None:
        return ""
    if share is None:
        return f"{step:+.3g}"
    return f"{step:+.3g} ({share:+.1%})" if abs(share) < _MANY else f"{step:+.3g} (times {1 + share:.3g})"
