"""One algorithm of every sort that an export must show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import wincook as wc
from wincook.construct.make.iterated import iterated

NUMERIC: dict[str, Callable[[], wc.BilinearAlgorithm]] = {
    "same axes": lambda: wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞"),
    "different axes": lambda: wc.algorithm("F(2x3,5x1)"),
    "roots": lambda: wc.algorithm("F(4,3)", "0, ±√2/2, ±√2, ∞"),
    "sums with roots": lambda: wc.algorithm("F(3,3)", "0, 1, (1+√5)/2, (1-√5)/2, ∞"),
    "nested roots": lambda: wc.algorithm("F(2,2)", "0, ±√(1+√2)"),
    "joint": lambda: wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True),
    "linear": lambda: wc.algorithm("F(3,2)").transpose(),
    "true": lambda: wc.algorithm("F(3,2)").flip(),
    "iterated": lambda: iterated("F(3,5)", (2,)),
    "large numbers": lambda: wc.algorithm("F(16,3)"),
}


@pytest.fixture(scope="session", params=NUMERIC)
def algorithm(request: pytest.FixtureRequest) -> wc.BilinearAlgorithm:
    return NUMERIC[str(request.param)]()
