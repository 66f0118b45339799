from __future__ import annotations

import pytest

from wincook.reproduce.finding import Finding, Reproduction


@pytest.mark.parametrize(
    ("obtained", "noise", "note", "less_is_better", "verdict"),
    [
        (10.9, 0.0, "", False, "reached"),
        (11.1, 0.0, "", False, "missed"),
        (11.1, 0.02, "", False, "reached"),
        (11.1, 0.0, "a misprint", False, "explained"),
        (5.0, 0.0, "", True, "better"),
        (5.0, 0.0, "", False, "missed"),
        (15.0, 0.0, "", True, "missed"),
    ],
    ids=["within", "beyond", "noise", "note", "less", "too little", "more"],
)
def test_verdicts(obtained: float, noise: float, note: str, less_is_better: bool, verdict: str) -> None:
    finding = Finding("figure", 10.0, obtained, 0.1, noise, note, less_is_better)
    assert finding.verdict == verdict
    assert Reproduction("key", "definition", (finding,)).holds == (verdict != "missed")
