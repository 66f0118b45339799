"""wincook's own kernels: the tile that it chooses, in both layouts, and tiles of m outputs per axis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import wincook as wc
from benchmarks.peers.contender import Absent, Array, Contender, Task

PACKAGE = "wincook"
_OUTPUTS = {f"m={m}": m for m in (2, 3, 4, 5, 6, 7)}
VARIANTS = ("default", "default NHWC", *_OUTPUTS)


def prepare(variant: str, task: Task) -> Contender:
    """A kernel with packed weights.

    Raises:
        Absent: a tile of so many outputs is for plain layers with one or two axes.
    """
    if variant in _OUTPUTS:
        return _contender(task, _tile(task.layer, _OUTPUTS[variant]))
    if variant == "default":
        return _contender(task, None)
    layer = replace(task.layer, layout="NHWC")
    return _contender(Task(layer, np.ascontiguousarray(np.moveaxis(task.x, 1, -1)), task.weights, task.threads), None)


def _contender(task: Task, tile: wc.Tile | None) -> Contender:
    kernel = wc.compile(task.layer, tile, threads=task.threads)
    packed = kernel.pack(task.weights)

    def output(y: Array) -> Array:
        return np.moveaxis(y, -1, 1) if task.layer.layout == "NHWC" else y

    return Contender(lambda: kernel(task.x, packed), output)


def _tile(layer: wc.Layer, outputs: int) -> wc.Tile:
    if not layer.plain or layer.dimension > 2 or max(layer.kernel) == 1:
        raise Absent("such a tile is for plain layers with one or two axes")
    return wc.Tile(tuple(outputs if taps > 1 else 1 for taps in layer.kernel), layer.kernel)
