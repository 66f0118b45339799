"""What one task of a search gives.

A search is a list of tasks, numbered from 0, each a pure function of the search and its number. So a task gives the
same on any machine and in any order, and what was done can be kept and the rest done later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

KEPT = 32  # sets of a task, and of a search


@dataclass(frozen=True, slots=True, order=True)
class Scored:
    """A set of points and what it scored: one value per objective, less is better; axes are parted by `; `."""

    values: tuple[float, ...]
    points: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """A task's number, how many sets it evaluated, and the best of them, or those that nothing beats."""

    number: int
    evaluations: int
    best: tuple[Scored, ...]


def best_of(scored: Iterable[Scored], kept: int = KEPT) -> tuple[Scored, ...]:
    """The best sets by a single objective, or for several those that no other beats; each once, the best first.

    >>> best_of([Scored((2.0,), "0, ±1, ∞"), Scored((1.0,), "0, 1, -1/2, ∞"), Scored((2.0,), "0, ±1, ∞")])[0].points
    '0, 1, -1/2, ∞'
    """
    by_points: dict[str, Scored] = {}
    for entry in sorted(entry for entry in scored if all(map(isfinite, entry.values))):
        by_points.setdefault(entry.points, entry)
    ranked = [*by_points.values()]
    if ranked and len(ranked[0].values) > 1:
        ranked = front(ranked)
    return tuple(ranked[:kept])


def front(ranked: Sequence[Scored]) -> list[Scored]:
    """Those that nothing beats: no other has all values as small and one smaller. They must be sorted."""
    kept: list[Scored] = []
    for entry in ranked:
        if not any(all(a <= b for a, b in zip(other.values, entry.values, strict=True)) for other in kept):
            kept.append(entry)
    return kept
