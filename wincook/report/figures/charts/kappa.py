"""Condition numbers against real errors: why the one does not tell the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes

from wincook.report.figures.canvas import Framed, Legend
from wincook.report.figures.scales import logarithmic
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
class KappaScatter(Framed):
    """One panel per measure, with the same errors upward."""

    title: str
    line: str
    measures: tuple[Measure, ...]
    error: str = "relative RMS error"

    @property
    def height(self) -> float:
        """Of its rows of panels."""
        return 2.6 * self.panels[0] + 0.3

    @property
    def panels(self) -> tuple[int, int]:
        """One for each measure; the last may stay empty."""
        across = _ACROSS[min(len(self.measures), len(_ACROSS)) - 1]
        return -(-len(self.measures) // across), across

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """Dots on logarithmic axes; the correlation stands in each panel's title."""
        _, across = self.panels
        for number, (axes, measure) in enumerate(zip(panels, self.measures, strict=False)):
            if number:
                axes.sharey(panels[0])
            colour = theme.series[number % len(theme.series)]
            axes.plot(measure.numbers, measure.errors, "o", color=colour, alpha=0.6, markersize=5, markeredgewidth=0)
            name = fill(measure.name, _LETTERS // across)
            axes.set_title(f"{name}\nSpearman ρ = {measure.spearman:.2f}".replace("-", "−"))
            axes.set(xscale="log", yscale="log", ylabel=self.error)
            logarithmic(axes.xaxis, 5)
            logarithmic(axes.yaxis, 6)
        for axes in panels:
            axes.label_outer(remove_inner_ticks=True)
            axes.tick_params(axis="x", labelbottom=True)
        for axes in panels[len(self.measures) :]:
            axes.set_axis_off()
        return ()
