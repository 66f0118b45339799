"""Ways to search: functions of one signature, by name. A strategy is added by adding a file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wincook.search.strategies.cmaes import cmaes
from wincook.search.strategies.descent import descent
from wincook.search.strategies.exhaustive import exhaustive
from wincook.search.strategies.pareto import pareto
from wincook.search.strategies.refine import refine
from wincook.search.sweep import Sweep

if TYPE_CHECKING:
    from wincook.search.search import Search

Strategy = Callable[["Search", int], Sweep | None]
"""Task `number` of a search; nothing, if there are no more tasks."""

STRATEGIES: dict[str, Strategy] = {
    "descent": descent,
    "refine": refine,
    "cmaes": cmaes,
    "exhaustive": exhaustive,
    "pareto": pareto,
}

FINITE = frozenset({"exhaustive"})
"""Those that end by themselves: they run out of tasks."""
