from __future__ import annotations

import pytest

from wincook.reproduce.additions2026 import fewest_additions, reproduce


@pytest.mark.parametrize(
    ("tile", "points", "most"),
    [
        ("F(2,3)", "0, ±1, ∞", 11),  # 4 of BT d, 4 of AT M, and 3 of G g, where g0 + g2 is shared
        ("F(4,3)", "0, ±1, ±2, ∞", 27),
    ],
)
def test_additions_are_no_more_than_by_hand(tile: str, points: str, most: int) -> None:
    assert fewest_additions(tile, points) == most


def test_two_axes_take_the_better_of_nested_and_flat_programs() -> None:
    line, plane = fewest_additions("F(2,3)", "0, ±1, ∞"), fewest_additions("F(2x2,3x3)", "0, ±1, ∞")
    assert 4 * line < plane < 10 * line


def test_every_count_is_reached_or_bettered() -> None:
    said: list[str] = []
    reproduction = reproduce(lambda words, _=None: said.append(words))
    assert reproduction.holds
    assert len(said) == len(reproduction.findings)
    assert all(finding.obtained <= finding.published for finding in reproduction.findings)
