"""A comparison as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

from benchmarks.peers.outcome import (
    Caches,
    LayerOutcome,
    Outcome,
    Ratio,
    beside_each_peer,
    beside_fastest_peer,
    geometric_mean,
    network_times,
    unequalled,
)

LIMITS = (5e-6, 3.5e-5)  # on the errors of contenders that are compared as equals
NETWORK_LIMIT = 1e-5  # on the errors of each layer of a network


def header_text(header: Mapping[str, str]) -> str:
    """One line for each fact."""
    return "\n".join(f"{name:9}  {value}" for name, value in header.items())


def layer_text(layer: LayerOutcome) -> str:
    """A table of all contenders, the fastest first; effective GFLOP/s are operations of the direct method."""
    lines = [
        "",
        f"{layer.layer.group}: {layer.layer.name}, {layer.threads} thread{'s' if layer.threads > 1 else ''}",
        f"  {'':24} {'error':>8} {'min ms':>9} {'median':>9} {'cold min':>9} {'median':>9} {'GFLOP/s':>8}",
    ]
    for outcome in sorted(layer.outcomes, key=lambda outcome: outcome.times.warm.best):
        warm, cold = outcome.times.warm, outcome.times.cold
        times = " ".join(f"{seconds * 1e3:9.3f}" for seconds in (warm.best, warm.median, cold.best, cold.median))
        rate = layer.layer.operations / warm.best / 1e9
        lines.append(f"  {outcome.name:24} {outcome.error:8.1e} {times} {rate:8.0f}")
    for reason in dict.fromkeys(layer.absent.values()):
        names = ", ".join(name for name, why in layer.absent.items() if why == reason)
        lines.append(f"  absent: {names}: {reason}")
    return "\n".join(lines)


def summary_text(layers: Sequence[LayerOutcome]) -> str:
    """Ratios of the times of peers to those of wincook, misses first, for each number of threads and both caches."""
    parts = []
    for threads in dict.fromkeys(layer.threads for layer in layers):
        chosen = [layer for layer in layers if layer.threads == threads]
        for caches in get_args(Caches):
            parts += ["", f"{threads} thread{'s' if threads > 1 else ''}, caches {caches}", *_misses(chosen, caches)]
            for limit in LIMITS:
                ratios = beside_fastest_peer(chosen, caches, limit)
                if ratios:
                    mean = geometric_mean(ratio.minima for ratio in ratios)
                    medians = geometric_mean(ratio.medians for ratio in ratios)
                    parts.append(f"  fastest peer / fastest kernel, errors up to {limit:g}, by minima and by medians:")
                    parts += [f"    {_line(ratio, caches)}" for ratio in ratios]
                    parts.append(f"    geometric mean {mean:.2f}x, {medians:.2f}x")
            for group, times in network_times(chosen, caches, NETWORK_LIMIT).items():
                cells = ", ".join(f"{engine} {seconds * 1e3:.2f} ms" for engine, seconds in times.items())
                parts.append(f"  {group}, sum over its layers, errors up to {NETWORK_LIMIT:g}: {cells}")
    return "\n".join(parts)


def table_text(layers: Sequence[LayerOutcome]) -> str:
    """A table in Markdown, of warm caches: the fastest peer, and the fastest kernel within each limit beside it.

    Where no peer keeps the smaller limit, its kernel stands alone.
    """
    limits = [f"error ≤ {limit:g}" for limit in LIMITS]
    lines = [f"| layer | threads | fastest peer | wincook, {' | '.join(limits)} |", "|---" * (3 + len(LIMITS)) + "|"]
    within = [{ratio.where: ratio for ratio in beside_fastest_peer(layers, "warm", limit)} for limit in LIMITS]
    for layer in layers:
        ratios = [chosen.get(layer) for chosen in within]
        if last := ratios[-1]:
            cells = [f"{_cell(ratio.ours)}, {ratio.minima:.2f}×" if ratio else "" for ratio in ratios]
            peer = f"{last.peer.name} {_cell(last.peer)}"
            lines.append(f"| {layer.layer.name} | {layer.threads} | {peer} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(outcome: Outcome) -> str:
    return f"{outcome.times.warm.best * 1e3:.3g} ms ({outcome.error:.0e})"


def as_json(header: Mapping[str, str], layers: Iterable[LayerOutcome]) -> str:
    """All that was measured: seconds of each call."""
    return json.dumps({"header": dict(header), "layers": [_plain(layer) for layer in layers]}, indent=1)


def _misses(layers: Sequence[LayerOutcome], caches: Caches) -> list[str]:
    """Peers that are faster than every kernel as accurate as they are, or more accurate than every kernel."""
    ratios = [ratio for layer in layers for ratio in beside_each_peer(layer, caches)]
    slower = sorted((ratio for ratio in ratios if ratio.minima < 1), key=lambda ratio: ratio.minima)
    better = {layer: peers for layer in layers if (peers := unequalled(layer))}
    number, total = (len(part) + sum(map(len, better.values())) for part in (slower, ratios))
    lines = [f"    {_line(ratio, caches)}" for ratio in slower]
    for layer, peers in better.items():
        words = ", ".join(f"{peer.name} ({peer.error:.1e})" for peer in peers)
        lines.append(f"    more accurate  {layer.layer.name}: {words}")
    return [f"  faster or more accurate than every kernel as accurate: {number} of {total} peers", *lines]


def _line(ratio: Ratio, caches: Caches) -> str:
    def side(outcome: Outcome) -> str:
        return f"{outcome.name} {outcome.of(caches).best * 1e3:.3f} ms ({outcome.error:.1e})"

    return (
        f"{ratio.minima:5.2f}x, {ratio.medians:5.2f}x  {ratio.where.layer.name}: {side(ratio.peer)}, {side(ratio.ours)}"
    )


def _plain(layer: LayerOutcome) -> dict[str, Any]:
    named = layer.layer
    outcomes = [
        {
            "engine": outcome.engine,
            "variant": outcome.variant,
            "error": outcome.error,
            "warm": asdict(outcome.times.warm)["seconds"],
            "cold": asdict(outcome.times.cold)["seconds"],
        }
        for outcome in layer.outcomes
    ]
    where = {"group": named.group, "name": named.name, "count": named.count, "operations": named.operations}
    return {**where, "threads": layer.threads, "contenders": outcomes, "absent": layer.absent}
