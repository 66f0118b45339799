from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import wincook as wc
from tests.golden import Golden
from wincook.analysis.landscape import landscape
from wincook.report.data.csv import csv_text
from wincook.report.data.plain.landscape import plain_landscapes
from wincook.report.forms import view_of
from wincook.report.tables.landscape import landscapes_view
from wincook.report.terminal.layout import Layout

GROUP = landscape("F(4,3)", "0, ±a, ±1/a, ∞", {"a": "1/2:1:1/4"})
PLANE = landscape("F(2x2,3x3)", "0, ±a, ∞; 0, ±b, ∞", {"a": [1, 2], "b": [0, 1]}, "float16")


def test_the_table_marks_the_least_and_says_why_there_is_none(golden: Golden) -> None:
    text = Layout().text(view_of(GROUP))
    assert text.count("★") == 2
    golden.text(text)


def test_records_csv_and_json_hold_the_same() -> None:
    data = plain_landscapes([GROUP])
    assert json.loads(json.dumps(data)) == data == GROUP.records()
    rows = list(csv.DictReader(io.StringIO(csv_text(view_of(GROUP)))))
    for row, record, place in zip(rows, data, GROUP.places, strict=True):
        assert row["algorithm"] == "F(4,3) on {0, ±a, ±1/a, ∞}"
        assert (row["format"], row["a"]) == (record["format"], record["a"]) == ("float32", str(place.values[0]))
        assert Fraction(row["a"]) == place.values[0]
        assert row["predicted"] == ("" if place.gap else repr(place.error))
        assert record["predicted_relative_rms"] == (None if place.gap else place.error)
        assert row["least"] == str(record["least"])
        assert (record["points"] is None) == (record["gap"] is not None) == bool(place.gap)
    assert [record["least"] for record in data].count(True) == 1


def test_what_all_sets_have_in_common_stands_once_in_a_dictionary() -> None:
    data = PLANE.to_dict()
    assert data["tile"] == "F(2x2,3x3)"
    assert data["family"] == "0, ±a, ∞; 0, ±b, ∞"
    assert [(record["a"], record["b"]) for record in data["sets"]] == [("1", "0"), ("1", "1"), ("2", "0"), ("2", "1")]
    assert "format" not in data["sets"][0]
    assert data["sets"][1]["predicted_relative_rms"] == wc.predict("F(2x2,3x3)", "float16").relative_rms


def test_landscapes_over_one_symbol_are_one_table_in_csv() -> None:
    other = landscape("F(2,3)", "0, ±a, ∞", {"a": [1]}, "float16")
    rows = list(csv.DictReader(io.StringIO(csv_text(landscapes_view([GROUP, other])))))
    assert [row["format"] for row in rows] == ["float32"] * 3 + ["float16"]
