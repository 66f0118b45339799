"""Places on a figure in inches from its top left corner, as people lay out a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from wincook.arrays import Array
from wincook.report.figures.theme import Theme


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure of its final size to lay things out on, in the colours of a theme."""

    figure: Figure
    theme: Theme

    @property
    def width(self) -> float:
        """In inches."""
        return float(self.figure.get_figwidth())

    @property
    def height(self) -> float:
        """In inches."""
        return float(self.figure.get_figheight())

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes whose frame fills a rectangle."""
        bottom = 1 - (top + height) / self.height
        return self.figure.add_axes((left / self.width, bottom, width / self.width, height / self.height))

    def text(self, left: float, top: float, words: str, *, math: bool = False, **style: Any) -> None:
        """Text whose last line stands on `top`; a name may hold a $, unless the words are mathematics."""
        self.figure.text(left / self.width, 1 - top / self.height, words, va="baseline", parse_math=math, **style)

    def note(self, left: float, top: float, words: str, **style: Any) -> None:
        """A few small words."""
        self.text(left, top, words, color=self.theme.faint, fontsize=8.5, **style)

    def heading(self, left: float, top: float, title: str, line: str) -> None:
        """The name of a section, and a line that explains it."""
        self.text(left, top, title, fontsize=13, fontweight="bold")
        self.text(left, top + 0.24, line, color=self.theme.faint)

    def image(
        self, left: float, top: float, width: float, pixels: Array, title: str, line: str, **how: Any
    ) -> AxesImage:
        """An image that begins at `top`, under two lines of text."""
        self.text(left, top - 0.27, title, fontweight="bold")
        self.note(left, top - 0.09, line, math=True)
        axes = self.axes(left, top, width, width * pixels.shape[0] / pixels.shape[1])
        axes.set_axis_off()
        return axes.imshow(pixels, aspect="auto", **how)
