"""The arrays of one call, in memory that is given or new."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np

from wincook.addresses import address
from wincook.arrays import Array
from wincook.errors import DataError, ShapeError
from wincook.formats import FLOAT32

BYTES = FLOAT32.dtype.itemsize
LINE = 64  # bytes of the cache, from whose lines arrays start


class Scratch(NamedTuple):
    """Shapes of x when it is padded, or else converted, what kernels write before it becomes y, and more.

    The others are x and y of the largest part, and all phases. What a call does not need is an empty tuple.
    """

    padded: tuple[int, ...]
    converted: tuple[int, ...]
    total: tuple[int, ...]
    image: tuple[int, ...]
    share: tuple[int, ...]
    phases: tuple[int, ...]


def in_lines(nbytes: int) -> int:
    """As many bytes, and what is missing to a whole line."""
    return -(-nbytes // LINE) * LINE


class Room:
    """Memory from which arrays are taken one after another: a caller's, or a new array each time."""

    __slots__ = ("_taken", "_workspace")

    def __init__(self, workspace: Array | None) -> None:
        self._workspace, self._taken = workspace, 0

    @property
    def is_given(self) -> bool:
        """Whether it is a caller's."""
        return self._workspace is not None

    def bytes(self, number: int) -> Array:
        """So many bytes, from a line on."""
        if self._workspace is None:
            memory = np.empty(number + LINE, np.uint8)
            offset = -address(memory) % LINE
            return memory[offset : offset + number]
        first = self._taken
        self._taken += in_lines(number)
        return self._workspace[first : first + number]

    def array(self, shape: tuple[int, ...], kind: np.dtype[Any] = FLOAT32.dtype) -> Array:
        """An uninitialised array that starts on a line."""
        return self.bytes(prod(shape) * kind.itemsize).view(kind).reshape(shape)


def room_of(workspace: Any, needed: int, used: tuple[Array | None, ...]) -> Room:
    """The room in a caller's workspace.

    Raises:
        ShapeError: it is no writable array of enough bytes that starts on a cache line.
        DataError: it shares memory with the arrays that are used.
    """
    if workspace is None:
        return Room(None)
    right = isinstance(workspace, np.ndarray) and workspace.dtype == np.uint8 and workspace.ndim == 1
    if not right or not workspace.flags.carray or workspace.nbytes < needed or address(workspace) % LINE:
        raise ShapeError(
            f"workspace must be a writable, contiguous array of at least {needed} bytes (uint8) that starts at a "
            f"multiple of {LINE}; kernel.workspace() makes one"
        )
    if any(array is not None and np.may_share_memory(workspace, array) for array in used):
        raise DataError("workspace shares memory with x, out or the residual; give another array")
    return Room(workspace)
