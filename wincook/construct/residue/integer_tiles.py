"""Tiles of integers as callers give them: checked against the ranges, the sizes and the channels they may have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from wincook.arguments import items, whole_number
from wincook.arrays import Array
from wincook.construct.residue.integer_range import Span
from wincook.errors import ShapeError


def integer_tiles(
    d: Any,
    g: Any,
    spans: tuple[Span | str, Span | str],
    sizes: tuple[Sequence[int], Sequence[int]],
    most_channels: int | None = None,
) -> tuple[Array, Array]:
    """Tiles and filters of integers, each with an axis of channels before its own axes.

    Args:
        d: (..., C, inputs per axis), or (inputs per axis) where g has no channels either.
        g: (..., C, taps per axis), or (taps per axis).
        spans: the ranges of d and of g.
        sizes: the inputs and the taps per axis.
        most_channels: for how many the sums are wide enough; None for any.

    Raises:
        DataError: elements that are no integers, or out of range.
        ShapeError: sizes that do not fit the tile or one another, or too many channels.
        NotationError: a span that is none.
    """
    d_span, g_span = (Span.of(span) for span in _two("spans", spans))
    inputs, taps = (
        tuple(whole_number("a size", size) for size in items("sizes", axes, "(4, 4)")) for axes in _two("sizes", sizes)
    )
    if len(inputs) != len(taps) or not inputs:
        raise ShapeError(f"inputs {inputs} and taps {taps} must have the same number of axes, at least one")
    if most_channels is not None:
        most_channels = whole_number("most_channels", most_channels)
    d, g = d_span.checked(d, "d"), g_span.checked(g, "g")
    dimension = len(inputs)
    if d.shape[-dimension:] != inputs or g.shape[-dimension:] != taps:
        raise ShapeError(f"d is {d.shape} and g is {g.shape}; they must end in {inputs} and {taps}")
    if g.ndim == dimension:
        d, g = np.expand_dims(d, -dimension - 1), g[None]
    channels = d.shape[-dimension - 1 : -dimension]
    too_many = most_channels is not None and channels > (most_channels,)
    if channels != g.shape[-dimension - 1 : -dimension] or too_many:
        limit = "" if most_channels is None else f", at most the declared {most_channels}"
        raise ShapeError(
            f"d is {d.shape} and g is {g.shape}; before the last axes, {inputs} and {taps}, both must have the same "
            f"number of channels{limit}"
        )
    leading = d.shape[: -dimension - 1], g.shape[: -dimension - 1]
    try:
        np.broadcast_shapes(*leading)
    except ValueError as error:
        raise ShapeError(f"the leading axes {leading[0]} of d and {leading[1]} of g do not broadcast") from error
    return d, g


def _two(name: str, values: object) -> tuple[Any, ...]:
    both = items(name, values, "one for d and one for g")
    if len(both) != 2:  # noqa: PLR2004 (d and g)
        raise ShapeError(f"there are {len(both)} {name}; give one for d and one for g")
    return both
