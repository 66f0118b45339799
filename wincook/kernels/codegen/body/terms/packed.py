"""U of direct convolution as kernels of whole numbers read it, for Python: terms take the place of channels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from wincook.kernels.codegen.body.calls.memory import aligned, contiguous, frozen
from wincook.kernels.codegen.body.constants import FORMAT
from wincook.kernels.codegen.body.nested.transforms import FILTERS
from wincook.kernels.codegen.body.quantised.blocks import end_of_U
from wincook.kernels.codegen.body.quantised.packing import error_floats, quantise_filters
from wincook.kernels.codegen.body.quantised.scales import floats_said
from wincook.kernels.codegen.body.terms.numbers import terms_of_tap
from wincook.kernels.codegen.body.terms.whole import IN_8_BITS, OFFSET
from wincook.machine_code import in_python


@njit(inline="always", error_model="numpy")
def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many words all has, of weights of such sizes, as `packed_sizes` tells them."""
    floats: int = end_of_U(sizes[0], sizes[2] * sizes[3] * terms_of_tap(sizes[1])) + 1
    return floats


def packed_filters(weights: Any, groups: int, scales: Any = None) -> Any:
    """U, of contiguous weights (K, C, taps down, taps across) and the floats that `quantised/scales` says.

    x of 8 bits is summed as it is, so its own scale and zero point are those of the sums.

    Raises:
        ValueError: other shapes, more than one group, or other scales than these weights need.
    """
    if weights.ndim != 4 or 0 in weights.shape or groups != 1:  # noqa: PLR2004
        raise ValueError(f"weights must be (K, C, taps, taps) of one group, not {weights.shape}, {groups}")
    filters, channels, *taps = weights.shape
    said = contiguous(() if scales is None else scales, "scales")
    known = in_python(floats_said)(channels)
    if said.shape != (known,) or not np.isfinite(said).all():
        raise ValueError(f"{FORMAT} takes {known} finite scales, of a calibration")
    multipliers, of_product, centres, spreads = np.split(said, [channels, known - 2 * channels, known - channels])
    if IN_8_BITS:
        _, scale, point, *rest = of_product
        multipliers = np.full(channels, 1 / scale, np.float32)
        of_product = np.array([point + np.float32(OFFSET), 1, point, *rest], np.float32)
    places = in_python(terms_of_tap)(channels)
    of_terms = [
        np.tile(np.pad(each, (0, places - channels), constant_values=1), taps[0] * taps[1])
        for each in (multipliers, centres, spreads)
    ]
    terms = of_terms[0].size
    plain = np.zeros((-(-filters // FILTERS) * FILTERS, taps[0] * taps[1], places), np.float32)
    plain[:filters, :, :channels] = weights.reshape(filters, channels, -1).swapaxes(1, 2)
    blocks = np.ascontiguousarray(plain.reshape(-1, FILTERS, terms).swapaxes(1, 2))
    given = np.concatenate([of_terms[0], of_product, *of_terms[1:]]).astype(np.float32)
    U, errors = aligned(in_python(filter_floats)((*weights.shape, groups))), aligned(in_python(error_floats)(terms))
    in_c = quantise_filters.ctypes  # without the interpreter's lock
    in_c(blocks.ctypes.data, errors.ctypes.data, given.ctypes.data, U.ctypes.data, terms, filters)
    return frozen(U)
