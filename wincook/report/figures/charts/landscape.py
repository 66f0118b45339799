"""Error against the symbols of a family of points: lines against one symbol, a map over two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm

from wincook.arrays import Array
from wincook.report.figures.canvas import Framed, Legend, sign
from wincook.report.figures.scales import fractional, is_octaves, logarithmic_in_detail
from wincook.report.figures.theme import Theme

_COLOURS = "cividis_r"  # good sets are bright; made for colour-blind eyes: Nuñez, Anderton and Renslow (2018)
_ERROR = "relative RMS error"
_WORST = 100.0  # times the least error: what is beyond, near poles, has the last colour


@dataclass(frozen=True, slots=True)
class Mark:
    """A set of points that stands out: what it is, the values of the symbols, and its error."""

    name: str
    values: tuple[float, ...]
    error: float


@dataclass(frozen=True, slots=True)
class Line:
    """Errors of one family against one symbol, NaN where there are none; a mark at the least."""

    name: str
    values: tuple[float, ...]
    errors: tuple[float, ...]
    least: Mark


@dataclass(frozen=True, slots=True)
class LandscapeLines(Framed):
    """Families as lines; `published` are sets that lie on them."""

    title: str
    line: str
    symbol: str
    lines: tuple[Line, ...]
    published: tuple[Mark, ...] = ()
    height: float = 4.0

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """Lines through the sets, which break where there is none; a star at the least error of each."""
        (axes,) = panels
        explained: list[list[Artist]] = []
        axes.set(yscale="log", xlabel=self.symbol, ylabel=_ERROR)
        for number, line in enumerate(self.lines):
            colour = theme.series[number % len(theme.series)]
            (drawn,) = axes.plot(line.values, line.errors, ".-", color=colour, markersize=4, label=line.name)
            explained.append([drawn, _starred(axes, line.least, line.least.error, colour, theme)])
        marks = [_ringed(axes, mark, mark.error, theme) for mark in self.published]
        fractional(axes, "x", {value for line in self.lines for value in line.values})
        logarithmic_in_detail(axes.yaxis, [error for line in self.lines for error in line.errors if isfinite(error)])
        return [*explained, marks]


@dataclass(frozen=True, slots=True, eq=False)
class LandscapeMap(Framed):
    """One family over two symbols: errors of shape (values of the first, values of the second), NaN where none."""

    title: str
    line: str
    symbols: tuple[str, str]
    values: tuple[tuple[float, ...], tuple[float, ...]]
    errors: Array
    least: Mark
    published: tuple[Mark, ...] = ()
    height: float = 5.6

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """A colour for each error, none where there is none; the first symbol to the right, the second upward."""
        (axes,) = panels
        finite = self.errors[np.isfinite(self.errors)]
        low, high = float(finite.min()), float(finite.max())
        last = min(max(high, 1.01 * low), _WORST * low)
        norm = LogNorm(low, last)
        across, up = (_edges(values) for values in self.values)
        cells = np.ma.masked_invalid(self.errors.T)
        axes.pcolormesh(across, up, cells, cmap=_COLOURS, norm=norm, rasterized=True)
        axes.set(xlabel=self.symbols[0], ylabel=self.symbols[1])
        axes.grid(visible=False)
        for name, values in zip("xy", self.values, strict=True):
            fractional(axes, name, values)
        axes.set(xlim=(across[0], across[-1]), ylim=(up[0], up[-1]))
        scale = axes.figure.colorbar(
            ScalarMappable(norm, _COLOURS),
            ax=axes,
            label=_ERROR,
            aspect=24,
            pad=0.02,
            extend="max" if high > last else "neither",
        )
        scale.outline.set(visible=False)
        logarithmic_in_detail(scale.ax.yaxis, (low, last))
        star = _starred(axes, self.least, self.least.values[1], theme.series[1], theme)
        return [[star], [_ringed(axes, mark, mark.values[1], theme) for mark in self.published]]


def _starred(axes: Axes, mark: Mark, height: float, colour: str, theme: Theme) -> Artist:
    axes.plot(mark.values[0], height, "*", color=colour, markersize=15, markeredgecolor=theme.paper, zorder=3)
    return sign("*", colour, f"least: {mark.name}", 13)


def _ringed(axes: Axes, mark: Mark, height: float, theme: Theme) -> Artist:
    """A ring leaves a star at the same place to be seen."""
    rings = sign("o", theme.ink, mark.name, 12), *axes.plot(mark.values[0], height, "o", color=theme.ink, markersize=17)
    for ring in rings:
        ring.set(markerfacecolor="none", markeredgewidth=1.8)
    return rings[0]


def _edges(values: Sequence[float]) -> Array:
    """Where the cells around values end: midway on the axis, and as far beyond the first and the last."""
    octaves = is_octaves(values)
    centres = np.log2(values) if octaves else np.array(values)
    middles = (centres[1:] + centres[:-1]) / 2
    half = (middles[:1] - centres[:1], centres[-1:] - middles[-1:]) if len(middles) else ([0.5], [0.5])
    edges = np.concatenate([centres[:1] - half[0], middles, centres[-1:] + half[1]])
    return np.exp2(edges) if octaves else edges
