"""Of many combinations some for every change, and all of them every night."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet


def some(*axes: Iterable[Any], every: int, name: Callable[[Any], str] = str) -> list[ParameterSet]:
    """The combinations of values along axes, for `parametrize`: one of `every` along each axis is no nightly one."""
    numbered = [list(enumerate(axis)) for axis in axes]
    return [
        pytest.param(
            *(value for _, value in combination),
            marks=[] if sum(number for number, _ in combination) % every == 0 else pytest.mark.nightly,
            id=", ".join(name(value) for _, value in combination),
        )
        for combination in product(*numbered)
    ]


def at_night(value: Any) -> ParameterSet:
    """A value that `make test` leaves out."""
    return pytest.param(value, marks=pytest.mark.nightly)
