"""A picture of time against error: one mark for each contender on each layer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.peers.contender import ENGINES
from benchmarks.peers.outcome import OURS, LayerOutcome

_MARKS = "os^vD*PXh"


def draw(layers: Sequence[LayerOutcome], path: Path) -> None:
    """Write the picture: times over that of the fastest peer on the same layer, so that all layers share an axis."""
    figure = Figure(figsize=(8, 5.5), layout="constrained")
    axes = figure.add_subplot()
    for mark, engine in zip(_MARKS, ENGINES, strict=True):
        errors, times = [], []
        for layer in layers:
            peers = [outcome.times.warm.best for outcome in layer.outcomes if outcome.engine != OURS]
            for outcome in layer.outcomes if peers else ():
                if outcome.engine == engine:
                    errors.append(outcome.error)
                    times.append(outcome.times.warm.best / min(peers))
        if errors:
            axes.scatter(errors, times, marker=mark, s=40 if engine == OURS else 22, label=engine, alpha=0.75)
    axes.axhline(1, color="grey", linewidth=0.8)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="max|y - exact| / max|exact|",
        ylabel="time / time of the fastest peer on the layer",
    )
    axes.legend(ncols=2, fontsize="small")
    axes.grid(visible=True, which="both", linewidth=0.3)
    figure.savefig(path)
