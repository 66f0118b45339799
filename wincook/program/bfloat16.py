"""What processors do with bfloat16, on numpy arrays: rounding, and dot products of pairs.

The instructions of AVX-512 BF16 do not look at the modes of the processor: they round to nearest, ties to even, and
take numbers smaller than all normal ones for zeros, results too (Intel, *Intel 64 and IA-32 Architectures Software
Developer's Manual*, volume 2, VCVTNEPS2BF16 and VDPBF16PS).
"""

from __future__ import annotations

import numpy as np

from wincook.arrays import Array
from wincook.formats import BFLOAT16, FLOAT32
from wincook.program.rounding import fma

_EXPONENT, _SIGN = np.uint32(0x7F800000), np.uint32(0x80000000)


def flushed(values: Array) -> Array:
    """Numbers of float32, zeros with their sign in place of those smaller than all normal ones.

    >>> flushed(np.array([1e-40, -1e-40, 1e-37], np.float32)).tolist()
    [0.0, -0.0, 9.99999991097579e-38]
    """
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    signs: Array = (bits & _SIGN).view(np.float32)
    return np.where(bits & _EXPONENT, bits.view(np.float32), signs)


def nearest(values: Array) -> Array:
    """Numbers of float32 rounded to bfloat16, as float32.

    >>> nearest(np.array([1.00390625, 1.01171875, 1e-39], np.float32)).tolist()
    [1.0, 1.015625, 0.0]
    """
    return flushed(values).astype(BFLOAT16.dtype).astype(np.float32)


def dot(total: Array, U: Array, V: Array) -> Array:
    """The sums with the products of pairs added: of the second numbers first, then of the first ones, by fmas.

    Args:
        total: float32, of any shape.
        U: bfloat16 numbers as float32, of that shape and an axis of 2 behind it.
        V: likewise.

    >>> pair = np.array([[1.5, 2.0]], np.float32)
    >>> dot(np.float32([1]), pair, pair).tolist()
    [7.25]
    """
    U, V, total = flushed(U), flushed(V), flushed(total)
    for place in (1, 0):
        total = flushed(fma(U[..., place], V[..., place], total, FLOAT32))
    return total


def put_elements(target: Array, values: Array) -> None:
    """Write numbers of float32 to an array of any format, as kernels write them."""
    with np.errstate(over="ignore"):
        target[...] = flushed(values) if target.dtype == BFLOAT16.dtype else values
