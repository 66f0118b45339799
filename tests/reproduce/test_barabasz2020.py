from __future__ import annotations

import pytest

from wincook.reproduce.barabasz2020 import error_table


@pytest.mark.nightly
def test_barabasz_in_two_dimensions_is_reached() -> None:
    table = error_table(samples=300, seed=1)
    assert [cell.m for cell in table.curve(2)] == list(range(1, 17))
    assert len(table.cells) == 2 * 16
    assert all(cell.finding.verdict == "reached" for cell in table.curve(2))
    assert sum(cell.finding.verdict == "reached" for cell in table.curve(1)) >= 12
