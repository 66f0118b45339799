"""Searches by strategies of tests."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from tests.search.fakes import FAKES
from wincook.search.search import Search
from wincook.search.strategies import STRATEGIES

Make = Callable[..., Search]


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Make:
    """A search by a strategy of tests."""
    for name, strategy in FAKES.items():
        monkeypatch.setitem(STRATEGIES, name, strategy)
    monkeypatch.setattr(import_module("wincook.search.running.run"), "FINITE", {"finite"})  # the function has its name

    def make(strategy: str = "drawn", **options: Any) -> Search:
        return Search.of("F(4x4,3x3)", strategy=strategy, **options)

    return make
