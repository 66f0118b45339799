"""Error against m: larger tiles, larger errors, and how far good points hold them down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from wincook.report.figures.canvas import Framed, Legend
from wincook.report.figures.scales import logarithmic
from wincook.report.figures.theme import Theme

_MARKERS = "os^Dv<"


@dataclass(frozen=True, slots=True)
class Series:
    """Relative RMS errors of one family, predicted for each m; measured for each or none."""

    name: str
    m: tuple[int, ...]
    predicted: tuple[float, ...]
    measured: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorCurve(Framed):
    """Families of algorithms as lines, of what `lines` says; `marked` are (m, error) pairs of others, named `marks`."""

    title: str
    line: str
    series: tuple[Series, ...]
    marked: tuple[tuple[int, float], ...] = ()
    marks: str = "published points (Barabasz et al. 2020)"
    lines: str = "predicted"
    error: str = "relative RMS error"
    height: float = 3.7

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """Lines for predictions, markers for measurements, stars for what is marked."""
        (axes,) = panels
        explained: list[Artist] = []
        for number, series in enumerate(self.series):
            colour = theme.series[number % len(theme.series)]
            marker = _MARKERS[number % len(_MARKERS)]
            explained += axes.plot(series.m, series.predicted, color=colour, label=f"{series.name}, {self.lines}")
            if series.measured:
                label = f"{series.name}, measured"
                measured = axes.plot(series.m, series.measured, marker, color=colour, label=label)
                measured[0].set(markersize=7, markeredgecolor=theme.paper)
                explained += measured
        if self.marked:
            m, errors = zip(*self.marked, strict=True)
            explained += axes.plot(
                m, errors, "*", color=theme.ink, markersize=13, markeredgecolor=theme.paper, label=self.marks
            )
        axes.set(yscale="log", xlabel="m, outputs per tile and axis", ylabel=self.error)
        axes.set_xticks(sorted({m for series in self.series for m in series.m} | {m for m, _ in self.marked}))
        axes.grid(visible=False, axis="x")
        logarithmic(axes.yaxis)
        return [explained]
