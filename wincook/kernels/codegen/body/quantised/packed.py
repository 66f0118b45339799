"""U as quantised kernels read it, for Python."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from wincook.kernels.codegen.body.calls.memory import aligned, contiguous, frozen
from wincook.kernels.codegen.body.constants import FORMAT, TAPS, TILE
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import FILTERS, KEPT
from wincook.kernels.codegen.body.quantised.blocks import end_of_U
from wincook.kernels.codegen.body.quantised.packing import error_floats, quantise_filters
from wincook.kernels.codegen.body.quantised.scales import floats_said
from wincook.machine_code import in_python


@njit(inline="always", error_model="numpy")
def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many words all has, of weights of such sizes, as `packed_sizes` tells them."""
    floats: int = end_of_U(sizes[0], sizes[1]) + 1
    return floats


def packed_filters(weights: Any, groups: int, scales: Any = None) -> Any:
    """U, and all that `blocks` says, of contiguous weights (K, C, *taps) and the floats that `scales` says.

    Raises:
        ValueError: other shapes, more than one group, or other scales than these weights need.
    """
    if weights.shape[2:] != TAPS or 0 in weights.shape or groups != 1:
        raise ValueError(f"{TILE} takes weights (K, C, {TAPS[0]}, {TAPS[1]}) of one group, not {weights.shape}")
    filters, channels = weights.shape[:2]
    said = contiguous(() if scales is None else scales, "scales")
    known = in_python(floats_said)(channels)
    if said.shape != (known,) or not np.isfinite(said).all():
        raise ValueError(f"{FORMAT} takes {known} finite scales, of a calibration")
    plain = aligned(KEPT[0] * KEPT[1] * -(-filters // FILTERS) * FILTERS * channels)
    U, strip = aligned(in_python(filter_floats)((*weights.shape, groups))), aligned(PACKING_FLOATS)
    errors = aligned(in_python(error_floats)(channels))
    transform, quantise = pack_filters.ctypes, quantise_filters.ctypes  # without the interpreter's lock
    transform(weights.ctypes.data, plain.ctypes.data, strip.ctypes.data, channels, filters)
    quantise(plain.ctypes.data, errors.ctypes.data, said.ctypes.data, U.ctypes.data, channels, filters)
    return frozen(U)
