"""One published figure beside the one obtained, and all of a paper together."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Protocol

from wincook.shown import Shown, brief

Verdict = Literal["reached", "better", "explained", "missed"]

_STANDARD_ERRORS = 2  # that a sampled figure may lie beyond its tolerance


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure as published and as obtained.

    `tolerance` is the relative deviation within which the figure counts as reached, `noise` the relative standard error
    of what was obtained (0 if nothing was sampled). Where `less_is_better`, any smaller figure will do. A `note` says
    why a figure may lie beyond its tolerance; without one it is missed.
    """

    what: str
    published: float
    obtained: float
    tolerance: float
    noise: float = 0.0
    note: str = ""
    less_is_better: bool = False

    @property
    def deviation(self) -> float:
        """Of what was obtained from what was published, relative."""
        return self.obtained / self.published - 1

    @property
    def verdict(self) -> Verdict:
        """Reached, better, off but explained, or missed.

        >>> [Finding("a", 10, x, 0.1, note=note).verdict for x, note in ((10.9, ""), (12, "a misprint"), (12, ""))]
        ['reached', 'explained', 'missed']
        """
        if self.less_is_better and self.obtained < self.published:
            return "better"
        if abs(self.deviation) <= self.tolerance + _STANDARD_ERRORS * self.noise:
            return "reached"
        return "explained" if self.note else "missed"


@dataclass(frozen=True, slots=True)
class Reproduction(Shown):
    """All figures of a paper; `definition` says what was computed, and `remarks` what else was found.

    Without `samples` and `seed` nothing was sampled. `studies` are tables of other kinds, each a value of its own.
    """

    key: str
    definition: str
    findings: tuple[Finding, ...]
    samples: int | None = None
    seed: int | None = None
    studies: tuple[Any, ...] = ()
    remarks: tuple[str, ...] = ()

    __repr__ = brief

    def __str__(self) -> str:
        return f"{self.key}: {len(self.findings)} figures, {'none missed' if self.holds else 'some missed'}"

    @property
    def holds(self) -> bool:
        """Whether no figure was missed."""
        return all(finding.verdict != "missed" for finding in self.findings)


class Progress(Protocol):
    """Told what comes next, in a few words, and what of the reproduction there is so far."""

    def __call__(self, words: str, so_far: Reproduction | None = None) -> None:
        """Take note of it."""


def silent(words: str, so_far: Reproduction | None = None) -> None:
    """Nobody is told."""


@cache
def published(key: str) -> dict[str, Any]:
    """The facts of one paper: its title, its source, and its figures."""
    text = files("wincook.reproduce").joinpath("published.json").read_text(encoding="utf-8")
    facts: dict[str, Any] = json.loads(text)[key]
    return facts
