"""What is measured of each contender on each layer, and what follows: ratios, and goals that are missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.narrow.ours import Way
from benchmarks.peers.outcome import geometric_mean


@dataclass(frozen=True, slots=True)
class Outcome:
    """A contender on a layer: seconds of a call, the least and the median, and decibels of its output."""

    layer: str
    contender: str
    least: float
    median: float
    snr: float


Figure = Literal["median", "least"]
"""Of all calls: by medians peers are compared, and least times are what is left on a machine where much else runs."""


def ratios(outcomes: Iterable[Outcome], contender: str, peer: str, by: Figure = "median") -> dict[str, float]:
    """How many times as quick a contender is as a peer, by layer, where both took part.

    The ways of a peer begin with its name, and the quickest of them counts.
    """
    own, others = dict[str, float](), dict[str, float]()
    for outcome in outcomes:
        seconds: float = getattr(outcome, by)
        if outcome.contender == contender:
            own[outcome.layer] = seconds
        if outcome.contender.startswith(peer):
            others[outcome.layer] = min(seconds, others.get(outcome.layer, seconds))
    return {layer: others[layer] / seconds for layer, seconds in own.items() if layer in others}


def misses(outcomes: Sequence[Outcome], ways: Iterable[Way]) -> list[str]:
    """Goals that are missed, one in a line."""
    lines = []
    for way in ways:
        quicker = list(ratios(outcomes, way.name, way.peer).values())
        if way.goal and quicker and (mean := geometric_mean(quicker)) < way.goal:
            lines.append(f"{way.name}: {mean:.2f} times as quick as {way.peer}, not {way.goal}")
        if way.decibels is not None:
            lines += [
                f"{way.name}: {outcome.snr:.1f} dB on {outcome.layer}, not {way.decibels}"
                for outcome in outcomes
                if outcome.contender == way.name and outcome.snr < way.decibels
            ]
    return lines
