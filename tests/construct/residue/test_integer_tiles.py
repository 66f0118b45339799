"""Tiles of integers: which shapes fit one another, and what those that do become."""

from __future__ import annotations

import numpy as np
import pytest

from tests.golden import Golden
from wincook.construct.residue.integer_tiles import integer_tiles
from wincook.errors import DataError, ShapeError

Shape = tuple[int, ...]
SPANS, SIZES = ("int8", "int8"), ((4, 5), (3, 2))


def shapes(d: Shape, g: Shape, most_channels: int | None = None) -> tuple[Shape, Shape]:
    """What tiles of these shapes become."""
    tiles = integer_tiles(np.ones(d, int), np.ones(g, int), SPANS, SIZES, most_channels)
    return tiles[0].shape, tiles[1].shape


@pytest.mark.parametrize(
    ("d", "g", "d_checked", "g_checked"),
    [
        ((4, 5), (3, 2), (1, 4, 5), (1, 3, 2)),
        ((6, 4, 5), (3, 2), (6, 1, 4, 5), (1, 3, 2)),  # of which each has one channel
        ((6, 4, 5), (6, 3, 2), (6, 4, 5), (6, 3, 2)),
        ((8, 6, 4, 5), (6, 3, 2), (8, 6, 4, 5), (6, 3, 2)),
        ((7, 1, 6, 4, 5), (8, 6, 3, 2), (7, 1, 6, 4, 5), (8, 6, 3, 2)),
    ],
)
def test_tiles_have_an_axis_of_channels(d: Shape, g: Shape, d_checked: Shape, g_checked: Shape) -> None:
    assert shapes(d, g) == (d_checked, g_checked)
    assert shapes(d, g, most_channels=6) == (d_checked, g_checked)


@pytest.mark.parametrize(
    ("d", "g", "most_channels", "words"),
    [
        ((4, 4), (3, 2), None, r"they must end in \(4, 5\) and \(3, 2\)"),
        ((4, 5), (2, 3), None, r"they must end in \(4, 5\) and \(3, 2\)"),
        ((4, 5, 6), (6, 3, 2), None, r"they must end in \(4, 5\)"),
        ((6, 4, 5), (5, 3, 2), None, "the same number of channels$"),
        ((6, 4, 5), (6, 3, 2), 5, "the same number of channels, at most the declared 5"),
        ((8, 6, 4, 5), (7, 6, 3, 2), None, r"the leading axes \(8,\) of d and \(7,\) of g do not broadcast"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(
    d: Shape, g: Shape, most_channels: int | None, words: str, golden: Golden
) -> None:
    with golden.raises(ShapeError, match=words):
        shapes(d, g, most_channels)


def test_sizes_and_spans_come_in_pairs(golden: Golden) -> None:
    d, g = np.ones(4, int), np.ones(3, int)
    assert integer_tiles(d, g, SPANS, ((4,), (3,)))[0].tolist() == [[1, 1, 1, 1]]
    with golden.raises(ShapeError, match=r"inputs \(4,\) and taps \(3, 1\) must have the same number of axes"):
        integer_tiles(d, g, SPANS, ((4,), (3, 1)))
    with golden.raises(ShapeError, match="at least one"):
        integer_tiles(d, g, SPANS, ((), ()))
    with golden.raises(ShapeError, match="there are 3 spans; give one for d and one for g"):
        integer_tiles(d, g, ("int8", "int8", "int8"), ((4,), (3,)))  # type: ignore[arg-type]
    for wrong in (128, -129):
        with golden.raises(DataError):
            integer_tiles(wrong * d, g, SPANS, ((4,), (3,)))
    assert integer_tiles(-128 * d, 127 * g, SPANS, ((4,), (3,)))[0].min() == -128
