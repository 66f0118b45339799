"""Direct convolution in float64, by one matrix product for each tap: the judge of every contender."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.contender import Array, Task


def reference(task: Task) -> NDArray[np.float64]:
    """y of the task's layer, (N, K, *out); its own error is that of float64."""
    return _transposed(task) if task.layer.transposed else _direct(task)


def relative_error(y: Array, exact: NDArray[np.float64]) -> float:
    """max|y - exact| / max|exact|; infinite for an output of another shape."""
    if y.shape != exact.shape:
        return float("inf")
    return float(np.max(np.abs(y - exact)) / np.max(np.abs(exact)))


def _direct(task: Task) -> NDArray[np.float64]:
    layer = task.layer
    x = np.pad(task.x.astype(np.float64), ((0, 0), (0, 0), *layer.pads))
    x = x.reshape(layer.batch, layer.groups, -1, *x.shape[2:])
    weights = _by_group(task, task.layer.filters // layer.groups)
    y = np.zeros((layer.batch, layer.groups, weights.shape[1], *layer.output_size))
    for tap in np.ndindex(*layer.kernel):
        columns = x[(..., *_places(task, tap, layer.output_size))]
        products = weights[(..., *tap)] @ columns.reshape(*columns.shape[:3], -1)
        y += products.reshape(y.shape)
    return y.reshape(layer.output_shape)


def _transposed(task: Task) -> NDArray[np.float64]:
    layer = task.layer
    x = task.x.astype(np.float64).reshape(layer.batch, layer.groups, layer.channels // layer.groups, -1)
    weights = _by_group(task, layer.channels // layer.groups).swapaxes(1, 2)
    uncut = [size + sum(pads) for size, pads in zip(layer.output_size, layer.pads, strict=True)]
    y = np.zeros((layer.batch, layer.groups, weights.shape[1], *uncut))
    for tap in np.ndindex(*layer.kernel):
        places = (..., *_places(task, tap, layer.size))
        y[places] += (weights[(..., *tap)] @ x).reshape(y[places].shape)
    sides = zip(uncut, layer.pads, strict=True)
    inside: tuple[Any, ...] = (..., *(slice(before, size - after) for size, (before, after) in sides))
    cut: NDArray[np.float64] = y[inside].reshape(layer.output_shape)
    return cut


def _by_group(task: Task, rows: int) -> NDArray[np.float64]:
    """The weights as (groups, rows, columns, *kernel)."""
    return task.weights.astype(np.float64).reshape(task.layer.groups, rows, -1, *task.layer.kernel)


def _places(task: Task, tap: tuple[int, ...], numbers: tuple[int, ...]) -> tuple[Any, ...]:
    """Where a tap meets so many positions along each axis."""
    starts = (axis.dilation * place for axis, place in zip(task.layer.axes, tap, strict=True))
    return tuple(
        slice(start, start + axis.stride * (number - 1) + 1, axis.stride)
        for axis, start, number in zip(task.layer.axes, starts, numbers, strict=True)
    )
