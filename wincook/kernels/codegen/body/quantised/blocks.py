"""How U lies, and all that quantised kernels need beside x and the bias.

    U       [product][block of filters]: a line of starts, lines of words, a line of scales; a line has FILTERS words
    factors [block of LANES channels][product][channel], by which V is multiplied before it is rounded
    zeros   [product], what is added then: the zero point, and WITHOUT_FRACTIONS
    end     the zero point of x

Everything after U is floats. If V is transformed in 16 bits, factors are whole numbers of 16 bits, of twice as many
channels at once, and zeros are whole numbers.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from wincook.kernels.codegen.body.constants import IN_WORD, INTEGER_SHIFT, LANES
from wincook.kernels.codegen.body.nested.transforms import FILTERS, PRODUCTS

IN_16_BITS = INTEGER_SHIFT is not None  # the transform of the inputs
AT_ONCE = 2 * LANES if IN_16_BITS else LANES  # channels that are transformed at once
PLACES_IN_U = np.arange(PRODUCTS)  # of each product: none shares its filters, as factors differ


@njit(inline="always", error_model="numpy")
def block_floats(words: int) -> int:
    """How many words a product and a block of filters have, of so many words of channels."""
    return (words + 2) * FILTERS


@njit(inline="always", error_model="numpy")
def filters_of_U(filters: int, terms: int) -> int:
    """How many words U has before the factors."""
    floats: int = PRODUCTS * -(-filters // FILTERS) * block_floats(-(-terms // IN_WORD))
    return floats


@njit(inline="always", error_model="numpy")
def factor_floats(terms: int) -> int:
    """How many words the factors have."""
    floats: int = -(-terms // AT_ONCE) * PRODUCTS * LANES
    return floats


@njit(inline="always", error_model="numpy")
def end_of_U(filters: int, terms: int) -> int:
    """How many words stand before the zero point of x, which is the last one."""
    floats: int = filters_of_U(filters, terms) + factor_floats(terms) + PRODUCTS
    return floats
