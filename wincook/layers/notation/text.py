"""A layer in one line: channels and image, filters, kernel, and what differs from 1, 0 and NCHW, in any order.

64x56x56 -> 128, 3x3, padding 1, stride 2
256x1024 -> 256, 9, padding 4
96x56x56 -> 96, 7x7, padding 3, groups 96, batch 8, NHWC
32x14x14 -> 16, 4x4, stride 2, padding 1, transposed
"""

from __future__ import annotations

from typing import Any, get_args

from wincook.arguments import choice, words
from wincook.errors import NotationError, WincookError, quoted
from wincook.exact.numeral import whole
from wincook.layers.layer import Layer, Layout, layer_of

_EXAMPLE = "64x56x56 -> 64, 3x3, padding 1"
_PER_AXIS = ("padding", "stride", "dilation", "output padding")
_NUMBERS = ("groups", "batch")
_WORDS = ("same", "valid")


def read_layer(text: str) -> Layer:
    """The layer that a line describes.

    Raises:
        NotationError: a line that cannot be read.
        ShapeError: numbers of which there is no layer.

    >>> print(read_layer("64x56x56 -> 128, 3x3, padding 1, stride 2"))
    3x3 convolution, 64 -> 128 channels, 56x56 -> 28x28, stride 2x2
    """
    shape, *clauses = words("layer", text, _EXAMPLE).replace("→", "->").split(",")
    before, arrow, after = shape.partition("->")
    if not arrow or not clauses:
        raise NotationError(
            f"cannot read the layer {quoted(text)}: write channels and image, filters, and kernel: {_EXAMPLE}"
        )
    channels, *size = _numbers(before, text)
    filters, kernel = _numbers(after, text), _numbers(clauses[0], text)
    if len(filters) != 1:
        raise NotationError(f"cannot read the layer {quoted(text)}: behind -> stands the number of filters alone")
    settings: dict[str, Any] = {}
    for clause in clauses[1:]:
        name, value = _setting(clause, text)
        if name in settings:
            raise NotationError(f"cannot read the layer {quoted(text)}: {name} stands there twice")
        settings[name] = value
    return Layer(channels, filters[0], tuple(size), kernel, **settings)


def layer_text(layer: Layer) -> str:
    """The line that describes a layer.

    Raises:
        ShapeError: no layer.
    """
    layer = layer_of(layer)
    parts = [f"{_times((layer.channels, *layer.size))} -> {layer.filters}", _times(layer.kernel)]
    if any(map(any, layer.pads)):
        even = all(before == after for before, after in layer.pads)
        pads = [str(before) if even else f"{before}+{after}" for before, after in layer.pads]
        parts.append(f"padding {_once(pads)}")
    for name in ("stride", "dilation", "output_padding"):
        steps = getattr(layer, name)
        if set(steps) != {0 if name == "output_padding" else 1}:
            parts.append(f"{name.replace('_', ' ')} {_once(list(map(str, steps)))}")
    parts += [f"{name} {getattr(layer, name)}" for name in _NUMBERS if getattr(layer, name) != 1]
    parts += ["transposed"] * layer.transposed + [layer.layout] * (layer.layout != "NCHW")
    return ", ".join(parts)


def _setting(clause: str, text: str) -> tuple[str, Any]:
    *name, value = clause.split() or [""]
    setting = " ".join(name)
    if not name and value == "transposed":
        return "transposed", True
    if not name and value in get_args(Layout):
        return "layout", value
    known = choice("setting of a layer", setting or value, (*_PER_AXIS, *_NUMBERS, "transposed", *get_args(Layout)))
    if known == "padding" and value in _WORDS:
        return known, value
    if known == "padding" and "+" in value:
        return known, tuple(_numbers(pair.replace("+", "x"), text) for pair in value.split("x"))
    if known not in {*_PER_AXIS, *_NUMBERS}:
        raise NotationError(f"cannot read the layer {quoted(text)}: {known} stands alone")
    numbers = _numbers(value, text)
    if len(numbers) == 1:
        return known.replace(" ", "_"), numbers[0]
    if known in _NUMBERS:
        raise NotationError(f"cannot read the layer {quoted(text)}: {known} takes one number")
    return known.replace(" ", "_"), numbers


def _numbers(clause: str, text: str) -> tuple[int, ...]:
    """Whole numbers with x between them."""
    try:
        return tuple(whole(number.strip()) for number in clause.replace("×", "x").split("x"))
    except WincookError:
        raise NotationError(
            f"cannot read {quoted(clause.strip())} of the layer {quoted(text)}; write whole numbers with x between "
            f"them, as in {_EXAMPLE}"
        ) from None


def _once(numbers: list[str]) -> str:
    """One number for all axes, if they are alike."""
    return numbers[0] if len(set(numbers)) == 1 and "+" not in numbers[0] else "x".join(numbers)


def _times(numbers: tuple[int, ...]) -> str:
    return "x".join(map(str, numbers))
