"""Arrays of float32 as the compiled code takes them: from a cache line on, contiguous, read-only where they stay."""

from __future__ import annotations

from typing import Any

import numpy as np


def aligned(floats: int) -> Any:
    """An uninitialised float32 array that starts on a cache line."""
    array = np.empty(floats + 16, np.float32)
    offset = -array.ctypes.data // 4 % 16
    return array[offset : offset + floats]


def frozen(array: Any) -> Any:
    """The array, but read-only for ever: its flag cannot be set again."""
    return np.frombuffer(memoryview(array).cast("B").toreadonly(), np.float32)


def contiguous(values: Any, name: str) -> Any:
    """Real numbers as a contiguous float32 array."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiub" and array.dtype.name != "bfloat16":
        raise ValueError(f"{name} must hold real numbers, not {array.dtype}")
    return np.require(array, np.float32, ["C", "A"])
