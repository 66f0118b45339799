"""The error of families of points against their symbols, as a picture: lines, or a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wincook.analysis.landscape import Landscape, Place
from wincook.arguments import instance, items
from wincook.atlas.lookup import points_for
from wincook.errors import ShapeError
from wincook.factor import Point
from wincook.points import Points
from wincook.report.figures.canvas import draw_into, figure_of
from wincook.report.figures.charts.landscape import LandscapeLines, LandscapeMap, Line, Mark
from wincook.report.figures.theme import Theme
from wincook.report.tables.landscape import least_in_words
from wincook.reproduce.barabasz2020 import published_rows

_EXAMPLE = "landscape('F(4,3)', '0, ±a, ±1/a, ∞', {'a': '1/4:2:1/32'})"
_BARABASZ, _TAPS = "Barabasz et al. 2020", 3
_DEFAULT = "default points"


def landscape_figure(
    landscapes: Landscape | Sequence[Landscape], ax: Axes | None = None, theme: Theme | str = "light"
) -> Figure:
    """Error against a symbol as a figure of matplotlib.

    Args:
        landscapes: one, or several over one symbol, which become lines; over two symbols one, which becomes a map.
        ax: Axes to draw into, in the style that they have; a figure of its own if left out.
        theme: light or dark.

    Raises:
        NotationError: no landscape, no Axes, or an unknown theme.
        ShapeError: none, several with two symbols or with different ones, or no error that a logarithmic scale has.

    >>> from wincook.analysis import landscape
    >>> family = landscape("F(2,3)", "0, ±a, ∞", {"a": "1/2:2:1/2"})
    >>> landscape_figure(family).axes[0].get_xlabel()
    'a'
    """
    chart = landscape_chart(landscapes)
    return figure_of(chart, theme) if ax is None else draw_into(ax, chart, theme)


def landscape_chart(landscapes: Landscape | Sequence[Landscape]) -> LandscapeLines | LandscapeMap:
    """The same as a chart, which `draw` takes: lines over one symbol, a map over two.

    Published sets are marked where they are sets of the landscape.

    Raises:
        NotationError: no landscape.
        ShapeError: none, several with two symbols or with different ones, or no error that a logarithmic scale has.
    """
    shown = _checked(landscapes)
    first = shown[0]
    conditions = f"C = {first.channels}, law {first.law.name}"
    title = f"Error against {' and '.join(first.symbols)}"
    marks = tuple(mark for landscape in shown for mark in _published(landscape))
    if len(first.symbols) == 1:
        line = f"Predicted relative RMS error of sets of points, {conditions}; no line where there is no set."
        return LandscapeLines(title, line, first.symbols[0], tuple(map(_line, shown)), marks)
    line = f"Predicted relative RMS error of {_name(first)}, {conditions}; no colour where there is no set."
    return LandscapeMap(
        title,
        line,
        cast("tuple[str, str]", first.symbols),
        cast("tuple[tuple[float, ...], tuple[float, ...]]", tuple(tuple(map(float, axis)) for axis in first.values)),
        first.errors,
        _least(first),
        marks,
    )


def check_drawn_together(number: int, symbols: Sequence[str]) -> None:
    """See that so many landscapes over such symbols have a picture together.

    Raises:
        ShapeError: they have none.
    """
    if number < 1:
        raise ShapeError(f"a picture needs at least one landscape; make one by {_EXAMPLE}")
    if number > 1 and len(symbols) > 1:
        raise ShapeError(
            f"over two symbols, {' and '.join(symbols)}, a picture shows one tile on one set of points in one format, "
            f"not {number}; draw each by itself, or sweep one symbol"
        )


def _checked(landscapes: object) -> tuple[Landscape, ...]:
    given = (landscapes,) if isinstance(landscapes, Landscape) else items("landscapes", landscapes, f"[{_EXAMPLE}]")
    shown = tuple(
        instance(f"landscapes[{place}]", value, Landscape, f"make it by {_EXAMPLE}")
        for place, value in enumerate(given)
    )
    check_drawn_together(len(shown), shown[0].symbols if shown else ())
    for landscape in shown:
        if landscape.symbols != shown[0].symbols:
            axes = [", ".join(symbols) for symbols in (shown[0].symbols, landscape.symbols)]
            raise ShapeError(f"landscapes over {axes[0]} and over {axes[1]} share no axis; draw each by itself")
        if not landscape.best.error:
            raise ShapeError(f"{_name(landscape)} has no errors at all, and no place on a logarithmic scale")
    return shown


def _line(landscape: Landscape) -> Line:
    (values,) = landscape.values
    return Line(_name(landscape), tuple(map(float, values)), tuple(landscape.errors.tolist()), _least(landscape))


def _least(landscape: Landscape) -> Mark:
    return _mark(least_in_words(landscape), landscape.best)


def _published(landscape: Landscape) -> Iterator[Mark]:
    """The places whose points, on every axis alike, are those of a published set, or the default ones."""
    names = _published_sets(landscape)
    for place in landscape.places:
        name = names.get(frozenset(place.points[0])) if place.prediction and len(set(place.points)) == 1 else None
        if name:
            yield _mark(f"{name}: {place.error:.3g} at {landscape.where(place)}", place)


def _published_sets(landscape: Landscape) -> dict[frozenset[Point], str]:
    """Their names, for a tile whose axes are alike; others have none."""
    tile = landscape.family.tile
    if len(set(tile.axes)) > 1:
        return {}
    (m, *_), (r, *_) = tile.outputs, tile.taps
    names = {frozenset(points): _DEFAULT for points in points_for(tile, landscape.precision)}
    for row in published_rows() if r == _TAPS else ():
        if row.m == m:
            names[frozenset(Points.parse(row.points[tile.dimension > 1]))] = _BARABASZ
    return names


def _mark(name: str, place: Place) -> Mark:
    return Mark(name, tuple(map(float, place.values)), place.error)


def _name(landscape: Landscape) -> str:
    return f"{landscape.family}, {landscape.precision}"
