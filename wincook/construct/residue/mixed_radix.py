"""Integers from their residues: the Chinese remainder theorem in mixed radix form.

With odd primes p_0, p_1, … and weights W_i = p_0 ⋯ p_(i-1), every integer with 2|y| < Π p_i is

    y = Σ_i v_i W_i,      |v_i| < p_i / 2,

in one way, and v_i follows from y mod p_i and the digits before it (Garner, "The residue number system", IRE
Transactions on Electronic Computers 8 (1959)). All but the last sum is done modulo p_i: no intermediate exceeds
h² + h, where h is the largest symmetric residue. Arrays are int64.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from wincook.arguments import items, whole_number
from wincook.arrays import Array, real_array
from wincook.construct.residue.modular import check_prime, symmetric_residue
from wincook.errors import DataError, PointsError, ShapeError

_LARGEST = 2**32  # the product of two residues fits int64


def reduce(x: Array, prime: int) -> Array:
    """The symmetric residues of int64 integers: between -(p - 1)/2 and (p - 1)/2.

    Raises:
        DataError: an array of anything else than integers.
        PointsError: a modulus below 2, or one that int64 does not hold.

    >>> reduce(np.array([-128, 0, 125, 126, 127]), 251)
    array([ 123,    0,  125, -125, -124])
    """
    prime = whole_number("prime", prime, 2, _LARGEST, PointsError)
    rest = _whole("x", x) % prime
    residues: Array = np.where(rest > prime // 2, rest - prime, rest)
    return residues


def reconstruct(residues: Sequence[Array], primes: Sequence[int]) -> Array:
    """The integers y, 2|y| < Π p_i, with the given symmetric residues, one array for each odd prime.

    Returns:
        int64 if Π p_i < 2^64, so that no partial sum can overflow; else Python integers.

    Raises:
        DataError: arrays of anything else than integers.
        ShapeError: not one array for each prime, or arrays of several shapes.
        PointsError: numbers that are no odd primes, or repeat.

    >>> y = np.array([-1000, 7, 25_000])
    >>> reconstruct([reduce(y, 251), reduce(y, 241)], [251, 241])
    array([-1000,     7, 25000])
    """
    primes = [check_prime(prime) for prime in items("primes", primes, "(251, 241)", PointsError)]
    arrays = [_whole("residues", residue) for residue in items("residues", residues, "one array for each prime")]
    if not primes or len(primes) != len(arrays) or len({array.shape for array in arrays}) > 1:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ShapeError(
            f"{len(primes)} primes do not fit residues of shapes {shapes or 'none'}; give one array for each"
        )
    if len(set(primes)) < len(primes) or min(primes) == 2 or max(primes) > _LARGEST:  # noqa: PLR2004 (the even prime)
        raise PointsError(f"primes {', '.join(map(str, primes))} must be different odd ones below 2^32")
    weights = [prod(primes[:i]) for i in range(len(primes))]
    digits: list[Array] = []
    for residue, prime, weight in zip(arrays, primes, weights, strict=True):
        rest = residue
        for digit, known in zip(digits, weights, strict=False):
            rest = reduce(rest - digit * symmetric_residue(known, prime), prime)
        digits.append(reduce(rest * symmetric_residue(pow(weight, -1, prime), prime), prime))
    dtype = np.int64 if prod(primes) < 2**64 else object
    total: Array = np.zeros(arrays[0].shape, dtype)
    for digit, weight in zip(digits, weights, strict=True):
        total = total + digit.astype(dtype) * weight
    return total


def _whole(name: str, values: Array) -> Array:
    array = real_array(name, values)
    if not np.issubdtype(array.dtype, np.integer) or not np.can_cast(array.dtype, np.int64):
        raise DataError(f"{name} holds {array.dtype}; it must hold integers of int64, or of a narrower type")
    return array.astype(np.int64, copy=False)
