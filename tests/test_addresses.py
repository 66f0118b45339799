from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest

from wincook.addresses import address, overlaps_itself
from wincook.arrays import Array

FLOATS = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
ARRAYS = {
    "whole": FLOATS,
    "a view": FLOATS[1:, ::2],
    "backwards": FLOATS[::-1],
    "transposed": FLOATS.T,
    "read-only": np.frombuffer(b"\0" * 16, np.float32)[1:],
    "broadcast": np.broadcast_to(FLOATS[0, 0, 0], (5, 5)),
    "empty": FLOATS[:0],
    "no axes": FLOATS[0, 0, 0:1].reshape(()),
    "bfloat16": FLOATS.astype(ml_dtypes.bfloat16),
    "a subclass": FLOATS.view(np.ma.MaskedArray),
}


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_an_address_is_the_one_that_numpy_tells(array: Array) -> None:
    assert address(array) == array.ctypes.data


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_arrays_whose_places_are_alike_overlap_themselves(array: Array) -> None:
    places = {address(array) + int(np.dot(place, array.strides)) for place in np.ndindex(array.shape)}
    assert overlaps_itself(array) == (len(places) < array.size)


def test_windows_that_slide_overlap_themselves() -> None:
    assert overlaps_itself(np.lib.stride_tricks.sliding_window_view(FLOATS, 2, axis=1))
