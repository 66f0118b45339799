from __future__ import annotations

import csv
from io import StringIO
from math import inf

from wincook.report.data.csv import csv_text
from wincook.report.table import View, grid, number, table, words

ROWS = [('F(4,3) on {0, ±1, "x", ∞}', 0.1 + 0.2, 10**20), ("two\nlines", inf, None)]
ERRORS = table("errors", "Errors", [words("algorithm"), number("RMS", ".1g"), number("largest", "d")], ROWS)


def test_a_table_is_read_back_with_all_its_digits() -> None:
    first, second = csv.DictReader(StringIO(csv_text(ERRORS)))
    assert first["algorithm"] == ROWS[0][0]
    assert float(first["RMS"]) == 0.1 + 0.2
    assert int(first["largest"]) == 10**20
    assert (second["algorithm"], float(second["RMS"]), second["largest"]) == ("two\nlines", inf, "")


def test_an_empty_line_parts_two_tables_and_a_grid_has_no_header() -> None:
    text = csv_text(View(("words", ERRORS, grid("AT", "AT", [[1, "√2"]]))))
    assert text.split("\n\n")[1] == "1,√2\n"
    assert text.startswith("algorithm,RMS,largest\n")
    assert csv_text(View(("words",))) == ""
