"""How large U is: lines of words, for each product that has filters of its own and each block of them."""

from __future__ import annotations

import numpy as np
from numba import njit

from wincook.kernels.codegen.body.constants import HALF_FILTERS, IN_WORD, TAPS
from wincook.kernels.codegen.body.nested.transforms import ACROSS, DOWN, FILTERS, KEPT
from wincook.kernels.codegen.body.products.terms import terms_of_weights

PLACES_IN_U = np.array([i * KEPT[1] + j for i in DOWN for j in ACROSS])  # of each product


@njit(inline="always", error_model="numpy")
def block_floats(words: int) -> int:
    """How many words a product and a block of filters have, of so many words of channels."""
    return words * FILTERS


@njit(inline="always", error_model="numpy")
def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many words U has, of weights of such sizes, as `packed_sizes` tells them."""
    products = KEPT[0] * TAPS[1] if HALF_FILTERS else KEPT[0] * KEPT[1]
    floats: int = products * -(-sizes[0] // FILTERS) * block_floats(-(-terms_of_weights(sizes) // IN_WORD))
    return floats
