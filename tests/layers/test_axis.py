"""One axis, by its equation alone: input a, tap j and output i meet where stride·i + dilation·j - before = a."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.golden import Golden
from wincook.errors import ShapeError
from wincook.layers import Axis


@pytest.mark.parametrize(("stride", "dilation", "before", "after"), list(product((1, 2, 3), (1, 2), (0, 2), (0, 1))))
def test_outputs_are_those_whose_taps_all_lie_in_the_padded_image(
    stride: int, dilation: int, before: int, after: int
) -> None:
    axis = Axis(7, 3, stride, dilation, before, after)
    padded = range(-before, 7 + after)
    fitting = [i for i in range(50) if all(stride * i + dilation * j - before in padded for j in range(3))]
    assert axis.output_size == len(fitting)
    assert fitting == list(range(len(fitting)))
    assert axis.span == dilation * 2 + 1


@pytest.mark.parametrize(("stride", "dilation", "before", "after"), list(product((1, 2, 3), (1, 2), (0, 1), (0, 2))))
def test_a_transposed_axis_has_all_that_an_input_reaches(stride: int, dilation: int, before: int, after: int) -> None:
    axis = Axis(5, 3, stride, dilation, before, after, transposed=True)
    reached = {stride * a + dilation * j for a in range(5) for j in range(3)}
    assert axis.output_size == max(reached) + 1 - before - after


@pytest.mark.parametrize("size", range(5, 12))
def test_transposition_turns_a_strided_axis_round(size: int) -> None:
    """The outputs of the one are the inputs of the other, up to the output padding."""
    there = Axis(size, 3, stride=3, before=1)
    padding = (size + 1 - 3) % 3
    back = Axis(there.output_size, 3, stride=3, before=1, output_padding=padding, transposed=True)
    assert back.output_size == size


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"size": 2}, None),
        ({"output_padding": 1}, None),
        ({"transposed": True, "output_padding": 1}, r"1.*1"),
        ({"transposed": True, "before": 9}, "7"),
        ({"stride": 0}, "stride = 0"),
        ({"before": -1}, "before = -1"),
        ({"kernel": 1.5}, "kernel = 1.5"),
    ],
)
def test_axes_without_outputs_are_named(fields: dict[str, Any], named: str | None, golden: Golden) -> None:
    with golden.raises(ShapeError, match=named):
        Axis(**{"size": 5, "kernel": 3, **fields})
