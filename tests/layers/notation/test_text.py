"""Layers in one line: read, written, and refused."""

from __future__ import annotations

import pytest

import wincook as wc
from wincook.errors import ShapeError, WincookError
from wincook.layers.notation.text import layer_text, read_layer

LAYERS = {
    "64x56x56 -> 64, 3x3, padding 1": wc.Layer(64, 64, (56, 56), (3, 3), 1),
    "256x1024 -> 200, 9": wc.Layer(256, 200, (1024,), (9,)),
    "4x8x9 -> 6, 3x2, padding 1+2x0+1, stride 2x1, groups 2": wc.Layer(
        4, 6, (8, 9), (3, 2), ((1, 2), (0, 1)), stride=(2, 1), groups=2
    ),
    "3x9x9 -> 5, 3x3, stride 2, output padding 1, batch 4, transposed, NHWC": wc.Layer(
        3, 5, (9, 9), (3, 3), 0, 4, "NHWC", stride=2, output_padding=1, transposed=True
    ),
    "2x5x6x7 -> 3, 1x2x3, dilation 1x2x2": wc.Layer(2, 3, (5, 6, 7), (1, 2, 3), dilation=(1, 2, 2)),
}


@pytest.mark.parametrize("text", LAYERS)
def test_a_line_is_a_layer(text: str) -> None:
    assert read_layer(text) == LAYERS[text]
    assert layer_text(LAYERS[text]) == text


def test_one_number_is_for_all_axes_and_blanks_are_free() -> None:
    assert read_layer(" 8×9×9→4 ,3x3,  padding same , dilation 2") == wc.Layer(8, 4, (9, 9), (3, 3), "same", dilation=2)


@pytest.mark.parametrize(
    "text",
    [
        *("", "64", "64x56x56 -> 64", "-> 64, 3x3", "64x56x56 -> , 3x3", "64x56x56 -> 64x2, 3x3", "64x56x56, 3x3"),
        *("axb -> 3, 3x3", "64x5.5x5 -> 64, 3x3", "64x56x56 -> 64, 3x3, pading 1", "64x56x56 -> 64, 3x3, padding"),
        *("64x56x56 -> 64, 3x3, padding x", "64x56x56 -> 64, 3x3, groups 2x2", "64x56x56 -> 64, 3x3, transposed 1"),
        *("64x56x56 -> 64, 3x3, stride 2, stride 2", "64x56x56 -> 64, 3x3,", "64x56x56 -> 64, 3x3, padding 1+x"),
    ],
)
def test_other_lines_are_refused_with_what_is_wrong(text: str) -> None:
    with pytest.raises(WincookError) as refusal:
        read_layer(text)
    assert "\n" not in str(refusal.value)


def test_what_is_no_layer_is_refused_as_layers_are() -> None:
    with pytest.raises(ShapeError, match="larger than the padded image"):
        read_layer("1x2x2 -> 1, 3x3")
