"""The error at each output of a tile: theory and sample side by side, in the same colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.ticker import MaxNLocator

from wincook.arrays import Array
from wincook.report.figures.canvas import Framed, Legend
from wincook.report.figures.scales import number_text
from wincook.report.figures.theme import Theme

_COLOURS = "cividis"  # made for colour-blind eyes: Nuñez, Anderton and Renslow, PLOS ONE 13 (2018)
_NUMBERED = 6  # cells per row that have room for a number
_BRIGHT = 0.42  # of the scale: from here on, ink is dark
_PLANE = 2  # axes
_LOW = 2.0  # inches, with room for two numbers beside the scale


@dataclass(frozen=True, slots=True, eq=False)
class PositionMaps(Framed):
    """RMS errors of the shape of a tile's outputs; a tile of one axis is one row, of three a stack of planes."""

    title: str
    line: str
    predicted: Array
    measured: Array | None = None
    unit: str = "RMS error"

    @property
    def height(self) -> float:
        """So that cells are square, as far as that fits."""
        rows, columns = _plane(self.predicted).shape
        return float(np.clip(3.0 * rows / columns, 0.5, 6.0)) + 0.9

    @property
    def panels(self) -> tuple[int, int]:
        """Theory, and beside it the sample if there is one."""
        return 1, 1 if self.measured is None else 2

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """One or two maps, and one colour bar; in one panel the sample, if there is one."""
        both = {"predicted": self.predicted} | ({} if self.measured is None else {"measured": self.measured})
        maps = dict([*both.items()][-len(panels) :])
        planes = {name: _plane(np.asarray(values, dtype=float)) for name, values in maps.items()}
        finite = np.concatenate([plane[np.isfinite(plane)] for plane in planes.values()])
        power = floor(log10(finite.max(initial=0.0) or 1.0))
        planes = {name: plane / 10.0**power for name, plane in planes.items()}
        norm = Normalize(0.0, (float(finite.max(initial=0.0)) or 1.0) / 10.0**power)
        for axes, (name, plane) in zip(panels, planes.items(), strict=True):
            axes.set_title(name)
            axes.pcolormesh(plane, cmap=_COLOURS, norm=norm, edgecolor=theme.paper, linewidth=1)
            _label(axes, plane.shape, self.predicted.ndim)
            if plane.shape[1] <= _NUMBERED:
                _number(axes, plane, norm)
        figure = panels[0].figure
        scale = figure.colorbar(
            ScalarMappable(norm, _COLOURS),
            ax=list(panels),
            label=f"{self.unit}, in {number_text(10.0**power)}" if power else self.unit,
            aspect=14,
            pad=0.02,
        )
        scale.outline.set(visible=False)
        scale.ax.yaxis.set_major_locator(MaxNLocator(6 if self.height > _LOW else 2))
        return ()


def _plane(values: Array) -> Array:
    """Two axes: one is laid out as a row, further ones are stacked."""
    return values.reshape(-1, values.shape[-1])


def _label(axes: Axes, shape: tuple[int, ...], dimension: int) -> None:
    rows, columns = shape
    axes.set_aspect("equal")
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(columns) + 0.5, list(map(str, range(columns))))
    axes.set_yticks(np.arange(rows) + 0.5, list(map(str, range(rows))) if dimension > 1 else [""])
    axes.set_xlabel("output" if dimension == 1 else "output along the last axis")
    if dimension > 1:
        axes.set_ylabel("output along the first axis" if dimension == _PLANE else "along the axes before, in order")


def _number(axes: Axes, plane: Array, norm: Normalize) -> None:
    """The value in each cell, in the unit of the colour bar."""
    for (row, column), value in np.ndenumerate(plane):
        ink = "black" if norm(value) > _BRIGHT else "white"
        axes.text(column + 0.5, row + 0.5, f"{value:.2f}", ha="center", va="center", color=ink, fontsize=9)
