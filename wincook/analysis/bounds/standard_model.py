"""The standard model: fl(x) = x (1 + δ) + ε with |δ| ≤ u and |ε| ≤ η, and which operations keep it smaller.

Round to nearest, gradual underflow (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 2.2).
η is half the smallest number. Sums do not underflow: both terms are multiples of the smallest number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from wincook.analysis.bounds.error_forms import EXACT_BITS
from wincook.arrays import Array
from wincook.exact.number import Algebraic
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub

_TINY = 2.0**-1074


@dataclass(frozen=True, slots=True)
class Rounding:
    """|fl(x) - x| ≤ u |x| + η; values beyond `largest` become that number, unseen, where the format saturates."""

    u: float
    eta: float
    largest: float = np.inf

    def error(self, size: Array, *, relative: bool = True, underflows: bool = True) -> Array:
        """Of rounding numbers of at most this size; without either part where an operation cannot cause it."""
        error = size * (self.u if relative else 0.0) + (self.eta if underflows else 0.0)
        return np.where(size > self.largest, np.inf, error)


@dataclass(frozen=True, slots=True)
class Sums:
    """How C products are added: rounded to `product` first, or, `fused`, by fmas that round to `sum` only.

    The first sum, to zero, may be exact.
    """

    product: Rounding
    sum: Rounding
    first_is_exact: bool


def of_operations(fmt: Format, programs: tuple[Program, ...]) -> Rounding:
    """Of the operations of a program: those on integers are exact.

    Irrational constants are not exact even where nothing is rounded: there they stand for fractions.
    """
    if fmt.is_exact:
        irrational = any(isinstance(number, Algebraic) for program in programs for number in program.constants)
        return Rounding(2.0**-EXACT_BITS if irrational else 0.0, 0.0)
    if fmt.is_integer:
        return Rounding(0.0, 0.0, _largest(fmt))
    return Rounding(float(fmt.unit_roundoff), _half_smallest(fmt), _largest(fmt))


def of_storing(computed: Format, stored: Format) -> Rounding:
    """Of numbers of one format put into another."""
    if stored.is_exact:
        return Rounding(0.0, 0.0)
    if computed.is_exact:
        return _of(stored, fits=False, multiples=False)
    return _of(stored, fits=computed.precision <= stored.precision, multiples=computed.smallest >= stored.smallest)


def of_sums(precision: Precision) -> Sums:
    """Of products of U and V, and of adding these."""
    U, V, product = precision.U, precision.V, precision.product
    if product.is_exact:
        of_product = Rounding(0.0, 0.0)
    else:
        of_product = _of(
            product,
            fits=U.precision + V.precision <= product.precision,
            multiples=U.smallest * V.smallest >= product.smallest,
        )
    u = float(precision.accumulate.unit_roundoff)
    if precision.accumulate.is_integer:
        u = 0.0
    if precision.fused:
        return Sums(Rounding(0.0, 0.0), replace(of_product, u=u), first_is_exact=not of_product.u)
    return Sums(of_product, replace(of_storing(product, precision.accumulate), u=u), first_is_exact=True)


def can_round(op: Op) -> bool:
    """Whether an operation may round by u: not where it changes signs and exponents alone."""
    match op:
        case Add() | Sub() | Fma():
            return True
        case Neg():
            return False
        case Mul(_, constant):
            return not _scales_exactly(constant)


def can_underflow(op: Op) -> bool:
    """Whether an operation may lose what is below the smallest number: never with whole constants."""
    return isinstance(op, (Mul, Fma)) and not _is_whole(op.constant)


def _of(fmt: Format, *, fits: bool, multiples: bool) -> Rounding:
    """Of values of so few bits that they fit, or multiples of the smallest number, or neither."""
    exact = fits or fmt.is_integer
    return Rounding(
        0.0 if exact else float(fmt.unit_roundoff), 0.0 if multiples else _half_smallest(fmt), _largest(fmt)
    )


def _scales_exactly(constant: Any) -> bool:
    """0 or ± a power of two."""
    return all(part & (part - 1) == 0 for part in (abs(constant.numerator), constant.denominator))


def _is_whole(constant: Any) -> bool:
    """Whether multiples of the smallest number stay so."""
    return bool(constant.denominator == 1)


def _largest(fmt: Format) -> float:
    return float(fmt.largest) if fmt.overflow == "saturate" else np.inf


def _half_smallest(fmt: Format) -> float:
    return max(float(fmt.smallest / 2), _TINY)
