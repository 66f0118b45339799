"""Searches and what they found, ready for JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from wincook.interchange.write.plain import Plain
from wincook.report.data.values import finite
from wincook.search import Outcome, Scored, Search, StoredRun, Winner


def plain_outcome(outcome: Outcome, best: Sequence[Winner], command: str) -> Plain:
    """What a search found, and the command that finds it again."""
    return {
        "search": json.loads(outcome.search.as_json()),
        "ended": outcome.ended,
        "tasks": outcome.tasks,
        "evaluations": outcome.evaluations,
        "seconds": outcome.seconds,
        "command": command,
        "winners": [winner_record(winner) for winner in best],
        "published": next((winner_record(winner.published) for winner in best if winner.published), None),
    }


def plain_winner(winner: Winner) -> Plain:
    """A winner, and the published set beside it."""
    return winner_record(winner) | {"published": None if winner.published is None else winner_record(winner.published)}


def winner_record(winner: Winner) -> Plain:
    """A set that was found or published: its objectives by the full model, and its errors."""
    return {
        "points": winner.points,
        "products": winner.algorithm.multiplications,
        "objectives": finite(dict(zip(winner.search.objectives, winner.values, strict=True))),
        "gain": winner.gain,
        "predicted": None if winner.predicted is None else finite(asdict(winner.predicted)),
        "measured": None if winner.measured is None else finite(asdict(winner.measured)),
    }


def plain_run(run: StoredRun) -> Plain:
    """All that a store holds of a run, but for its single tasks."""
    return {
        "run": run.name,
        "search": json.loads(run.search.as_json()),
        "version": run.version,
        "created": run.created.isoformat(),
        "command": run.command,
        "tasks": run.tasks,
        "evaluations": run.evaluations,
        "best": plain_best(run.search, run.best),
        "winners": run.winners,
    }


def plain_best(search: Search, best: Sequence[Scored]) -> list[Plain]:
    """A flat record for each set: its points, and what it scored by each objective."""
    return [{"points": entry.points} | dict(zip(search.objectives, entry.values, strict=True)) for entry in best]
