"""Landscapes as pictures: what is drawn is what was predicted."""

from __future__ import annotations

from itertools import starmap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from tests.golden import Golden
from tests.near import near
from wincook.analysis.landscape import Landscape, landscape
from wincook.errors import NotationError, ShapeError, WincookError
from wincook.report.figures.canvas import draw
from wincook.report.figures.charts.landscape import LandscapeLines, LandscapeMap
from wincook.report.figures.landscape import landscape_chart, landscape_figure

PAIR = landscape("F(2,3)", "0, ±a, ∞", {"a": ["1/4", "1/2", 1, 2]})
PLANE = landscape("F(2x2,3x3)", "0, ±a, ∞; 0, ±b, ∞", {"a": [0, 1, 2], "b": ["1/2", 1]})


def lines(figure: Figure, marker: str) -> list[list[tuple[float, float]]]:
    """The points of each line with a marker."""
    drawn = [line for line in figure.axes[0].get_lines() if line.get_marker() == marker]
    return [[(x, y) for x, y in np.asarray(line.get_data(), dtype=float).T.tolist()] for line in drawn]


def test_a_line_goes_through_the_errors_and_a_star_marks_the_least() -> None:
    figure = landscape_figure(PAIR)
    ((*drawn,),) = lines(figure, ".")
    assert drawn == list(zip((0.25, 0.5, 1.0, 2.0), PAIR.errors.tolist(), strict=True))
    assert lines(figure, "*") == [[(float(PAIR.best.values[0]), PAIR.best.error)]]
    (legend,) = {text.get_text() for legend in figure.legends[:1] for text in legend.get_texts()} - {
        "F(2,3) on {0, ±a, ∞}, float32"
    }
    assert legend == f"least: {PAIR.best.error:.3g} at a = {PAIR.best.values[0]}"


def test_published_points_are_marked_where_they_are_on_the_grid() -> None:
    chart = landscape_chart(PAIR)
    (mark,) = chart.published
    assert mark.values == (1.0,)
    assert mark.error == PAIR.errors[2]
    assert "Barabasz" in mark.name
    barabasz = landscape("F(6,3)", "0, ±a, ±1/a, ±1, ∞", {"a": ["1/2", "2/3", 2]})
    assert [mark.values for mark in landscape_chart(barabasz).published] == [(0.5,), (2.0,)]
    ours = landscape("F(3,4)", "0, ±a, ±b, ∞", {"a": ["5/8"], "b": ["3/2", 2]})
    assert [(mark.name[:14], mark.values) for mark in landscape_chart(ours).published] == [
        ("default points", (0.625, 1.5))
    ]
    assert landscape_chart(landscape("F(2x3,3x2)", "0, ±a, ∞", {"a": ["1"]})).published == ()


def test_octaves_lie_on_a_logarithmic_axis_with_fractions_on_it() -> None:
    axes = landscape_figure(PAIR).axes[0]
    assert axes.get_xscale() == "log"
    assert {"1/4", "1/2", "1", "2"} <= {label.get_text() for label in axes.get_xticklabels()}
    near = landscape("F(2,3)", "0, ±a, ∞", {"a": ["1", "3/2", 2]})
    assert landscape_figure(near).axes[0].get_xscale() == "linear"


def test_several_landscapes_are_lines_of_one_chart() -> None:
    other = landscape("F(4,3)", "0, ±a, ±1/a, ∞", {"a": "1/2:1:1/8"}, "float16")
    chart = landscape_chart([PAIR, other])
    assert isinstance(chart, LandscapeLines)
    assert [line.name for line in chart.lines] == [
        "F(2,3) on {0, ±a, ∞}, float32",
        "F(4,3) on {0, ±a, ±1/a, ∞}, float16",
    ]
    assert np.isnan(chart.lines[1].errors).tolist() == [False] * 4 + [True]


def test_a_map_has_the_first_symbol_to_the_right() -> None:
    figure = landscape_figure(PLANE)
    axes = figure.axes[0]
    (mesh,) = axes.collections
    assert isinstance(mesh, QuadMesh)
    cells: Any = np.ma.asarray(mesh.get_array()).reshape(2, 3)
    np.testing.assert_array_equal(cells.mask, [[True, False, False]] * 2)
    np.testing.assert_array_equal(cells.compressed(), PLANE.errors.T[:, 1:].ravel())
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("a", "b")
    assert axes.get_xlim() == (-0.5, 2.5)
    assert axes.get_ylim() == (0.25, 1.25)
    assert lines(figure, "*") == [[tuple(map(float, PLANE.best.values))]]


def test_errors_near_poles_take_no_colours_from_the_others() -> None:
    poles = landscape("F(4,3)", "0, ±a, ±b, ∞", {"a": [1], "b": ["1/2", "999/1000", "1001/1000", 2]})
    assert poles.errors.max() > 100 * poles.best.error
    axes, scale = landscape_figure(poles).axes
    low, high = axes.collections[0].get_clim()
    assert (low, high) == (poles.best.error, 100 * poles.best.error)
    assert scale.get_ylim() == near((low, high))


def test_cells_of_octaves_end_at_geometric_means() -> None:
    plane = landscape("F(2x2,3x3)", "0, ±a, ∞; 0, ±b, ∞", {"a": [1, 4, 16], "b": [1]})
    axes = landscape_figure(plane).axes[0]
    assert axes.get_xlim() == near((0.5, 32))
    (mesh,) = axes.collections
    assert isinstance(mesh, QuadMesh)
    np.testing.assert_allclose(np.asarray(mesh.get_coordinates())[0, :, 0], [0.5, 2, 8, 32])


def test_axes_of_ones_own_are_drawn_into() -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert landscape_figure(PAIR, ax=left) is figure
    assert landscape_figure(PLANE, ax=right, theme="dark") is figure
    assert (left.get_title(), right.get_title()) == ("Error against a", "Error against a and b")
    assert left.get_xlabel() == right.get_xlabel() == "a"


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
@pytest.mark.parametrize("shown", [PAIR, PLANE], ids=["lines", "map"])
def test_the_same_landscape_gives_the_same_bytes(shown: Landscape, ending: str, tmp_path: Path) -> None:
    chart = landscape_chart(shown)
    first, second = starmap(draw, [(chart, tmp_path / f"{name}.{ending}") for name in "ab"])
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("shown", "error", "said"),
    [
        ([], ShapeError, "at least one"),
        ([PLANE, PLANE], ShapeError, "a and b.* not 2"),
        ([PAIR, PLANE], ShapeError, "over a and over a, b"),
        ([PAIR, landscape("F(2,3)", "0, ±b, ∞", {"b": [1]})], ShapeError, "over a and over b"),
        ([PAIR, 3], NotationError, r"landscapes\[1\] = 3"),
        ("a", ShapeError, "'a'"),
        (landscape("F(2,3)", "0, ±a, ∞", {"a": [1]}, "exact"), ShapeError, "exact"),
    ],
    ids=["none", "two maps", "line and map", "two symbols", "no landscape", "text", "no error"],
)
def test_what_has_no_picture_is_named(shown: Any, error: type[WincookError], said: str, golden: Golden) -> None:
    with golden.raises(error, match=said):
        landscape_chart(shown)


def test_two_symbols_make_a_map() -> None:
    assert isinstance(landscape_chart(PLANE), LandscapeMap)
