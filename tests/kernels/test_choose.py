"""Tiles of least work, against counts by hand."""

from __future__ import annotations

import pytest

import wincook as wc
from wincook.kernels import choose
from wincook.kernels.choose import choose_tile


def outputs(size: tuple[int, int], kernel: tuple[int, int] = (3, 3), channels: int = 512) -> tuple[int, ...]:
    """Of the tile for an output of some size; with many channels, the products decide."""
    image = (size[0] + kernel[0] - 1, size[1] + kernel[1] - 1)
    return choose_tile(wc.Layer(channels, channels, image, kernel)).outputs


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4, 4), (4, 4)),  # 36 products; 4 tiles of 16 are 64
        ((3, 3), (3, 3)),  # 25
        ((6, 6), (3, 3)),  # 4 x 25; 4 x 36 and 9 x 16 are 144
        ((8, 8), (4, 4)),  # 4 x 36; 9 x 25 are 225
        ((9, 9), (3, 3)),  # 9 x 25; 9 x 36 are 324: a tile that overhangs counts whole
        ((2, 2), (2, 2)),
        ((1, 1), (1, 1)),  # 9 products, as direct
        ((4, 9), (4, 3)),  # each axis by itself
        ((9, 4), (3, 4)),
    ],
)
def test_the_tile_has_the_fewest_products(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert outputs(size) == expected


@pytest.mark.parametrize(
    ("kernel", "expected"),
    [((1, 1), (1, 1)), ((1, 3), (1, 4)), ((5, 5), (4, 4)), ((6, 6), (3, 3)), ((7, 1), (2, 1)), ((9, 1), (2, 1))],
)
def test_tiles_have_at_most_eight_inputs_and_two_outputs_at_least(
    kernel: tuple[int, int], expected: tuple[int, int]
) -> None:
    """On an output that no tile overhangs."""
    assert outputs((60, 60), kernel) == expected


def test_the_work_of_a_layer() -> None:
    """Lavin and Gray count 32 operations for the input transform of F(2x2,3x3), 24 for that of the output."""
    layer = wc.Layer(channels=2, filters=3, size=(6, 5), kernel=(3, 3))
    tiles = 2 * 2
    assert choose._work(layer, wc.Tile((2, 2), (3, 3))) == tiles * (16 * 2 * 3 + 4.0 * (2 * 32 + 3 * 24))


def test_transforms_count_where_channels_are_few() -> None:
    assert outputs((12, 12), channels=512) == (4, 4)
    assert outputs((12, 12), channels=1) == (2, 2)
