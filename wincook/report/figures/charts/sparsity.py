"""Error and speed side by side against the share of blocks that are zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from wincook.report.figures.canvas import Framed, Legend
from wincook.report.figures.theme import Theme


@dataclass(frozen=True, slots=True)
class SparsityChart(Framed):
    """Lines for predictions, markers for measurements; zeros are in per cent of the blocks."""

    title: str
    line: str
    zeros: tuple[float, ...]
    predicted_errors: tuple[float, ...]
    errors: tuple[float, ...]
    products: tuple[float, ...]
    calls: tuple[float, ...]
    measured: tuple[float, ...] = ()
    height: float = 3.4

    @property
    def panels(self) -> tuple[int, int]:
        """Errors on the left, speed on the right."""
        return 1, 2

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """Draw both; where only one panel is given, both go there."""
        left, right = panels[0], panels[-1]
        first, second = theme.series[:2]
        explained: list[Artist] = []
        explained += left.plot(self.zeros, self.predicted_errors, color=first, label="error, predicted")
        explained += left.plot(self.zeros, self.errors, "o", color=first, label="error, measured")
        explained += right.plot(self.zeros, self.products, "--", color=second, label="products, predicted")
        explained += right.plot(self.zeros, self.calls, color=second, label="whole calls, predicted")
        if self.measured:
            explained += right.plot(self.zeros, self.measured, "s", color=second, label="whole calls, measured")
        left.set(xlabel="blocks that are zero, %", ylabel="relative RMS error of y")
        right.set(xlabel="blocks that are zero, %", ylabel="times as fast as the dense kernel")
        for axes in panels:
            axes.set_ylim(0, 1.05 * axes.get_ylim()[1])
        return [explained]
