"""How often the error is so many ulps: the sample as bars, a Gaussian of the predicted size as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isinf

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from wincook.report.figures.canvas import Framed, Legend
from wincook.report.figures.theme import Theme

_TICKS = 14


@dataclass(frozen=True, slots=True)
class UlpHistogram(Framed):
    """Fractions of all outputs, from each edge to the next, drawn equally wide; ascending edges may be 0 and ∞."""

    title: str
    line: str
    edges: tuple[float, ...]
    measured: tuple[float, ...]
    predicted: tuple[float, ...]
    height: float = 3.6

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """Bars, and a stepped line over them."""
        (axes,) = panels
        places = np.arange(len(self.edges))
        colour = theme.series[0]
        axes.bar(places[:-1], self.measured, width=0.94, align="edge", color=colour, alpha=0.75)
        line = axes.stairs(
            self.predicted, places, color=theme.series[1], linewidth=2.2, label="Gaussian, as large as predicted"
        )
        step = -(-len(places) // _TICKS)
        shown = [*places[:-step:step], places[-1]]
        axes.set_xticks(shown, [_edge(self.edges[place]) for place in shown])
        axes.grid(visible=False, axis="x")
        axes.set(
            xlim=(-0.05, len(places) - 0.95), xlabel="|error| in ulps of the output", ylabel="fraction of the outputs"
        )
        axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        return [[Patch(color=colour, alpha=0.75, label="measured"), line]]


def _edge(value: float) -> str:
    if isinf(value):
        return "∞"
    return str(Fraction(value)) if Fraction(value).numerator <= 1 else f"{value:g}"
