"""Arrays as the compiled code takes them: from a cache line on, contiguous, read-only where they stay."""

from __future__ import annotations

from importlib import import_module
from math import prod
from typing import Any

import numpy as np

from wincook.addresses import address


def aligned(floats: int) -> Any:
    """An uninitialised float32 array that starts on a cache line."""
    array = np.empty(floats + 16, np.float32)
    offset = -address(array) // 4 % 16
    return array[offset : offset + floats]


def element_type(name: str) -> Any:
    """The type of numpy for elements of x or y; that of bfloat16 comes from ml_dtypes."""
    if name == "bfloat16":
        import_module("ml_dtypes")
    return np.dtype(name)


def aligned_array(shape: tuple[int, ...], kind: Any) -> Any:
    """An uninitialised array of elements of a type of numpy that starts on a cache line."""
    nbytes = prod(shape) * kind.itemsize
    return np.ndarray(shape, kind, aligned(-(-nbytes // 4)))


def frozen(array: Any) -> Any:
    """The array, but read-only for ever: its flag cannot be set again."""
    return np.frombuffer(memoryview(array).cast("B").toreadonly(), np.float32)


def contiguous(values: Any, name: str, kind: str = "float32") -> Any:
    """Real numbers as a contiguous array of float32, or of other elements, which integers must have been before."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiub" and array.dtype.name != "bfloat16":
        raise ValueError(f"{name} must hold real numbers, not {array.dtype}")
    if kind in {"uint8", "int8"} and array.dtype.name != kind:
        raise ValueError(f"{name} must hold {kind}, not {array.dtype}")
    return np.require(array, element_type(kind), ["C", "A"])
