"""The values that a symbol takes, as exact fractions: a range in text, start:stop:step, or a list of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from wincook.arguments import items
from wincook.errors import NotationError, quoted
from wincook.exact.conversion import exact

_EXAMPLE = "1/4:2:1/32"
_ENDS_AND_STEP = 3
_MOST = 4096


def fractions_of(given: Any) -> tuple[Fraction, ...]:
    """Fractions in ascending order, each once.

    Args:
        given: a range in text, which begins at start and goes on by steps as far as stop, this included; or a sequence
            of fractions, integers, exact floats or numbers in text.

    Raises:
        NotationError: text that is no range, a range that is empty or has no step, or a number that is no fraction.
        PointsError: a float that is not what it prints as, or no number.
        ShapeError: no text and no sequence, or more than 4,096 numbers in a sequence.

    >>> list(map(str, fractions_of("1/4:1:0.25"))), list(map(str, fractions_of(["2", Fraction(1, 2), 2])))
    (['1/4', '1/2', '3/4', '1'], ['1/2', '2'])
    """
    if isinstance(given, str):
        return _progression(given)
    return tuple(sorted({_fraction(value) for value in items("values", given, repr(_EXAMPLE), most=_MOST)}))


def _progression(text: str) -> tuple[Fraction, ...]:
    parts = text.split(":")
    if len(parts) != _ENDS_AND_STEP:
        raise NotationError(f"cannot read {quoted(text)} as a range; write start:stop:step, such as {_EXAMPLE}")
    start, stop, step = map(_fraction, parts)
    if step <= 0:
        raise NotationError(f"the range {quoted(text)} has no step above 0; write start:stop:step, such as {_EXAMPLE}")
    if stop < start:
        raise NotationError(f"the range {quoted(text)} is empty, as it stops below its start; give the smaller first")
    number = (stop - start) // step + 1
    if number > _MOST:
        raise NotationError(f"the range {quoted(text)} has more than {_MOST:,} values; take a larger step")
    return tuple(start + place * step for place in range(number))


def _fraction(value: Any) -> Fraction:
    number = exact(value)
    if not number.is_Rational:
        raise NotationError(f"{quoted(value)} is no fraction; the values of a symbol are such as 1/2, 0.3 or 2")
    return Fraction(int(number.p), int(number.q))
