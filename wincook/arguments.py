"""Arguments as callers give them, checked at the door of each public function.

A check returns the value in the one form that the code behind the door knows, such as Python's own integer for any kind
of integer, or raises an error that names the argument, what was given, and what would be valid. Nothing is guessed:
1.5 is no whole number, and neither is True.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import wraps
from itertools import islice
from math import isfinite
from numbers import Rational, Real
from operator import index
from typing import Any, TypeVar

import numpy as np

from wincook.errors import NotationError, ShapeError, WincookError, quoted

Value = TypeVar("Value")
Word = TypeVar("Word", bound=str | int)

LARGEST = 2**31 - 1  # of a size; what is larger is a mistake, and sums of a few still fit into 64 bits
_LONGEST = 1 << 12  # sequence of arguments
_LONG = 1e15  # a limit of more digits is told in powers of ten
_LONGEST_WORD = 100  # that may be a known word with a slip of the pen


def whole_number(
    name: str, value: object, least: int | None = 1, most: int | None = LARGEST, error: type[WincookError] = ShapeError
) -> int:
    """A whole number as Python's own integer, whichever kind of integer it was.

    Raises:
        WincookError: the given error, if it is no integer or out of range.

    >>> whole_number("channels", np.int64(3)), whole_number("seed", 0, least=0)
    (3, 0)
    >>> whole_number("channels", 1.5)
    Traceback (most recent call last):
    ...
    wincook.errors.ShapeError: channels = 1.5 must be a whole number, at least 1
    """
    number = None if isinstance(value, (bool, np.bool_)) else _index(value)
    if number is not None and (least is None or number >= least) and (most is None or number <= most):
        return number
    lower = f", at least {least}" if least is not None else ""
    upper = f", at most {most}" if most not in {None, LARGEST} or (number is not None and number > LARGEST) else ""
    raise error(f"{name} = {quoted(value)} must be a whole number{lower}{upper}")


def real_number(
    name: str,
    value: object,
    *,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    below: float | None = None,
    error: type[WincookError] = NotationError,
) -> float:
    """A finite real number in float64, within limits of which `least` and `most` are themselves allowed.

    Raises:
        WincookError: the given error, if it is no number, not finite, or out of range.

    >>> real_number("p", Fraction(1, 4), above=0, below=1)
    0.25
    """
    try:
        number = float(_fraction(value))
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if (
        isfinite(number)
        and (least is None or number >= least)
        and (above is None or number > above)
        and (most is None or number <= most)
        and (below is None or number < below)
    ):
        return number
    limits = (("at least", least), ("above", above), ("at most", most), ("below", below))
    limited = " and ".join(f"{word} {_written(limit)}" for word, limit in limits if limit is not None)
    raise error(f"{name} = {quoted(value)} must be a {f'number {limited}' if limited else 'finite number'}")


def _written(limit: float) -> str:
    return f"{limit:,.0f}" if limit == int(limit) and abs(limit) < _LONG else f"{limit:g}"


def fraction(name: str, value: object, error: type[WincookError] = NotationError) -> Fraction:
    """A finite real number as the fraction that it is.

    Raises:
        WincookError: the given error, if it is none.
    """
    try:
        return _fraction(value)
    except (TypeError, ValueError, OverflowError):
        raise error(f"{name} = {quoted(value)} must be a finite number") from None


def choice(name: str, value: object, known: Iterable[Word], error: type[WincookError] = NotationError) -> Word:
    """One of a few words, or numbers.

    Raises:
        WincookError: the given error, if it is none of them; the message lists all, and what was probably meant.

    >>> choice("law", "unifrom", ["uniform", "normal"])
    Traceback (most recent call last):
    ...
    wincook.errors.NotationError: unknown law 'unifrom'; known are uniform, normal; did you mean uniform?
    """
    possible = tuple(known)
    if isinstance(value, (str, int, np.integer)) and not isinstance(value, bool):
        for word in possible:
            if word == value:
                return word
    raise error(
        f"unknown {name} {quoted(value)}; known are {', '.join(map(str, possible))}{did_you_mean(value, possible)}"
    )


def did_you_mean(value: object, known: Iterable[str | int]) -> str:
    """The end of a message: which of the known words is nearest to one that is not known; empty if none is near.

    >>> did_you_mean("Balanced", ["balance", "integer"]), did_you_mean("x", ["balance"])
    ('; did you mean balance?', '')
    """
    if not isinstance(value, str) or len(value) > _LONGEST_WORD:
        return ""
    lowered = {str(word).lower(): str(word) for word in known}
    near = get_close_matches(value.strip().lower(), lowered, n=1)
    return f"; did you mean {lowered[near[0]]}?" if near else ""


def flag(name: str, value: object, error: type[WincookError] = NotationError) -> bool:
    """True or False.

    Raises:
        WincookError: the given error, if it is neither; 1 and "no" are not.
    """
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise error(f"{name} = {quoted(value)} must be True or False")


def words(name: str, value: object, example: str, error: type[WincookError] = NotationError) -> str:
    """A text.

    Raises:
        WincookError: the given error, if it is none.
    """
    if isinstance(value, str):
        return str(value)
    raise error(f"{name} = {quoted(value)} must be a text, such as {example!r}")


def instance(
    name: str, value: object, kind: type[Value], hint: str, error: type[WincookError] = NotationError
) -> Value:
    """A value of one kind.

    Raises:
        WincookError: the given error, if it is of another kind; the hint says where such values come from.
    """
    if isinstance(value, kind):
        return value
    raise error(f"{name} = {quoted(value)} must be a {kind.__name__}; {hint}")


def function(name: str, value: object, hint: str, error: type[WincookError] = NotationError) -> Callable[..., Any]:
    """Something that can be called; what it raises is told as an error of this package.

    Raises:
        WincookError: the given error, if it is none, and whenever it is called and fails.
    """
    if not callable(value):
        raise error(f"{name} = {quoted(value)} must be a function {hint}")

    @wraps(value, assigned=())
    def call(*arguments: Any) -> Any:
        try:
            return value(*arguments)
        except WincookError:
            raise
        except Exception as failure:
            raise error(f"{name} must be a function {hint}; it failed: {quoted(failure)}") from failure

    return call


def mapping(name: str, value: object, example: str, error: type[WincookError] = NotationError) -> dict[Any, Any]:
    """A mapping, as a new dictionary.

    Raises:
        WincookError: the given error, if it is none.
    """
    if isinstance(value, Mapping):
        return dict(value)
    raise error(f"{name} = {quoted(value)} must be a mapping, such as {example}")


def items(
    name: str,
    values: object,
    example: str,
    error: type[WincookError] = ShapeError,
    *,
    ordered: bool = True,
    most: int = _LONGEST,
) -> tuple[Any, ...]:
    """The items of a sequence, an array or whatever else has an order.

    Raises:
        WincookError: the given error, if it is none: text, a mapping, a number, a set where the order matters, or
            longer than any should be.
    """
    held: tuple[Any, ...] | None = None
    refused = (str, bytes, bytearray, Mapping, *([AbstractSet] if ordered else []))
    if isinstance(values, Iterable) and not isinstance(values, refused):
        try:
            held = tuple(islice(values, most + 1))
        except Exception:  # noqa: BLE001 (an array without axes, or whatever a caller's own iterator raises)
            held = None
    if held is None:
        raise error(f"{name} = {quoted(values)} must be a sequence, such as {example}")
    if len(held) > most:
        raise error(f"{name} = {quoted(values)} has more than {most} items")
    return held


def is_sequence(values: object) -> bool:
    """Whether what may be single is a sequence; texts, and arrays without axes, are single."""
    return isinstance(values, Iterable) and not isinstance(values, (str, bytes)) and getattr(values, "ndim", 1) != 0


def _index(value: Any) -> int | None:
    try:
        return index(value)
    except Exception:  # noqa: BLE001 (TypeError, or whatever a caller's own object raises)
        return None


def _fraction(value: Any) -> Fraction:
    """What a number is exactly; TypeError, ValueError or OverflowError if it is no finite real one."""
    if getattr(value, "ndim", None) == 0:  # numpy's scalars and arrays without axes, and tensors likewise
        try:
            value = value.item()
        except Exception:  # noqa: BLE001 (whatever another package's tensor raises)
            raise TypeError from None
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise TypeError
    return Fraction(value if isinstance(value, (float, Rational, Decimal)) else float(value))
