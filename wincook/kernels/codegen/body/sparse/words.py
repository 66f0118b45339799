"""Filters in words of one channel: as they are."""

from __future__ import annotations

from typing import Any


def in_words(filters: Any) -> Any:
    """Words (..., words) of filters (..., channels) in float32."""
    return filters
