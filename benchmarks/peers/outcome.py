"""What a comparison finds, and what it says of wincook: ratios of times among contenders that are as accurate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log
from typing import Literal

from benchmarks.peers.layers import NamedLayer, groups
from benchmarks.peers.timing import Measured, Times

Caches = Literal["warm", "cold"]
OURS = "wincook"
NETWORKS = ("resnet18", "resnet50", "vgg16", "mobilenetv2", "unet")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One contender on one layer: its error, max|y - exact| / max|exact|, and its times."""

    engine: str
    variant: str
    error: float
    times: Measured

    @property
    def name(self) -> str:
        """Engine and variant."""
        return f"{self.engine} {self.variant}".strip()

    def of(self, caches: Caches) -> Times:
        """Its times with warm or cold caches."""
        return self.times.warm if caches == "warm" else self.times.cold


@dataclass(frozen=True, slots=True, eq=False)
class LayerOutcome:
    """All contenders on one layer with so many threads, and why others took no part, by name."""

    layer: NamedLayer
    threads: int
    outcomes: tuple[Outcome, ...]
    absent: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The time of a peer over that of one of wincook's kernels, of minima and of medians."""

    where: LayerOutcome
    peer: Outcome
    ours: Outcome
    minima: float
    medians: float


def beside_each_peer(layer: LayerOutcome, caches: Caches) -> list[Ratio]:
    """Each peer beside the fastest kernel that is no less accurate; a peer that no kernel equals has none."""
    ours, peers = _sides(layer, float("inf"))
    return [
        _ratio(layer, peer, min(accurate, key=lambda outcome: outcome.of(caches).best), caches)
        for peer in peers
        if (accurate := [outcome for outcome in ours if outcome.error <= peer.error])
    ]


def unequalled(layer: LayerOutcome) -> list[Outcome]:
    """The peers that are more accurate than every kernel."""
    ours, peers = _sides(layer, float("inf"))
    least = min((outcome.error for outcome in ours), default=float("inf"))
    return [peer for peer in peers if peer.error < least]


def beside_fastest_peer(layers: Iterable[LayerOutcome], caches: Caches, limit: float) -> list[Ratio]:
    """The fastest peer beside the fastest kernel, both within a limit on the error; the least ratio first."""
    ratios = []
    for layer in layers:
        ours, peers = (min(side, key=lambda one: one.of(caches).best, default=None) for side in _sides(layer, limit))
        if ours and peers:
            ratios.append(_ratio(layer, peers, ours, caches))
    return sorted(ratios, key=lambda ratio: ratio.minima)


def network_times(layers: Iterable[LayerOutcome], caches: Caches, limit: float) -> dict[str, dict[str, float]]:
    """Seconds of whole networks by group, then by engine, the fastest first: sums of the minima over their layers.

    On each layer an engine takes its fastest way within a limit on the error. A network of which a layer is missing is
    left out, and so is an engine that has no such way for one of its layers.
    """
    by_group: dict[str, list[LayerOutcome]] = {}
    for layer in layers:
        by_group.setdefault(layer.layer.group, []).append(layer)
    times = {}
    for group, own in by_group.items():
        if group in NETWORKS and len(own) == len(groups()[group]):
            engines = {outcome.engine for outcome in own[0].outcomes}
            seconds = {engine: _network_time(own, engine, caches, limit) for engine in engines}
            done = {engine: total for engine, total in seconds.items() if total is not None}
            times[group] = dict(sorted(done.items(), key=lambda item: item[1]))
    return times


def _network_time(layers: Iterable[LayerOutcome], engine: str, caches: Caches, limit: float) -> float | None:
    total = 0.0
    for layer in layers:
        ways = [one.of(caches).best for one in layer.outcomes if one.engine == engine and one.error <= limit]
        if not ways:
            return None
        total += layer.layer.count * min(ways)
    return total


def geometric_mean(values: Iterable[float]) -> float:
    """The mean of ratios.

    >>> geometric_mean([1.0, 4.0])
    2.0
    """
    logarithms = [log(value) for value in values]
    return exp(sum(logarithms) / len(logarithms))


def _sides(layer: LayerOutcome, limit: float) -> tuple[list[Outcome], list[Outcome]]:
    within = [outcome for outcome in layer.outcomes if outcome.error <= limit]
    ours = [outcome for outcome in within if outcome.engine == OURS]
    return ours, [outcome for outcome in within if outcome.engine != OURS]


def _ratio(layer: LayerOutcome, peer: Outcome, ours: Outcome, caches: Caches) -> Ratio:
    theirs, mine = peer.of(caches), ours.of(caches)
    return Ratio(layer, peer, ours, theirs.best / mine.best, theirs.median / mine.median)
