"""What is drawn is what was given."""

from __future__ import annotations

import matplotlib.style
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch

from tests.near import near
from wincook.arrays import Array
from wincook.report.figures.canvas import Chart
from wincook.report.figures.charts.front import Dot, FrontChart
from wincook.report.figures.charts.ulps import UlpHistogram
from wincook.report.figures.theme import LIGHT

Pictures = dict[str, Chart]


def painted(chart: Chart) -> tuple[list[Axes], list[str]]:
    with matplotlib.style.context(["default", LIGHT.style]):
        figure = Figure(figsize=(8, 5), layout="constrained")
        legend = chart.paint(figure.subplots(*chart.panels, squeeze=False).ravel().tolist(), LIGHT)
    return figure.axes, [str(artist.get_label()) for block in legend for artist in block]


def points(axes: Axes, marker: str) -> list[tuple[float, float]]:
    lines = [np.asarray(line.get_data(), dtype=float) for line in axes.get_lines() if line.get_marker() == marker]
    return sorted((x, y) for line in lines for x, y in line.T.tolist())


def mesh(axes: Axes) -> Array:
    (cells,) = axes.collections
    assert isinstance(cells, QuadMesh)
    return np.asarray(cells.get_array(), dtype=float)


def test_the_front_has_its_stars_and_its_crosses(pictures: Pictures) -> None:
    chart = pictures["front"]
    assert isinstance(chart, FrontChart)
    (axes,), legend = painted(chart)
    assert points(axes, "*") == sorted((dot.speedup, dot.height) for dot in chart.dots if dot.on_front)
    assert points(axes, "X") == [(2.25, 1e-3)]
    assert len(points(axes, "o")) == len(chart.dots) - 3
    assert [text.get_text() for text in axes.texts] == [*"1234", *"1234", "5"]
    assert "1  F(4x4,3x3) on {0, ±2, ±1/2, ∞}" in legend
    assert "overflows" in legend


def test_a_sample_far_from_theory_is_joined_to_it() -> None:
    near, far = (Dot("F(4,3)", "float16", 2.0, 1e-3, measured, on_front=True) for measured in (1.2e-3, 1.0))
    note = "predicted, where the sample is far off"
    for dot, shown in ((near, []), (far, [(2.0, 1e-3)])):
        (axes,), legend = painted(FrontChart("t", "l", (dot,)))
        assert points(axes, "_") == shown
        assert (note in legend) == bool(shown)


def test_bars_and_steps_have_the_heights_given(pictures: Pictures) -> None:
    histogram = pictures["ulps"]
    assert isinstance(histogram, UlpHistogram)
    (axes,), legend = painted(histogram)
    steps = next(patch for patch in axes.patches if isinstance(patch, StepPatch))
    bars = [patch.get_height() for patch in axes.patches if isinstance(patch, Rectangle)]
    assert tuple(bars) == histogram.measured
    assert tuple(steps.get_data()[0]) == histogram.predicted
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert (labels[0], labels[1], labels[-1]) == ("0", "1/2048", "∞")
    assert legend == ["measured", "Gaussian, as large as predicted"]


def test_maps_share_one_scale(pictures: Pictures) -> None:
    axes, _ = painted(pictures["map 2-D"])
    np.testing.assert_allclose(mesh(axes[0]), np.outer(range(1, 7), range(1, 7)) / 10)
    np.testing.assert_allclose(mesh(axes[1]), 1.0)
    assert axes[0].collections[0].get_clim() == axes[1].collections[0].get_clim() == near((0, 3.6))
    assert axes[-1].get_ylabel() == "RMS error, in $10^{−8}$"
    assert axes[0].texts[-1].get_text() == "3.60"


def test_a_row_and_a_stack_are_maps_too(pictures: Pictures) -> None:
    for name, shape in (("map 1-D", (1, 8)), ("map 3-D", (4, 4))):
        assert mesh(painted(pictures[name])[0][0]).shape == shape


def test_stages_lie_between_the_limits_of_their_formats(pictures: Pictures) -> None:
    axes, legend = painted(pictures["stages"])
    lines = [np.asarray(line.get_data(), dtype=float) for line in axes[0].get_lines()]
    limits = {(float(x[0]), round(float(y.mean()))) for x, y in lines if len(x) == 2}
    assert limits == {(65504.0, 1), (2.0**-14, 1), (2.0**-24, 1), (127.0, 2), (1.0, 2)}
    notes = [label.get_text() for child in axes[0].child_axes for label in child.get_yticklabels()]
    assert notes == [r"$1.2 \times 10^{−38}$…$3.4 \times 10^{38}$", "", ""]
    assert "the same, may overflow" in legend
    fits, overflows = axes[0].patches[:2]
    assert fits.get_facecolor() != overflows.get_facecolor()


def test_panels_tell_the_correlation_that_was_given(pictures: Pictures) -> None:
    axes, _ = painted(pictures["kappa"])
    assert len([panel for panel in axes if panel.axison]) == 5
    assert all("Spearman ρ = −1.00" in panel.get_title(loc="left") for panel in axes[:5])


@pytest.mark.parametrize(("label", "number"), [("predicted", 2), ("measured", 1), ("published", 1)])
def test_the_curve_explains_its_lines(pictures: Pictures, label: str, number: int) -> None:
    (axes,), legend = painted(pictures["curve"])
    assert sum(label in entry for entry in legend) == number
    assert isinstance(axes.get_lines()[0], Line2D)
    assert points(axes, "*") == [(4.0, 2e-6)]
