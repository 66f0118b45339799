"""Arrays as callers of a module give them: checked, and told as addresses and strides."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from wincook.addresses import address, overlaps_itself
from wincook.kernels.codegen.body.calls.memory import aligned, contiguous, element_type, frozen
from wincook.kernels.codegen.body.constants import RESIDUAL, RESIDUAL_FORMAT, X_FORMAT, Y_FORMAT
from wincook.kernels.codegen.body.job import Geometry, Strides
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST, STRIDED

FLOAT32 = np.dtype(np.float32)
X_TYPE, Y_TYPE, RESIDUAL_TYPE = map(element_type, (X_FORMAT, Y_FORMAT, RESIDUAL_FORMAT))
MOST_WORK: Any = 10_000  # in finding out whether views with gaps overlap; beyond it they count as overlapping
LINE_BYTES = 64  # of the cache: where workspaces start


def shape_of(batch: int, channels: int, size: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of images in the layout of this module."""
    return (batch, *size, channels) if CHANNELS_LAST else (batch, channels, *size)


def residual_shapes(sizes: Geometry) -> tuple[tuple[int, ...], ...]:
    """The shapes that a residual may have: of outputs before pooling, with or without those that pooling drops."""
    rows, columns = sizes.out_height, sizes.out_width
    sides = [(rows + down, columns + across) for down in range(SIDE) for across in range(SIDE)]
    return tuple(shape_of(sizes.batch, sizes.filters, side) for side in sides)


def takes(array: Any) -> bool:
    """Whether this module can read or write an array, of elements of the right type, where it lies."""
    if array.flags.c_contiguous and array.flags.aligned:
        return True
    return STRIDED and array.flags.aligned and (array.shape[-1] == 1 or array.strides[-1] == array.itemsize)


class Wanted:
    """What an array of a call must be: of one type and one of some shapes, whose strides without gaps are known."""

    __slots__ = ("_kind", "_name", "_strides")

    def __init__(self, name: str, kind: Any, *shapes: tuple[int, ...]) -> None:
        self._name, self._kind = name, kind
        self._strides = {shape: strides_in_order(steps_without_gaps(shape)) for shape in shapes}

    def strides_of(self, array: Any) -> Strides:
        """The strides of an array, in elements.

        Raises:
            ValueError: another array, or one that this module does not take.
        """
        if isinstance(array, np.ndarray) and array.dtype == self._kind and array.shape in self._strides:
            if array.flags.c_contiguous and array.flags.aligned:
                return self._strides[array.shape]
            if takes(array):
                return strides_in_order([stride // array.itemsize for stride in array.strides])
        such = "an aligned" if STRIDED else "a contiguous, aligned"
        neighbours = f" whose {'channels' if CHANNELS_LAST else 'columns'} are neighbours" if STRIDED else ""
        shapes = " or ".join(map(str, self._strides))
        raise ValueError(f"{self._name} must be {such} {self._kind} array of shape {shapes}{neighbours}")


def steps_without_gaps(shape: tuple[int, ...]) -> list[int]:
    """The strides of a contiguous array, in elements."""
    return [prod(shape[axis + 1 :]) for axis in range(len(shape))]


def strides_in_order(steps: list[int]) -> Strides:
    """Strides along the axes of an array, by their names."""
    image, *rest = steps
    row, column, channel = rest if CHANNELS_LAST else (*rest[1:], rest[0])
    return Strides(image, channel, row, column)


def check_apart(x: Any, y: Any, residual: Any) -> None:
    """Raise ValueError unless y can be written, place by place, without a change of what is read."""
    if not y.flags.writeable or overlaps_itself(y) or np.may_share_memory(x, y, MOST_WORK):
        raise ValueError("y must be writeable, have a place for each output, and share no memory with x")
    if not RESIDUAL:
        return
    lies_there = address(residual) == address(y) and residual.strides == y.strides
    is_y = SIDE == 1 and lies_there and residual.dtype == y.dtype
    if not is_y and np.may_share_memory(residual, y, MOST_WORK):
        raise ValueError("the residual must be y itself, in a module that does not pool, or share no memory with it")


def place_of_memory(memory: Any, nbytes: int, used: tuple[Any, ...]) -> int:
    """The address of memory to work in.

    Raises:
        ValueError: no array of bytes, too few of them, not from a cache line on, read-only, or shared with the arrays
            that are used.
    """
    is_bytes = isinstance(memory, np.ndarray) and memory.dtype == np.uint8 and memory.ndim == 1
    if not is_bytes or not memory.flags.c_contiguous or not memory.flags.writeable or memory.nbytes < nbytes:
        raise ValueError(f"the memory must be a writeable, contiguous array of at least {nbytes} bytes (uint8)")
    place = address(memory)
    if place % LINE_BYTES:
        raise ValueError(f"the memory must start at an address that is a multiple of {LINE_BYTES}")
    if any(array is not None and np.may_share_memory(memory, array) for array in used):
        raise ValueError("the memory must be apart from x, y and the residual")
    return place


def frozen_rows(given: tuple[tuple[str, Any, int], ...], filters: int, floats: int) -> Any:
    """Numbers for each filter as rows of so many floats, zeros at their ends; each is (name, values, what fills it).

    Raises:
        ValueError: values that are not one real number for each filter.
    """
    rows = aligned(len(given) * floats).reshape(len(given), floats)
    rows[:] = 0
    for row, (name, values, fill) in zip(rows, given, strict=True):
        if values is not None and np.shape(values) != (filters,):
            raise ValueError(f"{name} must have shape ({filters},), not {np.shape(values)}")
        row[:filters] = fill if values is None else contiguous(values, name)
    return frozen(rows).reshape(rows.shape)
