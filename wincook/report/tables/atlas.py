"""The atlas in tables: its entries, what a tile gets, and sets ranked beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple

from wincook.atlas.entry import Entry
from wincook.atlas.lookup import Choice
from wincook.atlas.parts import Conditions
from wincook.quantisation.integers import INTEGERS
from wincook.report.table import Column, Part, Table, View, number, remark, table, words
from wincook.search.entries.ranking import Ranked, Ranking
from wincook.tile import Tile

_OPERATIONS = ("filter", "input", "output")
_CONDITIONS = ("objective", "channels", "law", "gauge")
_MEASURED = ("measured", "low", "high")


def entries_table(entries: Sequence[Entry]) -> Table:
    """One row for each entry."""
    return table(
        "atlas",
        f"Atlas: {len(entries)} {'entry' if len(entries) == 1 else 'entries'}",
        [
            words("tile"),
            words("format"),
            number("extra", "d"),
            number("products", "d"),
            number("speed-up in products", ".2f"),
            number("operations", fields=_OPERATIONS, show=_operations),
            number("predicted"),
            number("measured", fields=_MEASURED, show=_interval),
            number("dB", ".1f"),
            number("gain", show=_percent),
            Column("of", _CONDITIONS, lambda *values: str(Conditions(*values)), left=True),
            remark("points"),
        ],
        [
            (
                *(str(entry.tile), entry.format, entry.extra, entry.counts.products, entry.speedup),
                (entry.counts.filter, entry.counts.input, entry.counts.output),
                entry.errors.predicted,
                (entry.errors.measured, entry.errors.low, entry.errors.high),
                *(entry.decibels, entry.gain),
                astuple(entry.conditions),
                entry.points,
            )
            for entry in entries
        ],
        caption=(
            "Errors are relative to the RMS of the results; gain: by how much less than the best published set is "
            "predicted to err. Operations are those of the filter, input and output transform of a tile."
        ),
    )


def choice_view(tile: Tile, choice: Choice) -> View:
    """What a tile gets that has no entry of its own: the entry that is nearest, or points without one."""
    if choice.entry is not None:
        return View((f"{choice.note}.", "", entries_table([choice.entry])))
    columns = [words("tile"), remark("points"), remark("where they are from")]
    row = (str(tile), choice.point_names, choice.note)
    return View((table("atlas", "Atlas: no entry of its own", columns, [row]),))


def reasons_table(tile: Tile, sentences: Sequence[str]) -> Table:
    """Sentences on the points of a tile, one in each row."""
    return table("reasons", f"Atlas: {tile}", [remark("reason")], [(sentence,) for sentence in sentences])


def rankings_view(rankings: Iterable[Ranking]) -> View:
    """A table for each tile, parted by blank lines."""
    parts: list[Part] = []
    for ranking in rankings:
        parts += ["", _ranking_table(ranking)] if parts else [_ranking_table(ranking)]
    return View(tuple(parts))


def _ranking_table(ranking: Ranking) -> Table:
    sampled = ranking.samples > 0
    unit = "layers" if ranking.format in INTEGERS else "tiles"
    sample = f", {ranking.samples} {unit}, seed {ranking.seed}" if sampled else ""
    return table(
        "ranking",
        f"{ranking.tile} in {ranking.format}: {ranking.conditions}{sample}",
        [
            words("points"),
            words("from", show=lambda of_atlas: "atlas" if of_atlas else "file"),
            number("products", "d"),
            number("operations", fields=_OPERATIONS, show=_operations),
            number("predicted"),
            *([number("measured", fields=_MEASURED, show=_interval)] * sampled),
            number("× atlas"),
        ],
        [_ranked_row(ranking, row) for row in ranking.rows],
        caption=(
            f"Relative errors, the least first; × atlas: what is {'measured' if sampled else 'predicted'}, over that "
            f"of the atlas' set of the fewest products.{f' {ranking.note}.' * bool(ranking.note)}"
        ),
        tile=str(ranking.tile),
        format=ranking.format,
        **asdict(ranking.conditions),
    )


def _ranked_row(ranking: Ranking, row: Ranked) -> tuple[object, ...]:
    measured = row.measured
    return (
        row.algorithm.point_names or "matrices",
        row.of_atlas,
        row.counts.products,
        (row.counts.filter, row.counts.input, row.counts.output),
        row.predicted,
        *([] if measured is None else [(measured.measured, measured.low, measured.high)]),
        ranking.ratio(row),
    )


def _operations(of_filter: int, of_input: int, of_output: int) -> str:
    return f"{of_filter}, {of_input}, {of_output}"


def _interval(measured: float, low: float, high: float) -> str:
    return f"{measured:.3g} ({low:.3g} to {high:.3g})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
