"""One picture of each kind, on data that strain it: many decades, long names, crowded dots."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import numpy as np
import pytest

from wincook.formats import FLOAT16, FLOAT32, INT8
from wincook.report.figures.charts.curve import ErrorCurve, Series
from wincook.report.figures.charts.front import Dot, FrontChart
from wincook.report.figures.charts.kappa import KappaScatter, Measure
from wincook.report.figures.charts.landscape import LandscapeLines, LandscapeMap, Line, Mark
from wincook.report.figures.charts.positions import PositionMaps
from wincook.report.figures.charts.stages import Stage, StageMagnitudes
from wincook.report.figures.charts.ulps import UlpHistogram

LINE = "F(8x8,3x3), C = 64, uniform data; costs $5, or $6: " + "a line so long that it has to be broken, " * 3
ERRORS = tuple(10.0 ** np.linspace(-7, -3, 30))
KAPPAS = tuple(10.0 ** np.linspace(20, 1, 30))
CROWD = tuple(
    Dot(f"F(4x4,3x3) on {{0, ±{k}, ±1/{k}, ∞}}", fmt, 4.0, error * (1 + k / 9), None if k % 2 else error, k == 2)
    for fmt, error in (("float32", 1e-6), ("float16", 1e-2))
    for k in range(2, 6)
)
PICTURES: dict[str, Any] = {
    "curve": ErrorCurve(
        "Larger tiles",
        LINE,
        (
            Series("float32", (2, 4, 6), (1e-7, 1e-6, 1e-4), (1.1e-7, 1e-6, 1e-4)),
            Series("bfloat16", (2, 4, 6), (1e-2, 0.1, 1.0)),
        ),
        ((4, 2e-6),),
    ),
    "front": FrontChart(
        "Speed and error", LINE, (*CROWD, Dot("F(2x2,3x3)", "float16", 2.25, 1e-3, inf, on_front=False))
    ),
    "kappa": KappaScatter(
        "Conditions",
        LINE,
        tuple(Measure(f"κ₂ of matrix number {k} of them all", KAPPAS, ERRORS, -1.0) for k in range(5)),
    ),
    "landscape": LandscapeLines(
        "Error against a",
        LINE,
        "a",
        (
            Line(
                "F(4,3), a pole", (0.25, 0.5, 1.0, 2.0), (1e-6, 2e-7, nan, 4e2), Mark("2e-07 at a = 1/2", (0.5,), 2e-7)
            ),
            Line("F(8x8,3x3), all alike", (0.25, 2.0), (1e-6, 1e-6), Mark("1e-06 at a = 1/4", (0.25,), 1e-6)),
        ),
        (Mark("published: 1e-06 at a = 1/4", (0.25,), 1e-6),),
    ),
    "landscape map": LandscapeMap(
        "Error against a and b",
        LINE,
        ("a", "b"),
        ((0.25, 0.5, 2.0), (-1.0, 0.0)),
        np.array([[1e-7, 1e-6], [nan, 3e-3], [2e-7, 1e-5]]),
        Mark("1e-07 at a = 1/4, b = -1", (0.25, -1.0), 1e-7),
        (Mark("published: 1e-05 at a = 2, b = 0", (2.0, 0.0), 1e-5),),
    ),
    "map 1-D": PositionMaps("Where", LINE, np.linspace(1e-7, 3e-7, 8), np.linspace(1e-7, 4e-7, 8)),
    "map 2-D": PositionMaps("Where", LINE, np.outer(range(1, 7), range(1, 7)) * 1e-9, np.ones((6, 6)) * 1e-8),
    "map 3-D": PositionMaps("Where", LINE, np.ones((2, 2, 4))),
    "stages": StageMagnitudes(
        "Stages",
        LINE,
        (
            Stage("d", FLOAT32, 0.3, 0.5, 1.0),
            Stage("U", FLOAT16, 1e-6, 1e-2, 1e5),
            Stage("V", INT8, 0.5, 20.0, 100.0),
        ),
    ),
    "ulps": UlpHistogram(
        "Ulps", LINE, (0.0, *(2.0**k for k in range(-12, 12)), inf), (0.04,) * 25, tuple(np.linspace(0, 0.08, 25))
    ),
}


@pytest.fixture(scope="session")
def pictures() -> dict[str, Any]:
    return PICTURES


@pytest.fixture(params=PICTURES, ids=str)
def picture(request: pytest.FixtureRequest) -> Any:
    return PICTURES[request.param]
