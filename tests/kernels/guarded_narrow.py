"""Guarded calls of kernels in narrow formats: `-m tests.kernels.guarded_narrow SIDE EVERY` prints how many.

As guarded.py, whose walls these are; elements of x and y are those of the formats, as are the words of V and U.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product
from math import prod
from typing import Any

import numpy as np

import wincook as wc
from tests.kernels.guarded import filled, random_layer, walled
from wincook import direct
from wincook.arrays import Array
from wincook.kernels import Target
from wincook.kernels.target import host_isa_names
from wincook.layers import Layout

ALGORITHM = wc.algorithm("F(4x4,3x3)")
LAYERS = 4
CODES: tuple[tuple[Layout, str, str], ...] = (("NHWC", "bfloat16", "bfloat16"), ("NCHW", "bfloat16", "float16"))
DEPTHWISE = ((13, 13, (9, 21), 1), (16, 32, (8, 40), 2))  # channels, filters, size and stride


def elements(shape: tuple[int, ...], kind: str, side: str) -> Array:
    """An array of elements right behind, or right before, a forbidden page."""
    nbytes = prod(shape) * np.dtype(kind).itemsize
    memory = walled(-(-nbytes // 4), side).view(np.uint8)
    part = memory[:nbytes] if side == "start" else memory[memory.size - nbytes :]
    return part.view(kind).reshape(shape)


def combined(codes: Sequence[Any], others: Sequence[Any], every: int) -> Iterator[tuple[str, Any, Any]]:
    """Targets, codes and whatever else; of `every` codes along each target one, and of targets along each code."""
    for (row, target), (column, code) in product(enumerate(host_isa_names()), enumerate(codes)):
        if (row + column) % every == 0:
            yield from ((target, code, other) for other in others)


def main(side: str, every: int) -> int:
    rng, calls = np.random.default_rng(2026), 0
    for target, (layout, of_x, of_y), number in combined(CODES, range(LAYERS), every):
        machine = Target.of(target)
        layer = random_layer(number, ALGORITHM.tile, layout, machine.isa.lanes, rng)
        formats: dict[str, Any] = {"format": "bfloat16", "input_format": of_x, "output_format": of_y}
        kernel = wc.compile(layer, ALGORITHM, threads=1, target=machine, epilogue="relu", **formats)
        vars(kernel.modules[0])["aligned"] = partial(walled, side=side)
        kernel._kernels[0]._workspaces.clear()
        x, y = elements(layer.input_shape, of_x, side), elements(layer.output_shape, of_y, side)
        x[...] = rng.uniform(-1, 1, layer.input_shape)
        weights, bias = filled(layer.weight_shape, side, rng), filled((layer.filters,), side, rng)
        kernel(x, kernel.pack(weights, bias), y)
        first = [np.moveaxis(array, -1, 1) if layout == "NHWC" else array for array in (x, y)]
        exact = direct.convolve(first[0].astype(float), weights.astype(float), layer.pads) + bias[:, None, None]
        np.testing.assert_allclose(first[1].astype(float), np.maximum(exact, 0), rtol=0.01, atol=0.5)
        calls += 1
    return calls + sum(_depthwise(*each, side, rng) for each in combined(CODES, DEPTHWISE, every))


def _depthwise(
    target: str,
    code: tuple[Layout, str, str],
    sizes: tuple[int, int, tuple[int, int], int],
    side: str,
    rng: np.random.Generator,
) -> int:
    """A call of a depthwise kernel, which has products in float32."""
    (layout, of_x, of_y), (channels, filters, size, stride) = code, sizes
    layer = wc.Layer(channels, filters, size, (3, 3), 1, 1, layout, groups=channels, stride=stride)
    kernel = wc.compile(layer, "depthwise", threads=1, target=target, input_format=of_x, output_format=of_y)
    vars(kernel.modules[0])["aligned"] = partial(walled, side=side)
    kernel._kernels[0]._workspaces.clear()
    x, y = elements(layer.input_shape, of_x, side), elements(layer.output_shape, of_y, side)
    x[...] = rng.uniform(-1, 1, layer.input_shape)
    weights = filled(layer.weight_shape, side, rng)
    kernel(x, kernel.pack(weights), y)
    first = [np.moveaxis(array, -1, 1) if layout == "NHWC" else array for array in (x, y)]
    steps: dict[str, Any] = {"stride": (stride, stride), "groups": channels}
    exact = direct.convolve(first[0].astype(float), weights.astype(float), layer.pads, **steps)
    np.testing.assert_allclose(first[1].astype(float), exact, rtol=0.01, atol=0.05)
    return 1


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], int(sys.argv[2]))))
