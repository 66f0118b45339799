"""Arrays as callers of a kernel give them, checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from wincook.addresses import address, overlaps_itself
from wincook.arrays import Array, real_array
from wincook.errors import DataError, ShapeError

MOST_WORK: Any = 10_000  # in finding out whether views with gaps overlap; beyond it they count as overlapping


FLOAT32 = np.dtype(np.float32)


def real(values: Any, name: str, shape: tuple[int, ...], kind: np.dtype[Any] = FLOAT32) -> Array:
    """An aligned array of the given shape and type, where it lies if it is one; others are rounded to that type.

    Raises:
        ShapeError: the values have another shape.
        DataError: they are not real numbers, or not those of a type whose numbers stand for others.
    """
    array = real_array(name, values)
    if array.shape != shape:
        raise ShapeError(f"{name} has shape {array.shape}; it must be {shape}")
    if array.dtype == kind and array.flags.aligned:
        return array
    if kind.kind in "iu" and array.dtype != kind:
        raise DataError(f"{name} has element type {array.dtype}; it must be {kind}, in the scale of the calibration")
    with np.errstate(over="ignore"):
        return np.require(array, kind, ["A"])


def finite(values: Any, name: str, shape: tuple[int, ...], kind: np.dtype[Any] = FLOAT32) -> Array:
    """The same, and every value finite.

    Raises:
        ShapeError: as `real`.
        DataError: as `real`, or a value that is NaN or infinite in that type.
    """
    array = real(values, name, shape, kind)
    fine = np.isfinite(array)
    if not fine.all():
        place = tuple(int(i) for i in np.unravel_index(int(np.argmin(fine)), shape))
        raise DataError(f"{name}{list(place)} is {array[place]} in {kind}; all {name} must be finite")
    return array


def writable(out: Array, shape: tuple[int, ...], kind: np.dtype[Any] = FLOAT32) -> Array:
    """An output to write to: of any strides, as long as no two places are one.

    Raises:
        ShapeError: another array.
    """
    right = isinstance(out, np.ndarray) and out.shape == shape and out.dtype == kind
    if not right or not out.flags.behaved or overlaps_itself(out):
        raise ShapeError(
            f"out must be a writable, aligned {kind} array of shape {shape}, each place of it in memory of its own"
        )
    return out


def check_apart(out: Array, x: Array, residual: Array | None, *, in_place: bool) -> None:
    """See that an output is apart from what is read while it is written.

    With `in_place`, the residual may be the output itself.

    Raises:
        DataError: it is not.
    """
    if np.may_share_memory(x, out, MOST_WORK):
        raise DataError("out shares memory with x, which is read while out is written; give another array")
    if residual is None or not np.may_share_memory(residual, out, MOST_WORK):
        return
    is_out = address(residual) == address(out) and residual.strides == out.strides and residual.shape == out.shape
    if not (in_place and is_out and residual.dtype == out.dtype):
        raise DataError(
            "out shares memory with the residual; give another array, or, without pooling, the residual itself"
        )
