"""Sizes as people write them, read into one whole number, or one pair, per axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import index

from wincook.errors import ShapeError

PerAxis = int | Sequence[int]
Padding = int | Sequence[int | Sequence[int]]


def whole(name: str, number: object, least: int = 1) -> int:
    """A number as Python's own integer, whichever kind of integer it was.

    Raises:
        ShapeError: it is no integer, or below `least`.
    """
    try:
        size = index(number)  # type: ignore[arg-type]
    except TypeError:
        size = least - 1
    if size < least:
        raise ShapeError(f"{name} = {number!r} must be a whole number, at least {least}")
    return size


def sizes(name: str, numbers: object) -> tuple[int, ...]:
    """Whole numbers, at least 1, one per axis.

    Raises:
        ShapeError: no sequence, or what `whole` rejects.
    """
    if not isinstance(numbers, Iterable) or isinstance(numbers, str):
        raise ShapeError(f"{name} = {numbers!r} must be one whole number for each axis, such as (3, 3)")
    return tuple(whole(name, number) for number in numbers)


def per_axis(name: str, numbers: object, dimension: int, least: int = 1) -> tuple[int, ...]:
    """One number for all axes, or one for each.

    Raises:
        ShapeError: too few or too many numbers, or what `whole` rejects.
    """
    if not isinstance(numbers, Iterable) or isinstance(numbers, str):
        return (whole(name, numbers, least),) * dimension
    found = tuple(whole(name, number, least) for number in numbers)
    if len(found) != dimension:
        raise ShapeError(f"{name} = {numbers!r} does not fit: give one number, or one for each of {dimension} axes")
    return found


def pairs(padding: Padding, dimension: int) -> tuple[tuple[int, int], ...]:
    """Padding as (before, after) for each axis.

    Raises:
        ShapeError: none of the notations, another number of axes, or a negative number.
    """
    try:
        found = _read_pairs(padding, dimension)
    except (TypeError, ValueError):
        found = ()
    if len(found) != dimension or min(chain.from_iterable(found)) < 0:
        raise ShapeError(
            f"padding {padding!r} does not fit: give one number, one per axis, or (before, after) for each of "
            f"{dimension} axes, none negative"
        )
    return found


def _read_pairs(padding: Padding, dimension: int) -> tuple[tuple[int, int], ...]:
    """TypeError or ValueError where the padding is in none of the notations."""
    if not isinstance(padding, Sequence):
        return ((index(padding), index(padding)),) * dimension
    found = []
    for entry in padding:
        before, after = entry if isinstance(entry, Sequence) else (entry, entry)
        found.append((index(before), index(after)))
    return tuple(found)
