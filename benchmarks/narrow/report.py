"""Outcomes as tables: times, ratios, decibels; goals that are missed come first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from benchmarks.narrow.ours import FLOAT32, Way
from benchmarks.narrow.outcome import Outcome, misses, ratios
from benchmarks.peers.outcome import geometric_mean
from wincook.kernels.measurement.interleaved import Timing

_MILLI = 1e3
_WIDEST = 26


def layer_table(layer: str, outcomes: Iterable[Outcome], absent: Mapping[str, str]) -> Iterator[str]:
    """All contenders on one layer, and why others took no part."""
    yield f"{layer:{_WIDEST}}  {'least, ms':>10} {'median, ms':>11} {'SNR, dB':>8}"
    for each in outcomes:
        times = f"{_MILLI * each.least:10.3f} {_MILLI * each.median:11.3f}"
        yield f"  {each.contender:{_WIDEST - 2}}  {times} {each.snr:8.1f}"
    for reason in dict.fromkeys(absent.values()):
        yield f"  absent: {', '.join(name for name, why in absent.items() if why == reason)}: {reason}"
    yield ""


def summary(outcomes: Sequence[Outcome], ways: Sequence[Way]) -> Iterator[str]:
    """Goals that are missed, then how many times as quick each way is as its peer and as float32, by medians."""
    missed = misses(outcomes, ways)
    yield f"goals missed: {len(missed)}"
    yield from (f"  {line}" for line in missed)
    yield ""
    for way in ways:
        beside = [way.peer] if way is FLOAT32 else [way.peer, FLOAT32.name]
        for peer in beside:
            quicker = ratios(outcomes, way.name, peer)
            if quicker:
                least = geometric_mean(ratios(outcomes, way.name, peer, "least").values())
                line = ratio_line(f"{way.name} over {peer}", quicker, way.goal if peer == way.peer else None)
                yield f"{line}; {least:.2f} by least times"
        decibels = [outcome.snr for outcome in outcomes if outcome.contender == way.name]
        if decibels:
            goal = "" if way.decibels is None else f", goal {way.decibels}"
            yield f"    {min(decibels):.1f} to {max(decibels):.1f} dB{goal}"


def ratio_line(title: str, by_layer: Mapping[str, float], goal: float | None = None) -> str:
    """The ratios of some layers, their geometric mean, and what it should be."""
    cells = "  ".join(f"{layer} {ratio:.2f}" for layer, ratio in by_layer.items())
    wanted = "" if goal is None else f", goal {goal}"
    return f"  {title}: {cells}; geometric mean {geometric_mean(by_layer.values()):.2f}{wanted}"


def pairs_table(title: str, pairs: Mapping[str, Mapping[str, tuple[Timing, Timing]]]) -> Iterator[str]:
    """Two times of each kernel by layer, and how many times as quick the second is, by least times and medians."""
    yield title
    for layer, by_way in pairs.items():
        for name, (first, second) in by_way.items():
            least, median = first.least / second.least, first.median / second.median
            times = f"{_MILLI * first.least:9.3f} {_MILLI * second.least:9.3f} ms"
            yield f"  {layer:8} {name:{_WIDEST - 2}} {times}  {least:.2f}x by least times, {median:.2f}x by medians"
    yield ""


def decibels_table(title: str, by_layer: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """What each kernel keeps on each layer."""
    yield title
    for layer, by_way in by_layer.items():
        yield f"  {layer:8} " + ", ".join(f"{name.removeprefix('wincook ')} {snr:.1f}" for name, snr in by_way.items())
    yield ""
