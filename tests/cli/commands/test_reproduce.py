from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.golden import Golden
from wincook.cli.commands import reproduce as command
from wincook.cli.group import command_named
from wincook.errors import NotationError
from wincook.report.data.plain.reproduction import plain_reproduction
from wincook.report.figures.charts.kappa import KappaScatter
from wincook.report.figures.reproduction import picture_of
from wincook.report.tables.reproduction import reproduction_view
from wincook.report.terminal.layout import Layout
from wincook.reproduce import alam2022, nova2025, papers
from wincook.reproduce.finding import Finding, Reproduction
from wincook.reproduce.rank import MEASURES, rank_study

app = command_named("reproduce")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = app(list(words), standalone_mode=False)
    return code or 0, capsys.readouterr().out


def test_the_list_names_all_papers(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys)[1]
    assert all(key in out for key in papers.PAPERS)
    listed = json.loads(run(capsys, "--json")[1])
    assert [paper["name"] for paper in listed] == list(papers.PAPERS)


@pytest.mark.slow
def test_a_paper_as_table_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "additions2026")
    assert code == 0
    assert "5 figures: 2 reached, 3 better." in out
    data = json.loads(run(capsys, "meng2019", "--json")[1])
    assert data["holds"] is True
    assert data["findings"][0]["verdict"] == "reached"


def test_a_missed_figure_exits_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    missed = Reproduction("meng2019", "none", (Finding("figure", 1.0, 2.0, 0.1),))
    with patch.object(command, "reproduce_paper", return_value=missed):
        code, out = run(capsys, "meng2019")
    assert code == 1
    assert "1 figures: 1 missed." in out


@pytest.mark.slow
def test_studies_are_shown_and_written_as_json() -> None:
    sets = nova2025.named_sets(samples=20)
    ranks = rank_study(sets=6, samples=20)
    swept = alam2022.sweep(range(4, 5), samples=20)
    reproduction = Reproduction("nova2025", "all studies", (), 20, 0, (sets, ranks, swept))
    data = json.loads(json.dumps(plain_reproduction(reproduction)))
    assert [study["kind"] for study in data["studies"]] == ["sets", "ranks", "sweep"]
    shown = Layout().text(reproduction_view(reproduction))
    assert "RMS amplification" in shown
    assert "F(4,3), 2-D" in shown
    assert "brute force" in shown


@pytest.mark.slow
def test_a_paper_with_errors_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str], golden: Golden) -> None:
    picture = tmp_path / "errors.svg"
    run(capsys, "barabasz2020", "-n", "20", "--plot", str(picture))
    assert "mean |error|" in picture.read_text(encoding="utf-8")
    with golden.raises(NotationError, match=r"meng2019.*barabasz2020.*nova2025"):
        run(capsys, "meng2019", "--plot", str(picture))


@pytest.mark.slow
def test_a_rank_study_is_drawn_with_its_correlations() -> None:
    study = rank_study(6, 20, 0)
    scatter = picture_of(Reproduction("nova2025", "", (), studies=(study,)))
    assert isinstance(scatter, KappaScatter)
    assert [measure.spearman for measure in scatter.measures] == [study.correlation(field) for field in MEASURES]
    assert scatter.measures[0].numbers == tuple(points.kappa_finite for points in study.sets)
