"""Guarded calls of int8 and int16 kernels: `-m tests.kernels.guarded_quantised SIDE EVERY` prints how many.

As guarded_narrow.py; what packing works in is made between walls, too.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

import wincook as wc
from tests.kernels.guarded import filled, random_layer, walled
from tests.kernels.guarded_narrow import combined, elements
from wincook import direct
from wincook.kernels import Target
from wincook.quantisation import Affine, calibrate

LAYERS = 2
WHOLE, BROKEN = (wc.algorithm("F(4x4,3x3)", points) for points in ("0, ±1, x^2+1, ∞", "0, ±5/8, ±3/2, ∞"))
CODES: tuple[tuple[Any, ...], ...] = (
    (WHOLE, "NHWC", "int8", "uint8", "uint8"),
    (WHOLE, "NCHW", "int8", "uint8", "int8"),
    (BROKEN, "NHWC", "int16", "float32", "float32"),
    ("direct", "NHWC", "int8", "uint8", "uint8"),
    ("direct", "NCHW", "int8", "float32", "float32"),
)


def main(side: str, every: int) -> int:
    rng, calls = np.random.default_rng(2026), 0
    for target, (algorithm, layout, format, of_x, of_y), number in combined(CODES, range(LAYERS), every):
        machine = Target.of(target)
        layer = random_layer(number, WHOLE.tile, layout, machine.isa.lanes, rng)
        formats: dict[str, Any] = {"format": format, "input_format": of_x, "output_format": of_y}
        kernel = wc.compile(layer, algorithm, threads=1, target=machine, **formats)
        vars(kernel.modules[0])["aligned"] = partial(walled, side=side)
        kernel._kernels[0]._workspaces.clear()
        larger = replace(layer, size=(12, 12))  # small ones leave products zero, which have no scale
        images = np.abs(rng.standard_normal((2, *larger.input_shape[1:]))).astype(np.float32)
        weights, bias = filled(layer.weight_shape, side, rng), filled((layer.filters,), side, rng)
        zero = 0 if of_y == "int8" else 128
        calibration = calibrate(larger, algorithm, images, format=format, y=Affine(0.25, zero))
        x, y = elements(layer.input_shape, of_x, side), elements(layer.output_shape, of_y, side)
        x[...] = rng.random(layer.input_shape) if of_x == "float32" else rng.integers(0, 100, layer.input_shape)
        given = x if of_x == "float32" else calibration.x.real(x)
        kernel(x, kernel.pack(weights, bias, calibration=calibration), y)
        first = np.moveaxis(given, -1, 1) if layout == "NHWC" else given
        exact = direct.convolve(first.astype(float), weights.astype(float), layer.pads) + bias[:, None, None]
        result = np.moveaxis(y, -1, 1) if layout == "NHWC" else y
        real = result if of_y == "float32" else 0.25 * (result.astype(float) - zero)
        limits = (-np.inf, np.inf) if of_y == "float32" else (-32, 31.75)
        errors = real - np.clip(exact, *limits)
        assert np.sqrt(np.mean(errors**2)) < 0.15 + 0.1 * np.sqrt(np.mean(exact**2))
        calls += 1
    return calls


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], int(sys.argv[2]))))
