from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wincook.errors import NotationError, ShapeError, WincookError
from wincook.layers import Layer

GOOD: dict[str, Any] = {"channels": 3, "filters": 4, "size": (8, 9), "kernel": (3, 5)}


@pytest.mark.parametrize(
    ("padding", "pairs"),
    [
        (0, ((0, 0), (0, 0))),
        (1, ((1, 1), (1, 1))),
        ((1, 2), ((1, 1), (2, 2))),
        (((1, 0), (0, 3)), ((1, 0), (0, 3))),
        ([1, (2, 0)], ((1, 1), (2, 0))),
    ],
)
def test_padding_in_every_notation(padding: Any, pairs: Any) -> None:
    assert Layer(**GOOD, padding=padding).pads == pairs


def test_shapes_follow_the_layout() -> None:
    first = Layer(**GOOD, padding=((1, 0), (2, 2)), batch=2)
    last = Layer(**GOOD, padding=((1, 0), (2, 2)), batch=2, layout="NHWC")
    assert first.input_shape == (2, 3, 8, 9)
    assert first.output_shape == (2, 4, 7, 9)
    assert last.input_shape == (2, 8, 9, 3)
    assert last.output_shape == (2, 7, 9, 4)
    assert first.weight_shape == last.weight_shape == (4, 3, 3, 5)


def test_numpy_integers_and_lists_are_whole_numbers_too() -> None:
    layer = Layer(np.int64(3), 4, [8, 9], np.array([3, 5]))  # type: ignore[arg-type]
    assert layer == Layer(3, 4, (8, 9), (3, 5))
    assert hash(layer) == hash(Layer(3, 4, (8, 9), (3, 5)))


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"channels": 0}, ShapeError, "channels = 0"),
        ({"filters": -1}, ShapeError, "filters = -1"),
        ({"batch": 0}, ShapeError, "batch = 0"),
        ({"size": (8, 0)}, ShapeError, "size = 0"),
        ({"size": (8,)}, ShapeError, "two axes"),
        ({"kernel": (3, 5, 7)}, ShapeError, "two axes"),
        ({"channels": 1.5}, ShapeError, "channels = 1.5"),
        ({"padding": -1}, ShapeError, "padding -1"),
        ({"padding": (1, 2, 3)}, ShapeError, "(1, 2, 3)"),
        ({"padding": ((1, 2, 3), 0)}, ShapeError, "before, after"),
        ({"padding": "same"}, ShapeError, "'same'"),
        ({"padding": None}, ShapeError, "None"),
        ({"kernel": (9, 3)}, ShapeError, "larger than the padded image"),
        ({"kernel": (13, 3), "padding": 2}, ShapeError, "at most 12"),
        ({"layout": "NCWH"}, NotationError, "NCHW, NHWC"),
    ],
)
def test_bad_sizes_are_named(change: dict[str, Any], error: type[WincookError], named: str) -> None:
    with pytest.raises(error) as caught:
        Layer(**(GOOD | change))
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
