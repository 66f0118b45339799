"""Number-theoretic transforms: the points are the roots of unity of GF(p), and ∞ is not needed.

If n divides p - 1 there is a w of order n, and x^n - 1 = Π (x - w^k). On w^0, …, w^(n-1) the construction gives

    AT[i,k] = w^(ik)      G[k,j] = w^(k(j+1)) / n      BT[k,l] = w^(-k(l+1)),

discrete Fourier transforms whose rows are turned by one step (Pollard, "The fast Fourier transform in a finite field",
Mathematics of Computation 25 (1971)). Modulo a Fermat prime 2^b + 1 or a Mersenne prime 2^b - 1, multiplying by ±2^j is
a shift: bits that leave on the left come back on the right, negated for a Fermat prime. There ±2^j serves as w if n
divides 2b, and AT and BT need no multiplication (Rader, IEEE Transactions on Computers 21 (1972); Agarwal and Burrus,
IEEE Transactions on Acoustics, Speech, and Signal Processing 22 (1974)).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import count, islice

import sympy

from wincook.arguments import choice, instance, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.residue.modular import check_prime, modular, symmetric_residue
from wincook.errors import AlgorithmError, PointsError
from wincook.points import Points
from wincook.tile import Tile
from wincook.transforms import LETTERS, Letter

_PRIMES_NAMED = 3
_MOST_ROOTS = 1024  # as of any set of points
_FACTORED = 64  # bits of primes p for which the factors of p - 1 are found at once


@dataclass(frozen=True, slots=True)
class Constants:
    """How many entries of matrices modulo p are 0, ±1, another ±2^j that is a shift, or take a multiplication."""

    zeros: int
    signs: int
    shifts: int
    multiplications: int

    def __str__(self) -> str:
        return f"{self.zeros} zeros, {self.signs} ±1, {self.shifts} shifts, {self.multiplications} multiplications"


def ntt(tile: Tile | str, prime: int) -> BilinearAlgorithm:
    """The number-theoretic transform of a tile: `modular` on the n-th roots of unity of every axis.

    It takes n products per axis, as any points do; the transforms cost what `constants` counts.

    Raises:
        PointsError: p is no prime, or n does not divide p - 1.

    >>> f143 = ntt("F(14,3)", 257)
    >>> print(f143)
    F(14,3) on {1, 2, 4, 8, 16, 32, 64, 128, -1, -2, -4, -8, -16, -32, -64, -128}, modulo 257, 16 multiplications
    >>> print(constants(f143))
    0 zeros, 162 ±1, 366 shifts, 0 multiplications
    """
    tile, prime = Tile.of_unit_stride(tile, "are made on roots of unity"), check_prime(prime)
    return modular(tile, prime, [roots_of_unity(n, prime) for n in tile.inputs])


def roots_of_unity(number: int, prime: int) -> Points:
    """All roots of x^n - 1 in GF(p), as powers of one of them: ±2^j if its powers are shifts, else a power of any.

    Raises:
        PointsError: p is no prime, or n does not divide p - 1; names primes that would do.

    >>> print(roots_of_unity(4, 17))
    1, 4, -1, -4
    """
    prime, number = check_prime(prime), whole_number("number", number, 1, _MOST_ROOTS, PointsError)
    if (prime - 1) % number:
        would_do = islice((p for p in count(number + 1, number) if sympy.isprime(p)), _PRIMES_NAMED)
        raise PointsError(
            f"x^{number} - 1 does not split modulo {prime}, as {number} does not divide {prime - 1}; "
            f"it does modulo {', '.join(map(str, would_do))}, …"
        )
    root = next((candidate for candidate in _shifts(prime) if _has_order(candidate, number, prime)), None)
    if root is None:
        root = _power_of_order(number, prime)
    powers = (symmetric_residue(pow(root, k, prime), prime) for k in range(number))
    return Points(tuple(sympy.Integer(power) for power in powers))


def constants(algorithm: BilinearAlgorithm, *letters: Letter) -> Constants:
    """Count the entries of the named matrices of all axes, or of all three, by what they cost modulo the prime.

    Raises:
        AlgorithmError: the algorithm is not modulo a prime, or its matrices do not hold integers.
        NotationError: there is no such matrix.
    """
    hint = "make one with modular or ntt"
    algorithm = instance("algorithm", algorithm, BilinearAlgorithm, hint, AlgorithmError)
    letters = tuple(choice("matrix", letter, LETTERS) for letter in letters) or LETTERS
    if not algorithm.modulus:
        raise AlgorithmError(f"{algorithm.name} is no algorithm modulo a prime; {hint}")
    shifts = set(_shifts(algorithm.modulus))
    entries = [entry for axis in algorithm.axes for letter in letters for entry in getattr(axis, letter)]
    if not all(entry.is_Integer for entry in entries):
        raise AlgorithmError(f"{algorithm.name} has entries that are no integers; write them as residues")
    kinds = Counter(
        "zeros" if entry == 0 else "signs" if abs(entry) == 1 else "shifts" if entry in shifts else "multiplications"
        for entry in map(int, entries)
    )
    return Constants(kinds["zeros"], kinds["signs"], kinds["shifts"], kinds["multiplications"])


def _power_of_order(number: int, prime: int) -> int:
    """A power of a primitive root, or where none is known in time, of the first number of which one has the order."""
    exponent = (prime - 1) // number
    if prime.bit_length() <= _FACTORED:
        return pow(int(sympy.primitive_root(prime)), exponent, prime)
    powers = (pow(base, exponent, prime) for base in count(2))
    return next(power for power in powers if _has_order(power, number, prime))


def _has_order(residue: int, number: int, prime: int) -> bool:
    """Whether so many powers of a residue are different, and the next is 1."""
    if pow(residue, number, prime) != 1:
        return False
    return all(pow(residue, number // q, prime) != 1 for q in sympy.primefactors(number))


def _shifts(prime: int) -> list[int]:
    """The residues ±2^j, if multiplying by them shifts: p = 2^b ± 1."""
    bits = next((b for b in (prime.bit_length() - 1, prime.bit_length()) if prime in {2**b + 1, 2**b - 1}), 0)
    return [symmetric_residue(sign * 2**j, prime) for j in range(bits) for sign in (1, -1)]
