"""Rows of separated values: names, blank lines, separators."""

from __future__ import annotations

import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.data.csv import separated_findings


@pytest.mark.parametrize("parted", [",", ", ", ";", "\t", " ", "  "])
def test_matrices_are_parted_by_blank_lines_or_names(parted: str) -> None:
    text = "# AT (1x2)\n1,1/2\nG\n1,2\n3,-0.25\n\n7,8\n9,10\n".replace(",", parted)
    tables = separated_findings(text, "file").tables
    assert [(table.name, table.matrix.shape) for table in tables] == [
        ("AT (1x2)", (1, 2)),
        ("G", (2, 2)),
        ("matrix 3", (2, 2)),
    ]
    assert str(tables[0].matrix[1]) == "1/2"


def test_a_single_matrix_has_the_name_of_its_file(golden: Golden) -> None:
    assert [table.name for table in separated_findings("1,2\n3,4", "BT_4").tables] == ["BT_4"]
    with golden.raises(DataError, match="2"):
        separated_findings("1,2\n3,x", "BT")
