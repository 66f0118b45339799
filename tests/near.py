"""Comparisons that are relative alone: variances of float32 lie below the absolute tolerance of pytest.approx."""

from typing import Any

import pytest


def near(expected: Any, rel: float = 1e-6) -> Any:
    """What equals values that differ from the expected ones by no more than so much of them."""
    return pytest.approx(expected, rel=rel, abs=0.0)
