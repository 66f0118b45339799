"""Condition numbers against real errors: why the one does not tell the other."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

from matplotlib.figure import Figure

from wincook.report.figures.canvas import Legend, logarithmic
from wincook.report.figures.theme import Theme

_LETTERS = 74  # that the titles of a row hold together
_ACROSS = (1, 2, 3, 2, 3, 3)  # panels side by side, of 1 to 6; of more, three


@dataclass(frozen=True, slots=True)
class Measure:
    """A number for each of many algorithms, such as κ₂ of BT, their errors, and Spearman's rank correlation of both."""

    name: str
    numbers: tuple[float, ...]
    errors: tuple[float, ...]
    spearman: float


@dataclass(frozen=True, slots=True)
class KappaScatter:
    """One panel per measure, with the same errors upward."""

    title: str
    line: str
    measures: tuple[Measure, ...]
    error: str = "relative RMS error"

    @property
    def height(self) -> float:
        """Of its rows of panels."""
        return 2.6 * -(-len(self.measures) // _across(len(self.measures))) + 0.3

    def paint(self, figure: Figure, theme: Theme) -> Legend:
        """Dots on logarithmic axes; the correlation stands in each panel's title."""
        across = _across(len(self.measures))
        down = -(-len(self.measures) // across)
        grid = figure.subplots(down, across, sharey=True, squeeze=False)
        for number, axes in enumerate(grid.flat):
            if number >= len(self.measures):
                axes.set_axis_off()
                continue
            one = self.measures[number]
            colour = theme.series[number % len(theme.series)]
            axes.plot(one.numbers, one.errors, "o", color=colour, alpha=0.6, markersize=5, markeredgewidth=0)
            name = fill(one.name, _LETTERS // across)
            axes.set_title(f"{name}\nSpearman ρ = {one.spearman:.2f}".replace("-", "−"))
            axes.set(xscale="log", yscale="log")
            logarithmic(axes.xaxis, 5)
            logarithmic(axes.yaxis, 6)
        figure.supylabel(self.error, fontsize=11)
        return ()


def _across(panels: int) -> int:
    return _ACROSS[min(panels, len(_ACROSS)) - 1]
