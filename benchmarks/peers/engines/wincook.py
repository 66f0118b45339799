"""wincook's own kernels: what it chooses within two limits, in both layouts, and tiles of m outputs per axis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import wincook as wc
from benchmarks.peers.contender import Absent, Array, Contender, Task
from wincook.errors import AlgorithmError

PACKAGE = "wincook"
_OUTPUTS = {f"m={m}": m for m in (2, 3, 4, 5, 6, 7)}
_LIMITS = {"default": 3e-6, "within 1e-6": 1e-6}  # on the RMS of the error over that of y, as predicted
_CHOSEN = {f"{name}{layout}": (limit, layout) for name, limit in _LIMITS.items() for layout in ("", " NHWC")}
VARIANTS = (*_CHOSEN, *_OUTPUTS)


def prepare(variant: str, task: Task) -> Contender:
    """A kernel with packed weights.

    Raises:
        Absent: a tile of so many outputs is for plain layers with one or two axes; nothing keeps the limit.
    """
    if variant in _OUTPUTS:
        return _contender(task, wc.compile(task.layer, _tile(task.layer, _OUTPUTS[variant]), threads=task.threads))
    limit, layout = _CHOSEN[variant]
    if layout:
        last = np.ascontiguousarray(np.moveaxis(task.x, 1, -1))
        task = Task(replace(task.layer, layout="NHWC"), last, task.weights, task.threads)
    try:
        return _contender(task, wc.compile(task.layer, threads=task.threads, max_error=limit))
    except AlgorithmError as error:
        raise Absent(f"nothing is predicted to keep {limit:g}") from error


def _contender(task: Task, kernel: wc.Kernel) -> Contender:
    packed = kernel.pack(task.weights)

    def output(y: Array) -> Array:
        return np.moveaxis(y, -1, 1) if task.layer.layout == "NHWC" else y

    return Contender(lambda: kernel(task.x, packed), output)


def _tile(layer: wc.Layer, outputs: int) -> wc.Tile:
    if not layer.plain or layer.dimension > 2 or max(layer.kernel) == 1:
        raise Absent("such a tile is for plain layers with one or two axes")
    return wc.Tile(tuple(outputs if taps > 1 else 1 for taps in layer.kernel), layer.kernel)
