"""From a picture to a file or a figure: one look, and bytes that depend on nothing but the picture.

A chart is drawn 8 inches wide, 1000 pixels as a PNG. Over its axes stand its title and one line that explains it; the
legend stands below them, where it hides no data.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Protocol

import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from wincook.arguments import items
from wincook.errors import NotationError, OutputError, ShapeError, quoted
from wincook.files import given_path, write_atomically
from wincook.report.figures.sheet import Sheet
from wincook.report.figures.theme import Theme

WIDTH = 8.0  # inches
# What would make files differ that show the same: dates, and versions of matplotlib.
_METADATA: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
ENDINGS = tuple(_METADATA)

_AXES = "figure.subplots(1, 2)"
_DPI = 125
_LETTERS = 98  # that one line of the explanation holds
_ROW, _GAP = 0.215, 0.12  # of legends, in inches


Legend = Sequence[Sequence[Artist]]  # blocks, one below the other


class Picture(Protocol):
    """Plain data that can be drawn."""

    @property
    def title(self) -> str:
        """What it shows, in a few words."""

    @property
    def line(self) -> str:
        """What was computed, under which conditions; also what a reader hears who does not see the picture."""

    def compose(self, theme: Theme) -> Figure:
        """The figure, made in the style of the theme."""


class Chart(Picture, Protocol):
    """A picture of axes, which can also be painted into other people's axes."""

    @property
    def height(self) -> float:
        """Of the axes, in inches."""

    @property
    def panels(self) -> tuple[int, int]:
        """Rows and columns of axes."""

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """Draw into the axes, row by row; return what is to be explained below them."""


class Framed:
    """A chart of one panel; as a picture it has its title above and its legend below."""

    __slots__ = ()

    @property
    def panels(self) -> tuple[int, int]:
        """Rows and columns of axes."""
        return 1, 1

    def compose(self: Chart, theme: Theme) -> Figure:
        """The figure, made in the style of the theme."""
        return _framed(self, theme)


def draw(picture: Picture, path: str | Path, theme: Theme | str = "light") -> Path:
    """Draw a picture into a PNG, SVG or PDF file, which is written whole or not at all.

    Raises:
        NotationError: no picture, no path, or an unknown theme.
        OutputError: another ending, or a file that cannot be written.
    """
    path = given_path("path", path)
    write_atomically(path, contents(picture, ending(path), theme))
    return path


def ending(path: Path) -> str:
    """The kind of picture that a path asks for.

    Raises:
        OutputError: it is none that can be drawn.

    >>> ending(Path("errors.SVG"))
    '.svg'
    """
    kind = path.suffix.lower()
    if kind not in ENDINGS:
        raise OutputError(f"cannot draw {path}: its ending is {quoted(kind)}; it must be one of {', '.join(ENDINGS)}")
    return kind


def contents(picture: Picture, kind: str, theme: Theme | str = "light") -> bytes:
    """The bytes of a PNG, SVG or PDF file."""
    picture, theme = _with("compose", picture), Theme.of(theme)
    file = io.BytesIO()
    with matplotlib.style.context(["default", theme.style]):
        picture.compose(theme).savefig(file, format=kind[1:], dpi=_DPI, metadata=_METADATA[kind])
    return file.getvalue()


def figure_of(picture: Picture, theme: Theme | str = "light") -> Figure:
    """The picture as a figure of matplotlib, which a notebook shows.

    Raises:
        NotationError: no picture, or an unknown theme.
    """
    picture, theme = _with("compose", picture), Theme.of(theme)
    with matplotlib.style.context(["default", theme.style]):
        figure = picture.compose(theme)
        figure.draw_without_rendering()  # labels of ticks are made when first drawn, and in the style of that moment
    return figure


def draw_into(axes: Axes | Sequence[Axes], chart: Chart, theme: Theme | str = "light") -> Figure:
    """Draw a chart into axes that are there, in the style that they have, with the colours of the theme.

    Args:
        axes: one, or as many as the chart has panels.
        chart: its title and its legend go to the first of the axes.
        theme: light or dark.

    Raises:
        NotationError: no chart, no axes, or an unknown theme.
        ShapeError: not as many axes as panels.
    """
    chart, theme = _with("paint", chart), Theme.of(theme)
    panels = _axes(axes)
    rows, columns = chart.panels
    if len(panels) not in {1, rows * columns}:
        raise ShapeError(f"{len(panels)} axes do not fit a chart of {rows * columns} panels; give one for each panel")
    blocks = chart.paint(panels, theme)
    panels[0].set_title(chart.title)
    handles = [artist for block in blocks for artist in block]
    if handles:
        panels[0].legend(handles=handles)
    figure = panels[0].get_figure(root=True)
    assert figure is not None  # noqa: S101 (axes without a figure cannot be painted)
    return figure


def _with(method: str, picture: Any) -> Any:
    """What has that method of a picture."""
    if callable(getattr(picture, method, None)):
        return picture
    raise NotationError(
        f"{quoted(picture)} is no picture that can be drawn; make one with front_chart(rows), error_curves(rows) or "
        "pictures_of(report) of wincook.report"
    )


def _axes(axes: Any) -> list[Axes]:
    """Axes of matplotlib: one, several, or an array of them as `subplots` gives it."""
    if isinstance(axes, Axes):
        return [axes]
    panels = items("axes", axes.flat if isinstance(axes, np.ndarray) else axes, _AXES, NotationError)
    if not all(isinstance(panel, Axes) for panel in panels):
        raise NotationError(f"axes = {quoted(axes)} must be Axes of matplotlib, such as {_AXES}")
    if len({panel.get_figure(root=True) for panel in panels}) > 1:
        raise NotationError(f"axes = {quoted(axes)} are of several figures; give those of one, such as {_AXES}")
    return list(panels)


def _framed(chart: Chart, theme: Theme) -> Figure:
    lines = wrap(chart.line, _LETTERS)
    head = 0.5 + 0.2 * len(lines)
    figure = Figure(figsize=(WIDTH, head + chart.height), layout="constrained")
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0, 0, 1, chart.height / (head + chart.height)), h_pad=0.06, w_pad=0.1)
    panels = figure.subplots(*chart.panels, squeeze=False)
    blocks = [block for block in chart.paint(panels.ravel().tolist(), theme) if block]
    rows = [-(-len(block) // _columns(block)) for block in blocks]
    foot = _ROW * sum(rows) + _GAP * (len(rows) + 0.5) if rows else 0.0
    height = head + chart.height + foot
    figure.set_size_inches(WIDTH, height)
    engine.set(rect=(0, foot / height, 1, chart.height / height))
    top = foot - _GAP / 2
    for block, number in zip(blocks, rows, strict=True):
        _explain(figure, block, top / height)
        top -= _ROW * number + _GAP
    sheet = Sheet(figure, theme)
    sheet.text(0.1, 0.32, chart.title, fontsize=14, fontweight="bold")
    for number, words_of_line in enumerate(lines):
        sheet.text(0.1, 0.57 + 0.2 * number, words_of_line, fontsize=10, color=theme.faint)
    return figure


def _columns(block: Sequence[Artist]) -> int:
    """As many as its longest entry allows."""
    longest = max(len(str(artist.get_label())) for artist in block)
    return max(1, min(len(block), _LETTERS // (longest + 8)))


def _explain(figure: Figure, block: Sequence[Artist], top: float) -> None:
    signs = any(_has_sign(artist) for artist in block)
    legend = figure.legend(
        handles=list(block),
        loc="upper left",
        bbox_to_anchor=(0.1 / WIDTH, top),
        ncols=_columns(block),
        fontsize=10,
        borderpad=0,
        borderaxespad=0,
        labelspacing=0.55,
        handlelength=2 if signs else 0,
        handletextpad=0.8 if signs else 0,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)  # a name may hold a $


def sign(marker: str, colour: str, label: str, size: float = 8) -> Line2D:
    """A marker that was drawn one by one, and what it stands for."""
    return Line2D([], [], linestyle="", marker=marker, color=colour, label=label, markersize=size)


def words(text: str) -> Line2D:
    """A line below the axes that explains itself."""
    return Line2D([], [], linestyle="", label=text)


def _has_sign(artist: Artist) -> bool:
    return not isinstance(artist, Line2D) or artist.get_linestyle() != "None" or artist.get_marker() != "None"
