"""Whether a transform of whole numbers stays within 16 bits, and how many bits are left over.

Sums and products of whole numbers are exact modulo 2^16, whatever they pass through, if only their results fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from wincook.program.ir import Fma, Mul, Program
from wincook.program.linear_forms import matrix_of

LARGEST = 255  # magnitude of an input: 8 bits less a zero point
BITS = 16


def integer_shift(programs: Sequence[Program]) -> int | None:
    """By how many bits 8-bit inputs can be shifted to the left before programs along each axis; None for not at all.

    The programs then have whole constants, and no result leaves the 16 bits of signed numbers.

    >>> from wincook.construct import algorithm
    >>> from wincook.program.programs import programs_of
    >>> [integer_shift(programs_of(algorithm(tile)).input) for tile in ("F(2x2,3x3)", "F(4x4,3x3)")]
    [5, None]
    """
    largest = Fraction(LARGEST)
    for program in programs:
        constants = [op.constant for op in program.ops if isinstance(op, Mul | Fma)]
        rows = [[entry for entry in row if isinstance(entry, Fraction)] for row in matrix_of(program)]
        if not all(isinstance(constant, Fraction) and constant.denominator == 1 for constant in constants):
            return None
        largest *= max(sum(map(abs, row), Fraction(0)) for row in rows)
    room = (2 ** (BITS - 1) - 1) // largest
    return int(room).bit_length() - 1 if room else None
