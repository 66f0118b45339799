"""Options that hold numbers. All are read by the one reader of numerals: 64, 1e6 and 0.5, in digits of ASCII."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from wincook.errors import NotationError, WincookError, quoted
from wincook.exact.numeral import numeral, whole


def whole_option(*names: str, help: str, within: range | None = None) -> Any:  # noqa: A002 (typer's)
    """An option for a whole number, such as 64 or 1e6; how large it may be, the library says if not told here."""

    def read(text: str) -> int:
        number = whole(text)
        if within is not None and number not in within:
            raise NotationError(f"{quoted(text)} is out of range; give {within[0]} to {within[-1]}")
        return number

    return typer.Option(*names, help=help, parser=_reader(read), metavar="<int>")


def real_option(*names: str, help: str) -> Any:  # noqa: A002 (typer's)
    """An option for a real number, such as 64, 0.5 or 1e-9."""
    return typer.Option(*names, help=help, parser=_reader(_real), metavar="<float>")


def _reader(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    """The reader as typer calls it: what it refuses is told beside the name of the option."""

    def parse(value: Any) -> Any:
        try:
            return read(value) if isinstance(value, str) else value  # a default is a number already
        except WincookError as error:
            raise typer.BadParameter(str(error)) from None

    return parse


def _real(text: str) -> float:
    try:
        return float(numeral(text))
    except OverflowError:
        raise NotationError(f"{quoted(text)} is beyond float64, whose numbers are below 1.8e308") from None
