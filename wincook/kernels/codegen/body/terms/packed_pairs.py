"""U of direct convolution in bfloat16, for Python: terms take the place of channels."""

from __future__ import annotations

from typing import Any

import numpy as np

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import IN_WORD
from wincook.kernels.codegen.body.nested.transforms import FILTERS
from wincook.kernels.codegen.body.products.blocks import filter_floats
from wincook.kernels.codegen.body.products.pairs import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.terms.numbers import terms_of_tap
from wincook.machine_code import in_python


def packed_filters(weights: Any, groups: int, extra: Any = None) -> Any:
    """U, (1, blocks of filters, words, filters of a block), of contiguous weights (K, C, taps down, taps across).

    Raises:
        ValueError: other shapes, more than one group, or anything extra, which there is none of.
    """
    if weights.ndim != 4 or 0 in weights.shape or groups != 1:  # noqa: PLR2004
        raise ValueError(f"weights must be (K, C, taps, taps) of one group, not {weights.shape}, {groups}")
    if extra is not None:
        raise ValueError("this module packs weights alone")
    filters, channels, *taps = weights.shape
    places = in_python(terms_of_tap)(channels)
    terms = np.zeros((filters, taps[0] * taps[1], places), np.float32)
    terms[..., :channels] = weights.reshape(filters, channels, -1).swapaxes(1, 2)
    U, strip = aligned(in_python(filter_floats)((*weights.shape, groups))), aligned(PACKING_FLOATS)
    in_c = pack_filters.ctypes  # without the interpreter's lock
    in_c(terms.ctypes.data, U.ctypes.data, strip.ctypes.data, taps[0] * taps[1] * places, filters)
    return frozen(U).reshape(1, -1, taps[0] * taps[1] * places // IN_WORD, FILTERS)
