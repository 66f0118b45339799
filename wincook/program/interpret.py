"""Run a program in any arithmetic.

`evaluate` walks the operations once; what the numbers are is the arithmetic's business: exact fractions, numpy
arrays rounded after every operation, or magnitudes with error bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol, TypeVar

import numpy as np

from wincook.arrays import Array
from wincook.errors import FormatError
from wincook.exact.number import Number, nearest
from wincook.formats import Format
from wincook.program import rounding
from wincook.program.ir import Add, Fma, Mul, Neg, Program, Sub

T = TypeVar("T")


class Arithmetic(Protocol[T]):
    """What a program needs of its numbers."""

    def add(self, a: T, b: T, /) -> T:
        """a + b."""

    def sub(self, a: T, b: T, /) -> T:
        """a - b."""

    def neg(self, a: T, /) -> T:
        """-a."""

    def mul(self, a: T, constant: Number, /) -> T:
        """a · constant."""

    def fma(self, a: T, constant: Number, b: T, /) -> T:
        """a · constant + b."""


def evaluate(program: Program, inputs: Sequence[T], arithmetic: Arithmetic[T]) -> list[T]:
    """The outputs of a program, for inputs of the arithmetic's own kind."""
    values = list(inputs)
    for op in program.ops:
        match op:
            case Add(a, b):
                values.append(arithmetic.add(values[a], values[b]))
            case Sub(a, b):
                values.append(arithmetic.sub(values[a], values[b]))
            case Neg(a):
                values.append(arithmetic.neg(values[a]))
            case Mul(a, constant):
                values.append(arithmetic.mul(values[a], constant))
            case Fma(a, constant, b):
                values.append(arithmetic.fma(values[a], constant, values[b]))
    return [values[output] for output in program.outputs]


def evaluate_axes(programs: Sequence[Program], tensor: Array, arithmetic: Arithmetic[Array]) -> Array:
    """Apply one program to each of the last axes, the first of them first.

    Args:
        programs: one per transformed axis; together they fit the last axes of `tensor`.
        tensor: shape (..., n_1, ..., n_D).
        arithmetic: of arrays, operation by operation.

    Returns:
        Shape (..., R_1, ..., R_D). Each operation acts on whole arrays, so leading axes are samples.
    """
    first = tensor.ndim - len(programs)
    for axis, program in enumerate(programs, start=first):
        slices: list[Array] = list(np.moveaxis(tensor, axis, 0))
        outputs = evaluate(program, slices, arithmetic)
        tensor = np.moveaxis(np.stack(outputs), 0, axis)  # in memory the new axis comes first: samples stay together
    return tensor


class Exact:
    """Python numbers, sympy numbers, or object arrays of them: nothing is rounded."""

    def add(self, a: Any, b: Any, /) -> Any:
        """a + b."""
        return a + b

    def sub(self, a: Any, b: Any, /) -> Any:
        """a - b."""
        return a - b

    def neg(self, a: Any, /) -> Any:
        """-a."""
        return -a

    def mul(self, a: Any, constant: Number, /) -> Any:
        """a · constant."""
        return a * constant

    def fma(self, a: Any, constant: Number, b: Any, /) -> Any:
        """a · constant + b."""
        return a * constant + b


@dataclass(frozen=True, slots=True)
class Rounded:
    """Arrays in the carrier of a format, rounded after each operation; constants are rounded to it first."""

    format: Format

    def constant(self, value: Number) -> Any:
        """The constant as the format holds it: a scalar of the carrier, or the fraction itself if exact.

        Raises:
            FormatError: it is too large for the format, or no integer where the format has only integers.
        """
        if self.format.is_exact:
            return value
        if self.format.is_integer and not (isinstance(value, Fraction) and value.denominator == 1):
            raise FormatError(
                f"{value} is no integer, and {self.format} has only these; compute this stage in a float format, or "
                "scale the rows of its matrix to integers"
            )
        return _rounded(value, self.format)

    def add(self, a: Array, b: Array, /) -> Array:
        """a + b."""
        return rounding.add(a, b, self.format)

    def sub(self, a: Array, b: Array, /) -> Array:
        """a - b."""
        return rounding.add(a, -b, self.format)

    def neg(self, a: Array, /) -> Array:
        """-a."""
        return -a

    def mul(self, a: Array, constant: Number, /) -> Array:
        """a · constant."""
        return rounding.multiply(a, self.constant(constant), self.format)

    def fma(self, a: Array, constant: Number, b: Array, /) -> Array:
        """a · constant + b."""
        return rounding.fma(a, self.constant(constant), b, self.format)


@lru_cache(maxsize=4096)  # programs meet their few constants at every call
def _rounded(value: Number, fmt: Format) -> Any:
    return rounding.carrier(fmt).type(float(nearest(value, fmt)))
