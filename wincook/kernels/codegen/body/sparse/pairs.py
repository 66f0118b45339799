"""Filters in words of two channels of bfloat16, rounded once, as `products/pairs` does."""

from __future__ import annotations

from typing import Any

import numpy as np

from wincook.kernels.codegen.body.constants import IN_WORD

EXPONENT_BITS, SIGN_BIT, BELOW_HALF = 0x7F800000, 0x80000000, 0x7FFF  # of float32; just below half a place of bfloat16


def in_words(filters: Any) -> Any:
    """Words (..., words) of filters (..., channels) in float32; what lacks its channel gets zeros."""
    channels = filters.shape[-1]
    bits = np.zeros((*filters.shape[:-1], -(-channels // IN_WORD) * IN_WORD), np.uint32)
    bits[..., :channels] = np.ascontiguousarray(filters, np.float32).view(np.uint32)
    bits = np.where(bits & EXPONENT_BITS, bits, bits & SIGN_BIT)  # subnormal numbers are zeros
    halves = (bits + BELOW_HALF + (bits >> 16 & 1)) >> 16
    return (halves[..., ::IN_WORD] | halves[..., 1::IN_WORD] << 16).view(np.float32)
