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

from wincook.arrays import Array
from wincook.construct.residue.modular import symmetric_residue


def reduce(x: Array, prime: int) -> Array:
    """The symmetric residues of int64 integers: between -(p - 1)/2 and (p - 1)/2.

    >>> reduce(np.array([-128, 0, 125, 126, 127]), 251)
    array([ 123,    0,  125, -125, -124])
    """
    rest = x % prime
    residues: Array = np.where(rest > prime // 2, rest - prime, rest)
    return residues


def reconstruct(residues: Sequence[Array], primes: Sequence[int]) -> Array:
    """The integers y, 2|y| < Π p_i, with the given symmetric residues, one array for each odd prime.

    Returns:
        int64 if Π p_i < 2^64, so that no partial sum can overflow; else Python integers.

    >>> y = np.array([-1000, 7, 25_000])
    >>> reconstruct([reduce(y, 251), reduce(y, 241)], [251, 241])
    array([-1000,     7, 25000])
    """
    weights = [prod(primes[:i]) for i in range(len(primes))]
    digits: list[Array] = []
    for residue, prime, weight in zip(residues, primes, weights, strict=True):
        rest = residue
        for digit, known in zip(digits, weights, strict=False):
            rest = reduce(rest - digit * symmetric_residue(known, prime), prime)
        digits.append(reduce(rest * symmetric_residue(pow(weight, -1, prime), prime), prime))
    dtype = np.int64 if prod(primes) < 2**64 else object
    total: Array = np.zeros(np.shape(residues[0]), dtype)
    for digit, weight in zip(digits, weights, strict=True):
        total = total + digit.astype(dtype) * weight
    return total
