"""`wincook atlas`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import wincook as wc
from tests.cli.conftest import Run
from tests.conftest import AtlasEntry, AtlasOf
from tests.golden import Golden
from wincook.atlas import Conditions
from wincook.cli.commands import atlas as command

BEST, LAVIN = "0, ±5/8, ±3/2, ∞", "0, ±1, ±2, ∞"


@pytest.fixture
def small(atlas_entry: AtlasEntry, atlas_of: AtlasOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """An atlas of a few entries."""
    listed = (
        atlas_entry("F(4,3)", LAVIN, published=None, proven=None),
        atlas_entry("F(4x4,3x3)", BEST),
        atlas_entry("F(4x4,3x3)", "0, ±1, x^2+1, ∞", extra=1),
        atlas_entry(
            "F(4x4,3x3)", "0, ±1, ±1/2, ∞", format="float16", conditions=Conditions("rms", 64, "relu", "balance")
        ),
        atlas_entry("F(2x2,5x5)", BEST),
    )
    atlas_of(*listed)
    monkeypatch.setattr(command, "entries", lambda: listed)


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    path = tmp_path / "sets.txt"
    path.write_text(f"# mine\nF(4x4,3x3) on {{{LAVIN}}}\n\nF(4x4,3x3) on 0, ±1, ±3, ∞  # tall\n", encoding="utf-8")
    return path


@pytest.mark.usefixtures("small")
def test_all_entries(run: Run, golden: Golden) -> None:
    code, out, err = run("atlas")
    assert (code, err) == (0, "")
    golden.text(out)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("F(4x4,3x3)",), 3),
        (("4x4,3x3", "-f", "fp16"), 1),
        (("F(4x4,3x3)", "--extra", "1"), 1),
        (("--dimension", "1"), 1),
        (("--taps", "5"), 1),
        (("--dimension", "2", "-r", "3", "-f", "float32", "--extra", "0"), 1),
    ],
    ids=str,
)
def test_entries_are_filtered(run: Run, words: tuple[str, ...], number: int) -> None:
    code, out, _ = run("atlas", *words, "--json")
    assert code == 0
    assert len(json.loads(out)) == number


@pytest.mark.usefixtures("small")
def test_json_has_all_of_an_entry_and_csv_its_row(run: Run) -> None:
    (entry,) = json.loads(run("atlas", "F(4,3)", "--json")[1])
    assert entry["points"] == LAVIN
    assert entry["origin"]["evaluations"] == 1234567
    assert entry["speedup"] == 2.0
    header, row = run("atlas", "F(4,3)", "--as", "csv")[1].splitlines()
    record = dict(zip(header.split(","), row.split(",")[: len(header.split(","))], strict=False))
    assert record["tile"] == '"F(4'
    assert {"products", "predicted", "measured", "low", "high", "dB", "gain", "channels", "points"} <= {*record}


@pytest.mark.usefixtures("small")
def test_a_tile_without_entry_is_told_what_it_gets(run: Run, golden: Golden) -> None:
    for words in (("F(4,3)", "-f", "float16"), ("F(3x3,4x4)",), ("F(9,3)",), ("F(4x2,3x5)",)):
        code, out, _ = run("atlas", *words)
        assert code == 0
        golden.text(out, " ".join(words))
    plain = json.loads(run("atlas", "F(9,3)", "--json")[1])
    assert plain["entry"] is None
    assert plain["points"] == [str(wc.Points.default(11))]


@pytest.mark.usefixtures("small")
def test_why(run: Run, golden: Golden) -> None:
    for words in (("F(4x4,3x3)",), ("F(4x4,3x3)", "-f", "float16"), ("F(4x4,3x3)", "--extra", "1"), ("F(9,3)",)):
        code, out, _ = run("atlas", "why", *words)
        assert code == 0
        golden.text(out, " ".join(words))
    plain = json.loads(run("atlas", "why", "F(4,3)", "--json")[1])
    assert plain["entry"]["tile"] == "F(4,3)"
    assert len(plain["reasons"]) > 2


@pytest.mark.usefixtures("small")
def test_sets_of_a_file_are_ranked(run: Run, golden: Golden, sets: Path) -> None:
    code, out, err = run("atlas", "compare", str(sets))
    assert (code, err) == (0, "")
    golden.text(out)
    (ranking,) = json.loads(run("atlas", "compare", str(sets), "-n", "16", "--seed", "1", "--json")[1])
    assert [row["points"] for row in ranking["rows"]] == [BEST, LAVIN, "0, ±1, ±3, ∞"]
    assert [row["of_atlas"] for row in ranking["rows"]] == [True, False, False]
    assert all(row["low"] < row["measured"] < row["high"] for row in ranking["rows"])


@pytest.mark.usefixtures("small")
def test_sets_in_json_in_other_lines_and_in_matrices(run: Run, tmp_path: Path) -> None:
    listed = tmp_path / "sets.json"
    listed.write_text(json.dumps([LAVIN, f"F(2,3) on {{{'0, ±2, ∞'}}}"]), encoding="utf-8")
    rankings = json.loads(run("atlas", "compare", str(listed), "--tile", "F(4,3)", "--json")[1])
    assert [ranking["tile"] for ranking in rankings] == ["F(4,3)", "F(2,3)"]
    matrices = tmp_path / "f43.json"
    assert run("show", "F(4,3)", "-p", "0,±1,±3,inf", "--as", "json", "--out", str(matrices))[0] == 0
    (ranking,) = json.loads(run("atlas", "compare", str(matrices), "--json")[1])
    assert {row["points"] for row in ranking["rows"]} == {LAVIN, "0, ±1, ±3, ∞"}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "words",
    [
        ("F(4;3)",),
        ("compare",),
        ("why",),
        ("why", "nothing"),
        ("F(4,3)", "F(2,3)"),
        ("F(4,3)", "-f", "float17"),
        ("F(4,3)", "--extra", "3"),
        ("--taps", "9"),
        ("compare", "none.txt"),
        ("compare", "none.json"),
        ("why", "F(4,3)", "--extra", "2"),
    ],
    ids=" ".join,
)
def test_wrong_words(run: Run, golden: Golden, words: tuple[str, ...]) -> None:
    code, out, err = run("atlas", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    golden.text(err)


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("empty.txt", ""),
        ("bare.txt", LAVIN),
        ("bad.txt", "F(4,3) on {0, ±1, q!, ∞}"),
        ("few.txt", "# one\nF(4,3) on {0, ±1, ∞}"),
        ("empty.json", "[]"),
        ("numbers.json", "[1, 2]"),
        ("broken.json", "["),
        ("other.json", '{"a": 1}'),
    ],
)
def test_wrong_files(run: Run, golden: Golden, tmp_path: Path, name: str, contents: str) -> None:
    (tmp_path / name).write_text(contents, encoding="utf-8")
    code, out, err = run("atlas", "compare", str(tmp_path / name))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert name in err
    golden.text(err)


def test_a_damaged_atlas_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "atlas.json").write_text("[{}]")
    monkeypatch.setattr("wincook.atlas.lookup.files", lambda _: tmp_path)
    wc.atlas.entries.cache_clear()
    try:
        code, out, err = run("atlas")
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "damaged" in err
    finally:
        wc.atlas.entries.cache_clear()


@pytest.mark.usefixtures("small")
def test_commands_take_the_points_of_their_format(run: Run) -> None:
    def points(*words: str) -> set[str]:
        rows = json.loads(run(*words, "--json")[1])
        return {row["points"] for row in rows}

    assert points("compare", "F(4x4,3x3)") == {BEST}
    assert points("compare", "F(4x4,3x3)", "-f", "float16") == {"0, ±1, ±1/2, ∞"}
    assert points("compare", "F(4x4,3x3)", "-f", "float16", "-f", "float32") == {"0, ±1, ±1/2, ∞"}
    assert points("compare", "F(4,3)", "--dimension", "2") == {BEST}
    assert points("compare", "F(4x4,3x3)", "-f", "float16", "-p", "default", "-p", LAVIN) == {"0, ±1, ±1/2, ∞", LAVIN}
    assert "0, ±1, ±1/2, ∞" in run("tolerance", "F(4x4,3x3)", "-f", "float16")[1]
    assert "0, ±1, ±1/2, ∞" in run("ranges", "F(4x4,3x3)", "-f", "float16")[1]
    assert "0, ±1, ±1/2, ∞" in run("analyse", "F(4x4,3x3)", "-f", "float16", "-n", "2")[1]
    assert BEST in run("show", "F(4x4,3x3)")[1]
