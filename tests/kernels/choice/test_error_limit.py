"""Limits on the error, as people write them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.near import near
from wincook.errors import NotationError
from wincook.kernels.choice.error_limit import error_at, error_limit


@pytest.mark.parametrize(
    ("given", "expected"),
    [(3e-6, 3e-6), ("3e-6", 3e-6), (" 0.01 ", 0.01), ("60 dB", 1e-3), ("100db", 1e-5), ("0 dB", 1.0), (2, 2.0)],
)
def test_numbers_and_decibels(given: Any, expected: float) -> None:
    assert error_limit(given) == near(expected)


@pytest.mark.parametrize("given", [0, -1, "0", "-3e-6", "dB", "-20 dB", "1e6 dB", "much", "", None, True, "1e999", []])
def test_what_is_no_limit_is_refused_in_one_line(given: Any) -> None:
    with pytest.raises(NotationError, match="max_error") as refusal:
        error_limit(given)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("given", ["60", "60 dB", " 60DB "])
def test_ratios_of_signal_to_noise_are_decibels(given: str) -> None:
    assert error_at(given) == near(1e-3)


@pytest.mark.parametrize("given", ["-5dB", "much", "", "dB", "1e999"])
def test_what_is_no_ratio_is_refused_by_its_name(given: str) -> None:
    with pytest.raises(NotationError, match="min_snr"):
        error_at(given)
