from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.golden import Golden
from wincook.errors import NotationError, ShapeError
from wincook.layers.sizes import pairs, per_axis, sizes


@pytest.mark.parametrize("numbers", [(3, 5), [3, 5], np.array([3, 5]), (np.int8(3), np.uint64(5)), range(3, 7, 2)])
def test_sizes_are_whole_numbers_of_any_kind(numbers: Any) -> None:
    read = sizes("size", numbers)
    assert read == (3, 5)
    assert all(type(number) is int for number in read)


def test_one_number_is_for_all_axes() -> None:
    assert per_axis("stride", 2, 3) == per_axis("stride", np.array(2), 3) == (2, 2, 2)
    assert per_axis("stride", (1, 2, 3), 3) == (1, 2, 3)
    assert per_axis("output_padding", 0, 2, least=0) == (0, 0)


@pytest.mark.parametrize("numbers", [(1, 2, 3), (1,), (), 0, (0, 1), 1.5, (1, 1.5), "1", None, True])
def test_numbers_that_do_not_fit_the_axes_are_named(numbers: Any, golden: Golden) -> None:
    with golden.raises(ShapeError):
        per_axis("stride", numbers, 2)


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        (1, ((1, 1), (1, 1))),
        ((1, 2), ((1, 1), (2, 2))),
        (((0, 1), (2, 3)), ((0, 1), (2, 3))),
        ((1, (2, 3)), ((1, 1), (2, 3))),
        ("valid", ((0, 0), (0, 0))),
        ("same", ((1, 1), (1, 2))),  # of 3 and 4 taps: the odd zero comes after
    ],
)
def test_padding_in_every_notation(padding: Any, expected: Any) -> None:
    assert pairs(padding, (3, 4), (1, 1), (1, 1), transposed=False) == expected


def test_dilated_filters_want_more_of_the_same() -> None:
    assert pairs("same", (3, 4), (1, 1), (2, 3), transposed=False) == ((2, 2), (4, 5))


@pytest.mark.parametrize(
    ("padding", "stride", "transposed", "error"),
    [
        ("same", (1, 2), False, ShapeError),
        ("same", (1, 1), True, ShapeError),
        ("full", (1, 1), False, NotationError),
        ((1, 2, 3), (1, 1), False, ShapeError),
        (((1, 2, 3), 1), (1, 1), False, ShapeError),
        (-1, (1, 1), False, ShapeError),
        (1.5, (1, 1), False, ShapeError),
        (None, (1, 1), False, ShapeError),
    ],
)
def test_padding_that_does_not_fit_is_named(
    padding: Any, stride: tuple[int, ...], transposed: bool, error: type[Exception], golden: Golden
) -> None:
    with golden.raises(error):
        pairs(padding, (3, 4), stride, (1, 1), transposed=transposed)
