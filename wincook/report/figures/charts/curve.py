"""Error against m: larger tiles, larger errors, and how far good points hold them down."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from wincook.report.figures.canvas import Legend, logarithmic
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
class ErrorCurve:
    """Families of algorithms as lines, of what `lines` says; `marked` are (m, error) pairs of others, named `marks`."""

    title: str
    line: str
    series: tuple[Series, ...]
    marked: tuple[tuple[int, float], ...] = ()
    marks: str = "published points (Barabasz et al. 2020)"
    lines: str = "predicted"
    error: str = "relative RMS error"
    height: float = 3.7

    def paint(self, figure: Figure, theme: Theme) -> Legend:
        """Lines for predictions, markers for measurements, stars for what is marked."""
        axes = figure.add_subplot()
        explained: list[Artist] = []
        for number, one in enumerate(self.series):
            colour = theme.series[number % len(theme.series)]
            marker = _MARKERS[number % len(_MARKERS)]
            explained += axes.plot(one.m, one.predicted, color=colour, label=f"{one.name}, {self.lines}")
            if one.measured:
                label = f"{one.name}, measured"
                explained += axes.plot(
                    one.m, one.measured, marker, color=colour, markersize=7, markeredgecolor=theme.paper, label=label
                )
        if self.marked:
            m, errors = zip(*self.marked, strict=True)
            explained += axes.plot(
                m, errors, "*", color=theme.ink, markersize=13, markeredgecolor=theme.paper, label=self.marks
            )
        axes.set(yscale="log", xlabel="m, outputs per tile and axis", ylabel=self.error)
        axes.set_xticks(sorted({m for one in self.series for m in one.m} | {m for m, _ in self.marked}))
        axes.grid(visible=False, axis="x")
        logarithmic(axes.yaxis)
        return [explained]
