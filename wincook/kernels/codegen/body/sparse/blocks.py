"""How large U is, of which each product and block of filters keeps some words of channels alone.

U  [product][block of filters] headers, then twice [product][block of filters][word kept]: numbers, lines of filters

A header is a line of the cache with three integers: how many words are kept, how many bytes from the header to the
first of their numbers, and how many to the first of their filters. So U can be moved as it stands.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from wincook.kernels.codegen.body.constants import IN_WORD
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.transforms import FILTERS, PRODUCTS

PLACES_IN_U = np.arange(PRODUCTS)  # of each product: tiles without strides have filters of their own for each
HEADER = 64 // BYTES  # words, of 32 bits


@njit(inline="always", error_model="numpy")
def block_floats(words: int) -> int:
    """How many words of U a product and a block of filters have at their place: a header."""
    return HEADER


@njit(inline="always", error_model="numpy")
def list_floats(kept: int) -> int:
    """How many words the numbers of so many kept ones take, in whole lines."""
    return -(-kept // HEADER) * HEADER


@njit(inline="always", error_model="numpy")
def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many words U has at most, when all is kept, of weights of such sizes, as `packed_sizes` tells them."""
    lists, words = PRODUCTS * -(-sizes[0] // FILTERS), -(-sizes[1] // IN_WORD)
    floats: int = lists * HEADER + list_floats(lists * words) + lists * words * FILTERS
    return floats
