"""Guarded calls of kernels and emitted modules: `guarded.py TARGET LAYOUT LAYERS FOLDER` prints how many it made.

Every array stands right behind, or right before, a page that may not be touched: x, the weights, the bias and the
output, which the caller makes, and U, the padded bias and the workspaces, which the module makes. Results are compared
with direct convolution, so that a call that does nothing does not pass.
"""

from __future__ import annotations

import ctypes
import importlib.util
import mmap
import sys
from dataclasses import replace
from functools import partial
from math import prod
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

import wincook as wc
from wincook import direct
from wincook.epilogue import Epilogue
from wincook.kernels.compile import kernel_of

ALGORITHMS = (("F(4x4,3x3)", "0, ±1, ±2, ∞"), ("F(2x3,5x1)", None), ("F(4x3,3x3)/2x1", None))
EPILOGUE = Epilogue("relu6", scale=True, residual=True)
FIRST_UNUSUAL = 5  # of each eight layers: few filters, then another tile, for which there are other modules
STRIDED = 4  # of each eight layers: the last tile
HALF = 2  # of each four layers, the one with half-transformed filters
LIBC = ctypes.CDLL(None, use_errno=True)


def walled(floats: int, side: str) -> NDArray[np.float32]:
    """An array that starts behind a forbidden page, or ends before one."""
    size = 4 * floats
    length = -(-size // mmap.PAGESIZE) * mmap.PAGESIZE
    memory = mmap.mmap(-1, length + 2 * mmap.PAGESIZE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    for wall in (start, start + mmap.PAGESIZE + length):
        if LIBC.mprotect(ctypes.c_void_p(wall), mmap.PAGESIZE, 0):
            raise OSError(ctypes.get_errno(), "mprotect")
    offset = mmap.PAGESIZE + (length - size if side == "end" else 0)
    array = np.frombuffer(memory, np.float32, floats, offset)
    array[:] = np.nan  # what nobody wrote shows
    return array


def filled(shape: tuple[int, ...], side: str, rng: np.random.Generator) -> NDArray[np.float32]:
    array = walled(prod(shape), side).reshape(shape)
    array[...] = rng.uniform(-1, 1, shape)
    return array


def random_layer(number: int, tile: wc.Tile, layout: Any, lanes: int, rng: np.random.Generator) -> wc.Layer:
    """Sizes around the edges of tiles and vectors."""

    def near(edge: int, most: int) -> int:
        return max(1, int(edge * rng.integers(0, most + 1) + rng.integers(-1, 2)))

    pads = tuple((int(rng.integers(0, taps + 1)), int(rng.integers(0, taps + 1))) for taps in tile.taps)
    size = tuple(max(near(4, 5), taps - sum(pad)) for taps, pad in zip(tile.taps, pads, strict=True))
    filters = near(lanes, 3) if number % 8 >= FIRST_UNUSUAL else lanes + near(lanes, 2)
    return wc.Layer(near(lanes, 2), filters, size, tile.taps, pads, 1 + number % 2, layout, stride=tile.strides)


def emitted(kernel: wc.Kernel, folder: Path) -> ModuleType:
    """The file of a kernel, loaded under the name of the kernel's own module, whose machine code it then shares."""
    spec = importlib.util.spec_from_file_location(kernel.modules[0].__name__, wc.emit(kernel.plan, folder))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call_with_epilogue(
    layer: wc.Layer,
    algorithm: wc.BilinearAlgorithm,
    target: str,
    side: str,
    given: tuple[NDArray[np.float32], ...],
    exact: NDArray[Any],
    rng: np.random.Generator,
) -> int:
    """A call with a residual, a scale and a workspace between walls; how many it were."""
    x, weights, bias = given
    kernel = wc.compile(layer, algorithm, threads=1, target=target, epilogue=EPILOGUE)
    vars(kernel.modules[0])["aligned"] = partial(walled, side=side)
    scale, shift = (filled((layer.filters,), side, rng) for _ in range(2))
    y, residual = (filled(layer.output_shape, side, rng) for _ in range(2))
    packed = kernel.pack(weights, bias, scale=scale, shift=shift)
    workspace = walled(kernel.plan.workspace_bytes // 4, side).view(np.uint8)
    kernel(x, packed, y, residual=residual, workspace=workspace)
    first = [np.moveaxis(array, -1, 1) if layer.layout == "NHWC" else array for array in (y, residual)]
    expected = np.clip(scale[:, None, None] * exact + shift[:, None, None] + first[1], 0, 6)
    np.testing.assert_allclose(first[0], expected, rtol=0, atol=2e-3)
    return 1


def with_half_filters(kernel: wc.Kernel) -> wc.Kernel:
    """A kernel of the same plan, but with filters transformed along one axis."""
    parts = tuple((part, replace(single, half_filters=True)) for part, single in kernel.plan.parts)
    return kernel_of(replace(kernel.plan, parts=parts))


def main(target: str, layout: str, layers: int, folder: Path) -> int:
    rng, calls = np.random.default_rng(2026), 0
    modules: dict[Any, ModuleType] = {}
    for number in range(layers):
        tile, points = ALGORITHMS[2 if number % 8 == STRIDED else number % 8 > FIRST_UNUSUAL]
        algorithm = wc.algorithm(tile, points)
        lanes = wc.kernels.Target.of(target).isa.lanes
        layer = random_layer(number, algorithm.tile, layout, lanes, rng)
        kernels = [wc.compile(layer, algorithm, threads=threads, target=target) for threads in (1, 2)]
        has_half_filters = number % 4 == HALF
        if has_half_filters:
            kernels = [with_half_filters(kernel) for kernel in kernels]
        key = (tile, has_half_filters, kernels[0].plan.plans[0].vectors)
        if key not in modules:
            modules[key] = emitted(kernels[0], folder)
        for side in ("start", "end"):
            for module in (kernels[0].modules[0], modules[key]):
                vars(module)["aligned"] = partial(walled, side=side)
            x, weights, bias, y = (
                filled(shape, side, rng)
                for shape in (layer.input_shape, layer.weight_shape, (layer.filters,), layer.output_shape)
            )
            first = np.moveaxis(x, -1, 1) if layout == "NHWC" else x
            exact = direct.convolve(first.astype(float), weights.astype(float), layer.pads, stride=layer.strides)
            exact += bias[:, None, None]
            results = []
            for kernel in kernels:
                kernel._kernels[0]._workspaces.clear()
                packed = kernel.pack(weights, bias)
                y[:] = np.nan
                kernel(x, packed, out=y)
                results += [y.copy(), kernel(x, packed)]
            calls += call_with_epilogue(layer, algorithm, target, side, (x, weights, bias), exact, rng)
            packed = modules[key].pack(weights, bias)
            results += [modules[key].convolve(x, packed, layer.pads, threads) for threads in (1, 2)]
            for result in results:
                y_first = np.moveaxis(result, -1, 1) if layout == "NHWC" else result
                np.testing.assert_allclose(y_first, exact, rtol=0, atol=2e-3)
                calls += 1
    return calls


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))))
