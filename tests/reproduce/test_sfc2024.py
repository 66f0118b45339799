from __future__ import annotations

import pytest

from wincook.reproduce.sfc2024 import counts, published_rows, relative_error, row_algorithm


@pytest.mark.slow
def test_sfc_counts_are_reached_or_cannot_be() -> None:
    findings = counts()
    off = {finding.what for finding in findings if finding.verdict != "reached"}
    assert off == {"Wino(3,3): nested, 25 of 81, %", "SFC-6(4,7): joint, 184 of 784, %"}
    assert {finding.verdict for finding in findings} == {"reached", "explained"}
    assert len(findings) == sum(len(row.percents) for row in published_rows())


def test_sfc_has_less_error_in_float16_than_winograd() -> None:
    rows = {row.name: row for row in published_rows()}
    sfc, winograd = (
        relative_error(row_algorithm(rows[name], "nested"), 300, 0) for name in ("SFC-4(4,3)", "Wino(4,3)")
    )
    assert 1 < sfc < 2.5 < winograd
