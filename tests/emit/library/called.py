"""A library as Python calls it: by ctypes, with arrays of numpy."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import wincook as wc
from wincook.kernels.codegen.body.exported.structures import Dims

OK, ARGUMENT, NO_IMPLEMENTATION, TOO_SMALL = range(4)
Memory = Callable[[int], NDArray[np.uint8]]


def lines(nbytes: int) -> NDArray[np.uint8]:
    """So many bytes from a cache line on."""
    memory = np.full(nbytes + 64, 0xFF, np.uint8)
    return memory[-memory.ctypes.data % 64 :][:nbytes]


def dims_of(layer: wc.Layer, variant: int = 0, panel: int = 0) -> NDArray[np.int64]:
    """The dims of a layer with two axes."""
    (top, bottom), (left, right) = layer.pads
    steps = [number for name in ("kernel", "stride", "dilation") for number in (getattr(a, name) for a in layer.axes)]
    sizes = (layer.batch, layer.channels, *layer.size, layer.filters, layer.groups)
    return np.array(Dims._make((variant, *sizes, *steps, top, bottom, left, right, panel)), np.int64)


class Called:
    """The functions of a library whose symbols start with a name."""

    def __init__(self, path: Path, name: str) -> None:
        loaded = ctypes.CDLL(str(path))
        self._functions = {word: getattr(loaded, f"{name}_{word}") for word in ("query", "shape", "pack", "run")}

    def status(self, function: str, *words: Any) -> int:
        """Call a function: arrays become their addresses, None null."""
        given = [ctypes.c_int64(w.ctypes.data if isinstance(w, np.ndarray) else w or 0) for w in words]
        return int(self._functions[function](*given))

    def sizes(self, dims: NDArray[np.int64]) -> tuple[int, dict[str, Any]]:
        """The status of a layer, and its sizes."""
        words = np.zeros(8, np.int64)
        status = self.status("query", dims, *(words[i:] for i in range(3)))
        if status == OK:
            assert self.status("shape", dims, words[3:], words[7:]) == OK
        names = ("workspace", "packed", "alignment", "items")
        return status, dict(zip(names, map(int, words[[0, 1, 2, 7]]), strict=True)) | {"y": tuple(words[3:7].tolist())}

    def packed(self, dims: NDArray[np.int64], weights: Any, bias: Any = None, memory: Memory = lines) -> Any:
        """Packed weights."""
        _, sizes = self.sizes(dims)
        packed = memory(sizes["packed"])
        assert self.status("pack", dims, weights, bias, None, None, packed, packed.nbytes) == OK
        return packed

    def convolve(
        self,
        dims: NDArray[np.int64],
        x: NDArray[np.float32],
        packed: Any,
        residual: Any = None,
        *,
        y: Any = None,
        memory: Memory = lines,
    ) -> NDArray[np.float32]:
        """y, item by item, the last one first."""
        _, sizes = self.sizes(dims)
        if y is None:
            y = lines(4 * prod(sizes["y"])).view(np.float32).reshape(sizes["y"])
        workspace = memory(sizes["workspace"])
        args = arguments(dims, x, residual, y, packed, workspace)
        for item in reversed(range(sizes["items"])):
            assert self.status("run", args, item, item + 1) == OK
        return np.asarray(y)


class Arguments(np.ndarray[Any, np.dtype[np.int64]]):
    """Numbers, some of them addresses: the arrays that are there live as long as the numbers and their copies."""

    arrays: tuple[Any, ...] = ()

    def __array_finalize__(self, copied: Any) -> None:
        self.arrays = getattr(copied, "arrays", ())


def arguments(
    dims: NDArray[np.int64], x: Any, residual: Any, y: Any, packed: Any, workspace: NDArray[np.uint8]
) -> Arguments:
    """What `run` is told; strides are left out where places follow one another."""
    words: list[int] = dims.tolist()
    for array in (x, residual, y):
        words += [0] * 5 if array is None else [array.ctypes.data, *([0] * 4)]
    words += [packed.ctypes.data, workspace.ctypes.data, workspace.nbytes]
    told = np.array(words, np.int64).view(Arguments)
    told.arrays = (x, residual, y, packed, workspace)
    return told
