"""Searches: those that a store holds, and what each found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wincook.report.table import Table, View, number, remark, table, words
from wincook.search import Outcome, Scored, Search, StoredRun, Winner

ENDINGS = {
    "evaluations": "as many as were asked for",
    "exhausted": "there are no more",
    "seconds": "time was up",
    "stopped": "stopped by who watched",
    "interrupted": "interrupted",
}


def runs_table(runs: Sequence[StoredRun]) -> Table:
    """A row for each run, as they were begun."""
    columns = [
        *(words("run"), remark("search"), remark("begun"), remark("wincook"), number("tasks", ",d")),
        *(number("sets", ",d"), number("best")),
    ]
    rows = (
        (run.name, str(run.search), run.created.isoformat(), run.version, run.tasks, run.evaluations, _first(run.best))
        for run in runs
    )
    return table("runs", "Searches", columns, rows, caption="best: the least value of the first objective.")


def outcome_view(outcome: Outcome, best: Sequence[Winner], command: str) -> View:
    """What a search found: its winners, how it ended, and the command that finds them again."""
    done = (
        f"{outcome.evaluations:,} sets in {outcome.tasks:,} tasks and {outcome.seconds:.1f} s; "
        f"{ENDINGS[outcome.ended]}. The same again:"
    )
    found = winners_table(outcome.search, best) if best else f"{outcome.search}: no set has objectives that are finite."
    return View((found, done, command))


def winners_table(search: Search, best: Sequence[Winner]) -> Table:
    """A row for each winner, and one for the published set if it is of the same products."""
    references = [winner.published for winner in best[:1] if winner.published is not None]
    measured = any(winner.measured for winner in best)
    columns = [words("points"), remark("set"), number("products", "d")]
    columns += [number(name, ".4g") for name in search.objectives]
    columns += [number("gain", ".1%"), number("predicted", ".4g")]
    columns += [number("measured", fields=("measured", "low", "high"), show=_with_interval)] * measured
    rows = [
        _row(winner, kind, measured=measured)
        for kind, group in (("found", best), ("published", references))
        for winner in group
    ]
    samples = next((winner.measured.samples for winner in best if winner.measured), 0)
    return table(
        "winners",
        str(search),
        columns,
        rows,
        caption=(
            "Proven sets. Objectives are those of the full model; gain: what is taken off the first of them, of the "
            "published set. predicted: relative RMS error"
            + f"; measured: on {samples} tiles, with its 95 % interval."
            * measured
        ),
    )


def best_table(search: Search, best: Sequence[Scored]) -> Table:
    """The best sets of points as the search saw them, with their values."""
    columns = [words("points"), *(number(name, ".4g") for name in search.objectives)]
    rows = ((entry.points, *entry.values) for entry in best)
    return table(
        "best", str(search), columns, rows, caption="Values as the search estimates them, of many sets at once."
    )


def run_view(run: StoredRun) -> View:
    """One run: its best sets, what was measured of its winners, and how it was asked."""
    asked = (f"{run.command}",) if run.command else ()
    done = f"{run.evaluations:,} sets in {run.tasks:,} tasks, begun {run.created.isoformat()} by wincook {run.version}"
    return View((best_table(run.search, run.best), done, *asked))


def _row(winner: Winner, kind: str, *, measured: bool) -> list[Any]:
    sample = winner.measured
    interval = sample and (sample.relative_rms, sample.relative_rms_interval.low, sample.relative_rms_interval.high)
    return [
        *(winner.points, kind, winner.algorithm.multiplications, *winner.values, winner.gain),
        winner.predicted and winner.predicted.relative_rms,
        *([interval] * measured),
    ]


def _with_interval(error: float, low: float, high: float) -> str:
    return f"{error:.3g} ({low:.3g} to {high:.3g})"


def _first(best: Sequence[Scored]) -> float | None:
    return best[0].values[0] if best else None
