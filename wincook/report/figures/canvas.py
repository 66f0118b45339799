"""From a picture to a file: one look, one layout, and bytes that depend on nothing but the picture.

A picture is drawn 8 inches wide, 1000 pixels as a PNG. Over the axes stand its title and one line that explains it;
the legend stands below them, where it hides no data.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Protocol

import matplotlib.style
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from wincook.errors import OutputError, quoted
from wincook.files import write_atomically
from wincook.report.figures.theme import Theme

WIDTH = 8.0  # inches
ENDINGS = (".png", ".svg")

_DPI = 125
_LETTERS = 98  # that one line of the explanation holds
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ROW, _GAP = 0.215, 0.12  # of legends, in inches


Legend = Sequence[Sequence[Artist]]  # blocks, one below the other


class Picture(Protocol):
    """Plain data that can be painted."""

    @property
    def title(self) -> str:
        """What it shows, in a few words."""

    @property
    def line(self) -> str:
        """What was computed, under which conditions; also what a reader hears who does not see the picture."""

    @property
    def height(self) -> float:
        """In inches, without title and legend."""

    def paint(self, figure: Figure, theme: Theme) -> Legend:
        """Draw the axes; return what is to be explained below them."""


def draw(picture: Picture, path: str | Path, theme: Theme | str = "light") -> Path:
    """Draw a picture into a PNG or SVG file, which is written whole or not at all.

    Raises:
        NotationError: unknown theme.
        OutputError: another ending, or a file that cannot be written.
    """
    path = Path(path)
    write_atomically(path, contents(picture, ending(path), theme))
    return path


def ending(path: Path) -> str:
    """The kind of picture that a path asks for.

    Raises:
        OutputError: it is none that can be drawn.

    >>> ending(Path("errors.SVG"))
    '.svg'
    """
    found = path.suffix.lower()
    if found not in ENDINGS:
        raise OutputError(f"cannot draw {path}: its ending is {quoted(found)}; it must be one of {', '.join(ENDINGS)}")
    return found


def contents(picture: Picture, kind: str, theme: Theme | str = "light") -> bytes:
    """The bytes of a PNG or SVG file."""
    theme = Theme.of(theme)
    written = io.BytesIO()
    # Dates and versions would make files differ that show the same.
    metadata = {"Software": None} if kind == ".png" else {"Date": None, "Creator": None}
    with matplotlib.style.context(["default", theme.style]):
        _figure(picture, theme).savefig(written, format=kind[1:], dpi=_DPI, metadata=metadata)
    return written.getvalue()


def _figure(picture: Picture, theme: Theme) -> Figure:
    lines = wrap(picture.line, _LETTERS)
    head = 0.5 + 0.2 * len(lines)
    figure = Figure(figsize=(WIDTH, head + picture.height), layout="constrained")
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0, 0, 1, picture.height / (head + picture.height)), h_pad=0.06, w_pad=0.1)
    blocks = [block for block in picture.paint(figure, theme) if block]
    rows = [-(-len(block) // _columns(block)) for block in blocks]
    foot = _ROW * sum(rows) + _GAP * (len(rows) + 0.5) if rows else 0.0
    height = head + picture.height + foot
    figure.set_size_inches(WIDTH, height)
    engine.set(rect=(0, foot / height, 1, picture.height / height))
    top = foot - _GAP / 2
    for block, number in zip(blocks, rows, strict=True):
        _explain(figure, block, top / height)
        top -= _ROW * number + _GAP
    figure.text(0.1 / WIDTH, 1 - 0.32 / height, picture.title, fontsize=14, fontweight="bold")
    for number, words in enumerate(lines):
        figure.text(0.1 / WIDTH, 1 - (0.57 + 0.2 * number) / height, words, fontsize=10, color=theme.faint)
    return figure


def _columns(block: Sequence[Artist]) -> int:
    """As many as its longest entry allows."""
    longest = max(len(str(artist.get_label())) for artist in block)
    return max(1, min(len(block), _LETTERS // (longest + 8)))


def _explain(figure: Figure, block: Sequence[Artist], top: float) -> None:
    figure.legend(
        handles=list(block),
        loc="upper left",
        bbox_to_anchor=(0.1 / WIDTH, top),
        ncols=_columns(block),
        fontsize=10,
        borderpad=0,
        borderaxespad=0,
        labelspacing=0.55,
        handlelength=2 if any(_has_sign(artist) for artist in block) else 0,
        handletextpad=0.8 if any(_has_sign(artist) for artist in block) else 0,
    )


def sign(marker: str, colour: str, label: str, size: float = 8) -> Line2D:
    """A marker that was drawn one by one, and what it stands for."""
    return Line2D([], [], linestyle="", marker=marker, color=colour, label=label, markersize=size)


def words(text: str) -> Line2D:
    """A line below the axes that explains itself."""
    return Line2D([], [], linestyle="", label=text)


def _has_sign(artist: Artist) -> bool:
    return not isinstance(artist, Line2D) or artist.get_linestyle() != "None" or artist.get_marker() != "None"


def logarithmic(axis: Any, ticks: int = 8) -> None:
    """Name at most so many powers of ten of an axis that has been made logarithmic."""
    axis.set_major_locator(LogLocator(numticks=ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: number_text(value)))


def number_text(value: float) -> str:
    """A number in two digits, as people write it.

    >>> [number_text(value) for value in (0.25, 1e-7, 2.5e-7, 10, 65504)]
    ['0.25', '10⁻⁷', '2.5·10⁻⁷', '10', '6.6·10⁴']
    """
    mantissa, exponent = f"{value:.1e}".split("e")
    if int(exponent) in {-1, 0, 1}:
        return f"{value:.2g}"
    power = f"10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return power if mantissa == "1.0" else f"{mantissa.removesuffix('.0')}·{power}"
