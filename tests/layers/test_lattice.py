"""The cosets against the equation of an axis: every meeting of input, tap and output, and each once."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from tests.golden import Golden
from wincook.errors import LimitError, ShapeError, WincookError
from wincook.layers import Axis, Piece, pieces


def meetings(axis: Axis) -> Counter[tuple[int, int, int]]:
    """(a, j, i) by the equation, inputs outside the image too."""
    taps, outputs = range(axis.kernel), range(axis.output_size)
    if not axis.transposed:
        return Counter((axis.stride * i + axis.dilation * j - axis.before, j, i) for i in outputs for j in taps)
    places = range(-100, 100)
    return Counter(
        (a, j, i)
        for a, j in product(places, taps)
        if (i := axis.stride * a + axis.dilation * j - axis.before) in outputs
    )


def met(parts: tuple[Piece, ...]) -> Counter[tuple[int, int, int]]:
    """(a, j, i) of unit-stride correlations: y[I] += w[J] x[I + J]."""
    return Counter(
        (part.x[I + J], part.w[J], part.y[I]) for part in parts for I in range(len(part.y)) for J in range(len(part.w))
    )


@pytest.mark.parametrize(
    ("stride", "dilation", "transposed", "before"), list(product((1, 2, 3, 4), (1, 2, 3), (False, True), (0, 2)))
)
def test_the_pieces_are_all_meetings_once(stride: int, dilation: int, transposed: bool, before: int) -> None:
    axis = Axis(9, 3, stride, dilation, before, 1, transposed=transposed)
    assert met(pieces(axis)) == meetings(axis)


def test_some_taps_of_a_piece_read_what_they_read_before() -> None:
    (piece,) = pieces(Axis(9, 5, dilation=1))
    split = (piece.taps(0, 2), piece.taps(2, 3))
    assert met(split) == met((piece,))


def test_no_axis_and_too_many_parts_are_refused(golden: Golden) -> None:
    with golden.raises(ShapeError):
        pieces(None)  # type: ignore[arg-type]
    with golden.raises(WincookError):
        pieces(Axis(10**6, 5 * 10**5, 10**5 + 1, transposed=True, dilation=10**5 + 3))
    assert issubclass(LimitError, WincookError)
