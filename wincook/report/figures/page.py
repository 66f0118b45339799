"""A page to draw on: one look, places in inches from the top left corner, and a file that is written whole."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from wincook.arrays import Array
from wincook.files import write_atomically

WIDTH, MARGIN, GUTTER = 16.0, 0.45, 0.16
_DPI = 110

INK, FAINT, PAPER, GREY = "#18212c", "#5d6874", "#fdfdfb", "#a3abb3"
# Okabe and Ito, Color Universal Design (2008): told apart by colour-blind eyes.
BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9.5,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": FAINT,
    "axes.facecolor": PAPER,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": PAPER,
    "grid.color": "#e2e5e8",
    "xtick.color": FAINT,
    "ytick.color": FAINT,
}


class Page:
    """A figure 16 inches wide."""

    def __init__(self, height: float) -> None:
        self.height = height
        self.figure = Figure(figsize=(WIDTH, height))

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes whose frame fills a rectangle."""
        bottom = 1 - (top + height) / self.height
        return self.figure.add_axes((left / WIDTH, bottom, width / WIDTH, height / self.height))

    def text(self, left: float, top: float, text: str, **style: Any) -> None:
        """Text whose last line stands on `top`."""
        self.figure.text(left / WIDTH, 1 - top / self.height, text, va="baseline", **style)

    def heading(self, left: float, top: float, title: str, line: str) -> None:
        """The name of a section, and a line that explains it."""
        self.text(left, top, title, fontsize=13, fontweight="bold")
        self.text(left, top + 0.24, line, color=FAINT)

    def image(
        self, left: float, top: float, width: float, pixels: Array, title: str, line: str, **how: Any
    ) -> AxesImage:
        """An image that begins at `top`, under two lines of text."""
        self.text(left, top - 0.27, title, fontweight="bold")
        self.text(left, top - 0.09, line, color=FAINT, fontsize=8.5)
        axes = self.axes(left, top, width, width * pixels.shape[0] / pixels.shape[1])
        axes.set_axis_off()
        return axes.imshow(pixels, aspect="auto", **how)

    def save(self, path: Path) -> None:
        """Write a PNG file, whole or not at all.

        Raises:
            OutputError: the file cannot be written.
        """
        contents = io.BytesIO()
        self.figure.savefig(contents, format="png", dpi=_DPI)
        write_atomically(path, contents.getvalue())
