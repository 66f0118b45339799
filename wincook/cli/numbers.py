"""Readers of options that hold numbers: 64, 1e6 and 0.5, in digits of ASCII, as everywhere in wincook.

typer calls a reader with the text, or with a default, which is a number already. What a reader refuses is told beside
the name of the option.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import typer

from wincook.errors import NotationError, WincookError, quoted
from wincook.exact.numeral import numeral, whole

Number = TypeVar("Number", int, float)

WHOLE, REAL = "<int>", "<float>"  # what help shows for their values
_SEEDS = range(2**64)


def read_whole(value: str | int) -> int:
    """A whole number; how large it may be, the library says."""
    return _read(whole, value)


def read_seed(value: str | int) -> int:
    """A whole number that may be a seed."""
    return _read(_seed, value)


def read_real(value: str | float) -> float:
    """A real number."""
    return _read(_real, value)


def _read(reader: Callable[[str], Number], value: str | Number) -> Number:
    if not isinstance(value, str):
        return value
    try:
        return reader(value)
    except WincookError as error:
        raise typer.BadParameter(str(error)) from None


def _seed(text: str) -> int:
    number = whole(text)
    if number not in _SEEDS:
        raise NotationError(f"{quoted(text)} is out of range; give {_SEEDS[0]} to {_SEEDS[-1]}")
    return number


def _real(text: str) -> float:
    try:
        return float(numeral(text))
    except OverflowError:
        raise NotationError(f"{quoted(text)} is beyond float64, whose numbers are below 1.8e308") from None
