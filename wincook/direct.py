"""Direct convolution: slow, obvious, and the judge of everything else.

"Convolution" is correlation, as networks use it: y[i] = Σ_j g[j] d[i + j] along every axis. The element type
decides the arithmetic: Python integers and fractions (object arrays) are exact, float64 is the usual reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any

import numpy as np

from wincook.arguments import choice, items, whole_number
from wincook.arrays import Array, real_array
from wincook.ceiling import check_work
from wincook.errors import DataError, ShapeError, quoted

Index = tuple[Any, ...]

_MODES: dict[str, Any] = {"zeros": "constant", "reflect": "reflect", "replicate": "edge"}  # as numpy calls them
_BATCH_AND_CHANNELS = 2  # axes before those of the size


@contextmanager
def _of_numbers() -> Iterator[None]:
    """Within, objects that cannot be multiplied and added are at fault."""
    try:
        yield
    except (TypeError, OverflowError) as failure:
        raise DataError(f"such numbers cannot be multiplied and added: {quoted(failure)}") from failure


def correlate(d: Array, g: Array) -> Array:
    """Every position at which the filter lies wholly inside the input.

    Args:
        d: the input, shape (..., n_1, ..., n_D); leading axes are samples.
        g: one filter, shape (r_1, ..., r_D).

    Returns:
        y of shape (..., m_1, ..., m_D), m = n - r + 1, in the element type that d·g has.

    Raises:
        DataError: no real numbers.
        ShapeError: the filter does not fit into the input.

    >>> correlate(np.array([1, 2, 3, 4]), np.array([1, 0, -1]))
    array([-2, -2])
    """
    d, g = _numbers("d", d), _numbers("g", g)
    ones = (1,) * g.ndim
    with _of_numbers():
        return _correlate(d, g, ones, ones)


def convolve(
    x: Array,
    weights: Array,
    padding: Sequence[tuple[int, int]] | None = None,
    *,
    stride: Sequence[int] | None = None,
    dilation: Sequence[int] | None = None,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> Array:
    """A layer in the plainest words: padding, then a correlation summed over the channels.

    Args:
        x: (N, C, *size).
        weights: (K, C/groups, *kernel).
        padding: (before, after) per axis of the image; none if left out.
        stride: from one output to the next, in inputs, per axis; 1 if left out.
        dilation: from one tap to the next, in inputs, per axis; 1 if left out.
        groups: into how many the channels and the filters are parted; filters see the channels of their group.
        padding_mode: what the padding holds: `zeros`, the image mirrored without its edge (`reflect`), or its edge
            (`replicate`).

    Returns:
        (N, K, *out) with out = ⌊(size + before + after - dilation·(kernel - 1) - 1) / stride⌋ + 1.

    Raises:
        DataError: no real numbers.
        ShapeError: the filter does not fit into the padded image, or the channels or filters into the groups; or
            sizes and steps that are none; or a padding to reflect that is as large as the image.
        NotationError: an unknown padding mode.
        LimitError: a padded image of more than 1 GiB.
    """
    x, weights, dimension = _layer(x, weights)
    groups = whole_number("groups", groups)
    padding, stride = _pads(padding, dimension), _steps("stride", stride, dimension)
    dilation = _steps("dilation", dilation, dimension)
    _check_groups(x, weights, weights.shape[1] * groups, weights.shape[0], groups)
    size = [before + n + after for n, (before, after) in zip(x.shape[2:], padding, strict=True)]
    check_work(f"a padded image of {'×'.join(map(str, size))}", 0, x.itemsize * prod((*x.shape[:2], *size)))
    zero = np.zeros(1, x.dtype)  # among objects a Python integer, where the zeros of np.pad would be int64
    mode = choice("padding_mode", padding_mode, _MODES)
    if mode == "reflect" and any(max(pads) >= n for n, pads in zip(x.shape[2:], padding, strict=True)):
        raise ShapeError(
            f"padding {padding} cannot reflect an image of {x.shape[2:]}; it must be smaller along each axis"
        )
    more: dict[str, Any] = {"constant_values": zero} if mode == "zeros" else {}
    padded = np.pad(x, ((0, 0), (0, 0), *padding), _MODES[mode], **more)
    parts = []
    with _of_numbers():
        for d, g in zip(np.split(padded, groups, axis=1), np.split(weights, groups), strict=True):
            channels = _correlate(d[:, None], g[None], stride, dilation)
            parts.append(channels.sum(axis=2, dtype=channels.dtype))
    return np.concatenate(parts, axis=1)


def convolve_transposed(
    x: Array,
    weights: Array,
    padding: Sequence[tuple[int, int]] | None = None,
    *,
    stride: Sequence[int] | None = None,
    dilation: Sequence[int] | None = None,
    groups: int = 1,
    output_padding: Sequence[int] | None = None,
) -> Array:
    """A transposed layer in the plainest words: each input adds its multiple of the filter to the output.

    Args:
        x: (N, C, *size).
        weights: (C, K/groups, *kernel).
        padding: (before, after) per axis, which is cut off the output; none if left out.
        stride: from one input to the next, in outputs, per axis; 1 if left out.
        dilation: from one tap to the next, in outputs, per axis; 1 if left out.
        groups: into how many the channels and the filters are parted.
        output_padding: zeros that the output has more at its end, before the cut, per axis; 0 if left out.

    Returns:
        (N, K, *out) with out = stride·(size - 1) + dilation·(kernel - 1) + 1 + output_padding - before - after.

    Raises:
        DataError: no real numbers.
        ShapeError: the padding leaves nothing, or the channels do not fit into the groups; or sizes and steps that are
            none.
        LimitError: an output of more than 1 GiB.
    """
    x, weights, dimension = _layer(x, weights)
    groups = whole_number("groups", groups)
    cut, stride = _pads(padding, dimension), _steps("stride", stride, dimension)
    dilation = _steps("dilation", dilation, dimension)
    more = _steps("output_padding", output_padding, dimension, 0)
    _check_groups(x, weights, weights.shape[0], weights.shape[1] * groups, groups)
    size, taps = x.shape[2:], weights.shape[2:]
    ones = (1,) * dimension
    uncut = [
        s * (n - 1) + e * (r - 1) + 1 + o for s, n, e, r, o in zip(stride, size, dilation, taps, more, strict=True)
    ]
    if any(before + after >= n for n, (before, after) in zip(uncut, cut, strict=True)):
        raise ShapeError(f"padding {tuple(cut)} leaves nothing of an output of {tuple(uncut)}")
    memory = np.result_type(x, weights).itemsize * len(x) * weights.shape[1] * groups * prod(uncut)
    check_work(f"an output of {'×'.join(map(str, uncut))}", 0, memory)
    parts = []
    with _of_numbers():
        for d, g in zip(np.split(x, groups, axis=1), np.split(weights, groups), strict=True):
            total = np.zeros((len(x), g.shape[1], *uncut), np.result_type(x, weights))
            for tap in np.ndindex(*taps):
                starts = [e * j for e, j in zip(dilation, tap, strict=True)]
                places: Index = (
                    ...,
                    *(slice(a, a + s * (n - 1) + 1, s) for a, s, n in zip(starts, stride, size, strict=True)),
                )
                weight = g[(slice(None), slice(None), *tap)].reshape(*g.shape[:2], *ones)
                total[places] += (d[:, :, None] * weight).sum(axis=1, dtype=total.dtype)
            parts.append(total)
    inside: Index = (..., *(slice(before, n - after) for n, (before, after) in zip(uncut, cut, strict=True)))
    return np.concatenate(parts, axis=1)[inside]


def _numbers(name: str, values: Any) -> Array:
    """An array of any numbers, exact ones among them: objects of any kind that can be multiplied and subtracted."""
    if not (isinstance(values, np.ndarray) and values.dtype == object):
        return real_array(name, values, exact=True)
    for entry in values.flat:
        if not (hasattr(entry, "__mul__") and hasattr(entry, "__sub__")):
            raise DataError(f"{name} holds {quoted(entry)}; it must hold numbers")
    return values


def _layer(x: Any, weights: Any) -> tuple[Array, Array, int]:
    """Images and filters of one dimension, which is the third value."""
    x, weights = _numbers("x", x), _numbers("weights", weights)
    if x.ndim != weights.ndim or x.ndim <= _BATCH_AND_CHANNELS:
        raise ShapeError(
            f"x {x.shape} must be (N, C, *size), and weights {weights.shape} (K, C, *kernel) of as many axes"
        )
    return x, weights, x.ndim - _BATCH_AND_CHANNELS


def _steps(name: str, values: Any, dimension: int, least: int = 1) -> tuple[int, ...]:
    """One whole number for each axis, the least where none are given."""
    if values is None:
        return (least,) * dimension
    steps = tuple(whole_number(name, value, least) for value in items(name, values, "(1, 1)"))
    if len(steps) != dimension:
        raise ShapeError(f"{name} = {steps} has {len(steps)} numbers; give {dimension}, one for each axis")
    return steps


def _pads(values: Any, dimension: int) -> tuple[tuple[int, int], ...]:
    """What stands before and after each axis, nothing where none are given."""
    if values is None:
        return ((0, 0),) * dimension
    pads = tuple(_steps("a padding", pair, 2, 0) for pair in items("padding", values, "((1, 1), (1, 1))"))
    if len(pads) != dimension:
        raise ShapeError(f"padding {pads} has {len(pads)} pairs; give {dimension}, one for each axis")
    return tuple((before, after) for before, after in pads)


def _check_groups(x: Array, weights: Array, channels: int, filters: int, groups: int) -> None:
    if x.shape[1] != channels or channels % groups or filters % groups:
        raise ShapeError(
            f"weights {weights.shape} are for {channels} channels and {filters} filters in {groups} groups, which must "
            f"divide both; x {x.shape} has {x.shape[1]} channels"
        )


def _correlate(d: Array, g: Array, stride: Sequence[int], dilation: Sequence[int]) -> Array:
    """Along the last axes, as many as strides are given; the leading ones broadcast."""
    dimension = len(stride)
    inputs, taps = d.shape[d.ndim - dimension :], g.shape[g.ndim - dimension :]
    spans = [e * (r - 1) + 1 for e, r in zip(dilation, taps, strict=True)]
    if len(inputs) < dimension or any(not 1 <= span <= n for n, span in zip(inputs, spans, strict=True)):
        spread = f" with dilation {tuple(dilation)}" if any(e > 1 for e in dilation) else ""
        raise ShapeError(f"a filter of {taps}{spread} does not fit into an input of {inputs}")
    lengths = [n - span + 1 for n, span in zip(inputs, spans, strict=True)]
    total: Array = np.zeros((), dtype=np.result_type(d, g))
    for tap in np.ndindex(*taps):
        starts = [e * j for e, j in zip(dilation, tap, strict=True)]
        window: Index = (..., *(slice(a, a + n, s) for a, n, s in zip(starts, lengths, stride, strict=True)))
        weight = g[(..., *tap)]
        total = total + np.reshape(weight, (*weight.shape, *(1,) * dimension)) * d[window]
    return total
