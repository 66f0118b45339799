"""The pictures of an error report: where errors lie, how large they are in ulps, how large numbers get."""

from __future__ import annotations

from itertools import chain

import numpy as np

from wincook.analysis.analyse import ErrorReport
from wincook.analysis.measurement.ulp_distribution import expected_fractions
from wincook.arguments import choice, instance
from wincook.errors import NotationError, quoted
from wincook.report.figures.canvas import Chart, Picture
from wincook.report.figures.charts.positions import PositionMaps
from wincook.report.figures.charts.stages import Stage, StageMagnitudes
from wincook.report.figures.charts.ulps import UlpHistogram
from wincook.stages import label


def pictures_of(report: ErrorReport) -> tuple[Picture, ...]:
    """A map over the tile, a histogram in ulps where results have such, and the magnitudes of the stages.

    Raises:
        NotationError: no report.
    """
    report = instance("report", report, ErrorReport, "make it with wincook.analyse('F(2,3)')")
    return tuple(chain.from_iterable(make(report) for make in _KINDS.values()))


def picture_of(report: ErrorReport, kind: str) -> Chart:
    """One of them, as a chart.

    Raises:
        NotationError: an unknown kind, or a picture that this report does not have.
    """
    charts = _KINDS[choice("picture", kind, _KINDS)](report)
    if not charts:
        raise NotationError(
            f"there is no picture {quoted(kind)} of {_line(report)}, which has no such errors; "
            f"take another of {', '.join(_KINDS)}"
        )
    return charts[0]


def _line(report: ErrorReport) -> str:
    return f"{report.algorithm.name}, {report.precision}, C = {report.channels}, {report.law.name} data"


def _positions(report: ErrorReport) -> list[Chart]:
    measured = np.array(report.measured.position_rms).reshape(report.algorithm.tile.outputs)
    if not np.isfinite(measured).all() or not measured.any():
        return []
    predicted = np.array(report.predicted.positions)
    return [PositionMaps("Where the errors of a tile lie", _line(report), predicted, measured)]


def _ulps(report: ErrorReport) -> list[Chart]:
    ulps, predicted = report.measured.ulps, report.predicted
    if ulps is None or not predicted.rms or report.precision.output.is_integer:
        return []
    edges = (0.0, *(2.0 ** (ulps.first + place) for place in range(len(ulps.counts) + 1)))
    counts = np.array([ulps.zero, *ulps.counts])
    errors = np.ravel(np.array(predicted.positions)).tolist()
    expected = expected_fractions(edges, errors, predicted.rms / predicted.relative_rms, report.precision.output)
    fractions = tuple((counts / counts.sum()).tolist())
    return [UlpHistogram("Errors in units of the last place", _line(report), edges, fractions, expected)]


def _stages(report: ErrorReport) -> list[Chart]:
    stages = tuple(
        Stage(label(name), stage.format, stage.least, stage.typical, float(stage.largest))
        for name, stage in report.ranges.stages.items()
    )
    return [StageMagnitudes("How large numbers get at each stage", f"{_line(report)}, {report.reach}", stages)]


_KINDS = {"error": _positions, "ulps": _ulps, "stages": _stages}
