"""Sizes as people write them, read into one whole number, or one pair, per axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from wincook.arguments import choice, is_sequence, items, whole_number
from wincook.errors import ShapeError, quoted

PerAxis = int | Sequence[int]
PaddingWord = Literal["valid", "same"]
Padding = PaddingWord | int | Sequence[int | Sequence[int]]

_EXAMPLE = "(3, 3), one number for each axis"


def sizes(name: str, numbers: object) -> tuple[int, ...]:
    """Whole numbers, at least 1, one per axis.

    Raises:
        ShapeError: no sequence, or a number that is not whole or below 1.
    """
    return tuple(whole_number(name, number) for number in items(name, numbers, _EXAMPLE))


def per_axis(name: str, numbers: object, dimension: int, least: int = 1) -> tuple[int, ...]:
    """One number for all axes, or one for each.

    Raises:
        ShapeError: too few or too many numbers, or one that is not whole or below `least`.
    """
    if not is_sequence(numbers):
        return (whole_number(name, numbers, least),) * dimension
    per_axis_numbers = tuple(whole_number(name, number, least) for number in items(name, numbers, _EXAMPLE))
    if len(per_axis_numbers) != dimension:
        raise ShapeError(
            f"{name} = {quoted(per_axis_numbers)} does not fit: give one number, or one for each of {dimension} axes"
        )
    return per_axis_numbers


def pairs(
    padding: object, kernel: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...], *, transposed: bool
) -> tuple[tuple[int, int], ...]:
    """Padding as (before, after) for each axis.

    `valid` is none; `same` is what leaves the image its size, the odd zero of an even filter after it, as in torch.

    Raises:
        ShapeError: none of the notations, another number of axes, a negative number, or `same` for a stride or a
            transposed layer.
        NotationError: another word.
    """
    dimension = len(kernel)
    if isinstance(padding, str):
        if choice("padding", padding, ("valid", "same")) == "valid":
            return ((0, 0),) * dimension
        if transposed or max(stride) > 1:
            raise ShapeError("padding 'same' is for layers of unit stride that are not transposed; give numbers here")
        totals = [e * (r - 1) for r, e in zip(kernel, dilation, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    entries = items("padding", padding, "(1, 1)") if is_sequence(padding) else (padding,) * dimension
    pads = tuple(_pair(entry) for entry in entries)
    if len(pads) != dimension:
        raise ShapeError(
            f"padding {quoted(padding)} does not fit: give one number, one per axis, or (before, after) for each of "
            f"{dimension} axes"
        )
    return pads


def _pair(entry: Any) -> tuple[int, int]:
    both = items("padding", entry, "(before, after)") if is_sequence(entry) else (entry, entry)
    if len(both) != 2:  # noqa: PLR2004 (before, after)
        raise ShapeError(f"padding {quoted(both)} of one axis does not fit: give one number, or (before, after)")
    before, after = both
    return whole_number("padding", before, 0), whole_number("padding", after, 0)
