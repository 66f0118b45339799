"""The magnitudes at each stage on a logarithmic scale, between the limits of the format that holds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from typing import Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from wincook.formats import Format
from wincook.report.figures.canvas import Framed, Legend, sign
from wincook.report.figures.scales import logarithmic, number_text
from wincook.report.figures.theme import Theme

_LARGEST, _SMALLEST, _SUBNORMAL = "largest number", "smallest normal number", "smallest subnormal number"
_LIMITS: dict[str, Literal["-", "--", ":"]] = {_LARGEST: "-", _SMALLEST: "--", _SUBNORMAL: ":"}
_NORMAL = (_SMALLEST, _LARGEST)
_FAR = 6.0  # decades from the data within which a limit is drawn where it lies
_MARGIN = 0.7


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage holds: the RMS of its smallest value, the RMS of all, and the largest magnitude there can be."""

    name: str
    format: Format
    least: float
    typical: float
    largest: float

    @property
    def overflows(self) -> bool:
        """Whether the largest magnitude is beyond the largest number."""
        return self.largest > self.limits.get(_LARGEST, float("inf"))

    @property
    def limits(self) -> dict[str, float]:
        """Those of the format, under the names that the legend gives them."""
        if self.format.is_exact:
            return {}
        largest, smallest = float(self.format.largest), float(self.format.smallest)
        if self.format.is_integer:
            return {_LARGEST: largest, _SMALLEST: smallest}
        return {_LARGEST: largest, _SMALLEST: self.format.smallest_normal, _SUBNORMAL: smallest}


@dataclass(frozen=True, slots=True)
class StageMagnitudes(Framed):
    """The stages from top to bottom in the order of computation."""

    title: str
    line: str
    stages: tuple[Stage, ...]

    @property
    def height(self) -> float:
        """One row per stage."""
        return 0.42 * len(self.stages) + 0.9

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """Bars from least to largest, a mark at the RMS, and the limits of the format across each row."""
        (axes,) = panels
        first, last = self._view()
        for row, stage in enumerate(self.stages):
            colour, least = theme.series[stage.overflows], stage.least or first
            axes.barh(row, stage.largest - least, left=least, height=0.46, color=colour, alpha=0.8)
            axes.plot(stage.typical, row, "D", color=theme.ink, markersize=6, markeredgecolor=theme.paper)
            for name, limit in stage.limits.items():
                if first < limit < last:
                    axes.plot([limit] * 2, [row - 0.5, row + 0.5], _LIMITS[name], color=theme.series[1], linewidth=1.8)
        axes.set(xscale="log", xlim=(first, last), ylim=(len(self.stages) - 0.5, -0.5), xlabel="magnitude")
        axes.set_yticks(range(len(self.stages)), [f"{stage.name}  {stage.format}" for stage in self.stages])
        axes.tick_params(axis="y", length=0, labelcolor=theme.ink)
        axes.grid(visible=False, axis="y")
        logarithmic(axes.xaxis)
        self._beyond(axes, first, last)
        return [[*self._explained(theme, first, last)]]

    def _beyond(self, axes: Axes, first: float, last: float) -> None:
        """On the right, the limits that lie too far away to be drawn."""
        notes = []
        for stage in self.stages:
            normal = [stage.limits[name] for name in _NORMAL if name in stage.limits]
            far = [number_text(limit) for limit in normal if not first < limit < last]
            notes.append("…".join(far) if len(far) > 1 else "".join(f"limit {limit}" for limit in far))
        if any(notes):
            right = axes.secondary_yaxis("right")
            right.set_yticks(range(len(notes)), notes)
            right.tick_params(length=0, labelsize=9)
            right.spines[:].set_visible(False)

    def _view(self) -> tuple[float, float]:
        """From a little below the smallest thing worth seeing to a little above the largest."""
        least = min(stage.least for stage in self.stages if stage.least)
        largest = max(stage.largest for stage in self.stages)
        limits = [limit for stage in self.stages for limit in stage.limits.values()]
        near = [limit for limit in limits if least / 10**_FAR < limit < largest * 10**_FAR]
        low, high = min([least, *near]), max([largest, *near])
        return 10 ** (log10(low) - _MARGIN), 10 ** (log10(high) + _MARGIN)

    def _explained(self, theme: Theme, first: float, last: float) -> Iterator[Artist]:
        yield Patch(color=theme.series[0], alpha=0.8, label="least RMS to largest magnitude")
        if any(stage.overflows for stage in self.stages):
            yield Patch(color=theme.series[1], alpha=0.8, label="the same, may overflow")
        yield sign("D", theme.ink, "RMS of all values", 6)
        for name, dashes in _LIMITS.items():
            if any(first < stage.limits.get(name, 0.0) < last for stage in self.stages):
                yield Line2D([], [], color=theme.series[1], linestyle=dashes, linewidth=1.8, label=name)
