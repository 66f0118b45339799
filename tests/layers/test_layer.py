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


def test_what_it_prints_makes_it_again() -> None:
    layer = Layer(**GOOD, padding=((1, 0), (0, 3)), stride=(2, 1), batch=2)
    assert eval(repr(layer), {"Layer": Layer}) == layer  # noqa: S307 (our own text)
    assert repr(Layer(**GOOD)) == (
        "Layer(channels=3, filters=4, size=(8, 9), kernel=(3, 5), padding=((0, 0), (0, 0)), batch=1, layout='NCHW', "
        "stride=(1, 1), dilation=(1, 1), groups=1, transposed=False, output_padding=(0, 0), "
        "padding_mode='zeros')"
    )


@pytest.mark.parametrize(
    ("change", "output_size"),
    [
        ({"stride": 2}, (3, 3)),
        ({"stride": (3, 1), "padding": ((0, 1), 0)}, (3, 5)),
        ({"dilation": (3, 2)}, (2, 1)),
        ({"stride": (2, 1), "dilation": 2, "padding": (1, 0)}, (3, 1)),
        ({"transposed": True}, (10, 13)),
        ({"transposed": True, "stride": 2, "padding": ((1, 0), 2), "output_padding": (0, 1)}, (16, 18)),
        ({"transposed": True, "stride": 2, "dilation": 3, "output_padding": 2}, (23, 31)),
    ],
    ids=str,
)
def test_output_sizes_are_those_of_torch(change: dict[str, Any], output_size: tuple[int, ...]) -> None:
    assert Layer(**GOOD, **change).output_size == output_size  # from torch 2.13, the uneven pads cut by hand


def test_weights_follow_groups_and_transposition() -> None:
    grouped = GOOD | {"channels": 6, "filters": 4, "groups": 2}
    assert Layer(**grouped).weight_shape == (4, 3, 3, 5)
    assert Layer(**grouped, transposed=True).weight_shape == (6, 2, 3, 5)


@pytest.mark.parametrize("dimension", [1, 2, 3, 4])
def test_one_to_four_axes_in_both_layouts(dimension: int) -> None:
    size, kernel = (5, 6, 7, 8)[:dimension], (2, 3, 1, 2)[:dimension]
    out = tuple(n - r + 1 for n, r in zip(size, kernel, strict=True))
    assert Layer(3, 4, size, kernel).output_shape == (1, 4, *out)
    assert Layer(3, 4, size, kernel, layout="NHWC").output_shape == (1, *out, 4)
    assert Layer(3, 4, size, kernel).plain


@pytest.mark.parametrize("change", [{"stride": (1, 2)}, {"dilation": 2}, {"groups": 2}, {"transposed": True}], ids=str)
def test_a_layer_with_any_of_these_is_not_plain(change: dict[str, Any]) -> None:
    layer = Layer(**(GOOD | {"channels": 2} | change))
    assert not layer.plain
    assert all(word in str(layer) for word in change)


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"channels": 0}, ShapeError, "channels = 0"),
        ({"filters": -1}, ShapeError, "filters = -1"),
        ({"batch": -1}, ShapeError, "batch = -1"),
        ({"size": (8, 0)}, ShapeError, "size = 0"),
        ({"size": (8,)}, ShapeError, "same number of axes"),
        ({"kernel": (3, 5, 7)}, ShapeError, "same number of axes"),
        ({"size": (), "kernel": ()}, ShapeError, "from 1 to 4"),
        ({"size": (5,) * 5, "kernel": (1,) * 5}, ShapeError, "from 1 to 4"),
        ({"size": 8}, ShapeError, "size = 8"),
        ({"kernel": "33"}, ShapeError, "kernel = '33'"),
        ({"channels": 1.5}, ShapeError, "channels = 1.5"),
        ({"stride": 0}, ShapeError, "stride = 0"),
        ({"stride": (1, 2, 3)}, ShapeError, "stride = (1, 2, 3)"),
        ({"stride": "2"}, ShapeError, "stride = '2'"),
        ({"dilation": (1, -1)}, ShapeError, "dilation = -1"),
        ({"groups": 0}, ShapeError, "groups = 0"),
        ({"groups": 2}, ShapeError, "must divide channels = 3"),
        ({"groups": 3}, ShapeError, "must divide filters = 4"),
        ({"output_padding": 1}, ShapeError, "for transposed layers"),
        ({"output_padding": -1, "transposed": True}, ShapeError, "output_padding = -1"),
        (
            {"output_padding": (1, 2), "stride": 2, "transposed": True},
            ShapeError,
            "axis 1 of the image: output_padding",
        ),
        ({"padding": 5, "transposed": True}, ShapeError, "leaves nothing of an output of 10"),
        ({"dilation": 4}, ShapeError, "span 9 inputs"),
        ({"padding": -1}, ShapeError, "padding = -1"),
        ({"padding": (1, 2, 3)}, ShapeError, "(1, 2, 3)"),
        ({"padding": ((1, 2, 3), 0)}, ShapeError, "before, after"),
        ({"padding": "same", "stride": 2}, ShapeError, "'same'"),
        ({"padding": "same", "transposed": True}, ShapeError, "'same'"),
        ({"padding": "full"}, NotationError, "known are valid, same"),
        ({"padding": None}, ShapeError, "None"),
        ({"kernel": (9, 3)}, ShapeError, "larger than the padded image"),
        ({"kernel": (13, 3), "padding": 2}, ShapeError, "at most 12"),
        ({"kernel": (3, 12)}, ShapeError, "axis 1 of the image"),
        ({"layout": "NCWH"}, NotationError, "NCHW, NHWC"),
    ],
)
def test_bad_sizes_are_named(change: dict[str, Any], error: type[WincookError], named: str) -> None:
    with pytest.raises(error) as caught:
        Layer(**(GOOD | change))
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
