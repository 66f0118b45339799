"""Every value that is shown has all its forms, and its repr is short."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.figure import Figure

import wincook as wc
from tests.golden import Golden
from wincook.analysis.conditioning.gauges import gauged_conditions
from wincook.errors import NotationError, ShapeError
from wincook.report.forms import view_of
from wincook.report.terminal.layout import Layout
from wincook.reproduce.papers import reproduce

F43 = wc.algorithm("F(4x4,3x3)")
VALUES: dict[str, Callable[[], Any]] = {
    "report": lambda: wc.analyse(F43, "float16", samples=20),
    "exact report": lambda: wc.analyse(F43, "exact", samples=20),
    "comparison": lambda: wc.compare("F(2,3)", samples=10)[0],
    "ranges": lambda: wc.ranges(F43, "float16"),
    "tolerance": lambda: wc.tolerance(F43),
    "quantisation": lambda: wc.analysis.analyse_quantisation("F(2x2,3x3)", layers=1),
    "conditions": lambda: gauged_conditions(F43),
    "residues": lambda: wc.construct.residue_system("F(2x2,3x3)", 16),
    "reproduction": lambda: reproduce("meng2019"),
    "algorithm": lambda: F43,
    "family": lambda: wc.algorithm("F(2,3)", "0, ±a, ∞"),
    "modular": lambda: wc.construct.modular("F(2,3)", 17),
    "transforms": lambda: F43.axes[0],
    "programs": lambda: wc.program.flat_programs(F43),
    "program": lambda: wc.program.flat_programs(F43).input[0],
}
VIEWS = ("report", "comparison", "ranges", "tolerance", "quantisation", "conditions", "residues", "reproduction")


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return {name: make() for name, make in VALUES.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", VALUES)
def test_all_forms(values: dict[str, Any], name: str) -> None:
    value = values[name]
    assert len(repr(value)) < 320
    assert "\n" not in repr(value)
    assert json.loads(json.dumps(value.to_dict(), allow_nan=False))
    records = value.records()
    assert records
    assert all(record.keys() == records[0].keys() for record in records)
    assert not any(isinstance(entry, dict | list | tuple) for record in records for entry in record.values())
    html = value._repr_html_()
    assert html.startswith('<div class="wincook">')
    assert html.rstrip().endswith("</div>")
    assert "://" not in html


def test_other_values_have_a_short_repr_too() -> None:
    layer = wc.Layer(8, 8, (16, 16), (3, 3), padding=1)
    report = wc.analyse(F43, samples=8)
    plan = wc.compile(layer, F43).plan
    big = wc.analysis.adversary("F(2,3)", "float32", 200, budget=10)
    likely = wc.analysis.likely_bound(F43)
    for value in (
        report.problem,
        report.predicted,
        report.measured,
        report.ranges,
        plan,
        big,
        likely,
        wc.construct.integers(F43),
    ):
        assert len(repr(value)) < 320, type(value).__name__


def test_records_hold_the_figures_of_the_report(values: dict[str, Any]) -> None:
    report = values["report"]
    (record,) = report.records()
    assert record["algorithm"] == report.algorithm.name
    assert record["measured.rms"] == report.measured.rms
    assert record["predicted.shares.filter"] == report.predicted.shares.filter
    assert record["measured.quantiles.0.99"] == report.measured.quantiles[2].value
    assert record["error_ratio"] == report.error_ratio
    assert record["speedup"] == 4.0
    stages = {entry["stage"]: entry for entry in values["ranges"].records()}
    assert stages["V"]["largest value"] == float(values["ranges"].stages.V.largest)
    assert stages["V"]["RMS"] == values["ranges"].stages.V.typical


@pytest.mark.slow
def test_a_report_draws_its_pictures(values: dict[str, Any]) -> None:
    report = values["report"]
    for kind in ("error", "ulps", "stages"):
        figure, other = report.figure(kind), Figure()
        assert isinstance(figure, Figure)
        axes = other.subplots()
        assert report.figure(kind, ax=axes, theme="dark") is other
        assert axes.get_title()
        assert axes.has_data()
    pair = Figure().subplots(1, 2)
    report.figure("error", ax=list(pair))
    assert [axes.has_data() for axes in pair] == [True, True]


def test_pictures_that_there_are_not(values: dict[str, Any], golden: Golden) -> None:
    with golden.raises(NotationError, match="'kappa'"):
        values["report"].figure("kappa")
    with golden.raises(NotationError, match="'ulps'"):
        values["exact report"].figure("ulps")
    with golden.raises(NotationError, match="'sepia'"):
        values["report"].figure("ulps", theme="sepia")
    with golden.raises(ShapeError, match=r"3.*2"):
        values["report"].figure("error", ax=list(Figure().subplots(1, 3)))


@pytest.mark.parametrize("name", VIEWS)
def test_no_number_is_cut_on_any_terminal(values: dict[str, Any], name: str) -> None:
    view = view_of(values[name])
    piped = Layout().text(view)
    names = [table.name for table in view.tables]
    assert len(set(names)) == len(names)
    for columns in (20, 60, 80, 120):
        shown = Layout(columns).text(view)
        assert set(piped.split()) <= set(shown.split())
        assert columns < 60 or max(map(len, shown.splitlines())) <= columns


@pytest.mark.slow
def test_matplotlib_and_jinja_are_imported_when_they_are_used() -> None:
    code = (
        "import sys, wincook as wc; report = wc.analyse('F(2,3)', samples=8); report.to_dict(), report.records(); "
        "assert not {'matplotlib', 'jinja2', 'pandas'} & sys.modules.keys(); "
        "report.figure('stages'); assert 'matplotlib' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
