"""A rigorous bound on the error, for any data: running error analysis of the programs.

Beside each value runs a pair: how large it can be, and how wrong its computed counterpart can be (Higham,
*Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 3.3; sums over channels by section 3.1). The
pairs are float64, rounded up after every operation, so the bound holds as stated. It assumes that nothing
overflows, and grows in proportion to max|d| · max|g|.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.bilinear import BilinearAlgorithm
from wincook.formats import Format
from wincook.number import Number, nearest
from wincook.precision import Precision
from wincook.program.interpret import evaluate_axes
from wincook.program.schedule import schedule, sizes

Array = NDArray[Any]  # here always [magnitudes, errors], stacked along the first axis


def error_bound(algorithm: BilinearAlgorithm, precision: Precision | Format | str, channels: int) -> float:
    """The largest possible |computed y - y| for |d| ≤ 1 and |g| ≤ 1, each stage in its format.

    Infinite where the channels are so many that the unit roundoff of the sum says nothing (C·u ≥ 1).
    """
    precision, programs = Precision.of(precision), schedule(algorithm)
    U = evaluate_axes(programs.filter, _exact_ones(sizes(programs.filter)), _Bounded(precision.filter))
    V = evaluate_axes(programs.input, _exact_ones(sizes(programs.input)), _Bounded(precision.input))
    U, V = _stored(U, precision.filter, precision.U), _stored(V, precision.input, precision.V)
    if channels * _Bounded(precision.accumulate).u >= 1:
        return float("inf")
    M = _stored(_sum_of_products(U, V, channels, precision), precision.accumulate, precision.output)
    y = evaluate_axes(programs.output, M, _Bounded(precision.output))
    return float(np.max(y[1]))


def rounded_up(bound: float, digits: int = 2) -> str:
    """A bound in few digits that do not fall below it.

    >>> rounded_up(0.12341)
    '0.13'
    """
    return f"{Context(prec=digits, rounding=ROUND_CEILING).create_decimal_from_float(bound):g}"


def _exact_ones(shape: tuple[int, ...]) -> Array:
    return np.stack([np.ones(shape), np.zeros(shape)])


def _stored(pair: Array, computed: Format, stored: Format) -> Array:
    """What a value becomes in the format that it is stored in."""
    return pair if stored.holds(computed) else _Bounded(stored).rounded(pair)


def _sum_of_products(U: Array, V: Array, channels: int, precision: Precision) -> Array:
    """A chain of C sums: each product is rounded, then at most C times more, by (1 + u)^C ≤ 1/(1 - C u)."""
    arithmetic = _Bounded(precision.accumulate)
    gamma = _up(channels * arithmetic.u / (1 - channels * arithmetic.u))
    gamma = _up(gamma)
    magnitude = _up(U[0] * V[0])
    error = _up(_up(_up(U[0] * V[1]) + _up(U[1] * V[0])) + _up(U[1] * V[1]))
    if not precision.fused:
        error = _Bounded(precision.product).rounded(np.stack([magnitude, error]))[1]
    rounded = _up(_up(magnitude + error) * gamma)
    per_product = _up(_up(error + rounded) + _up(arithmetic.underflow * _up(1 + gamma)))
    return np.stack([_up(magnitude * channels), _up(per_product * channels)])


@dataclass(frozen=True, slots=True)
class _Bounded:
    """The arithmetic of [magnitude, error] pairs."""

    format: Format

    @property
    def u(self) -> float:
        """Of sums: those of integers are exact."""
        return 0.0 if self.format.is_integer else float(self.format.unit_roundoff)

    @property
    def underflow(self) -> float:
        """The largest error of rounding a product that underflows; of rounding to a whole number."""
        return 0.0 if self.format.is_exact else float(_up(float(self.format.smallest / 2)))

    def rounded(self, pair: Array) -> Array:
        """A value rounded to the format; infinitely wrong where it may saturate."""
        error = self._error(pair, self.underflow)
        if self.format.overflow == "saturate":
            error = np.where(pair[0] + pair[1] > float(self.format.largest), np.inf, error)
        return np.stack([pair[0], error])

    def add(self, a: Array, b: Array, /) -> Array:
        total = _up(a + b)
        return np.stack([total[0], self._error(total, 0.0)])

    def sub(self, a: Array, b: Array, /) -> Array:
        return self.add(a, b)

    def neg(self, a: Array, /) -> Array:
        return a

    def mul(self, a: Array, constant: Number, /) -> Array:
        return self.fma(a, constant, np.zeros_like(a))

    def fma(self, a: Array, constant: Number, b: Array, /) -> Array:
        held = constant if self.format.is_exact else nearest(constant, self.format)
        c, c_error = _up(max(abs(float(constant)), abs(float(held)))), _up(abs(float(held - constant)))
        magnitude = _up(_up(a[0] * c) + b[0])
        error = _up(_up(_up(a[1] * c) + _up(a[0] * c_error)) + b[1])
        return np.stack([magnitude, self._error(np.stack([magnitude, error]), self.underflow)])

    def _error(self, pair: Array, underflow: float) -> Array:
        """The error after one more rounding of a computed value of at most magnitude + error."""
        rounding = _up(_up(pair[0] + pair[1]) * self.u)
        total: Array = _up(_up(pair[1] + rounding) + underflow)
        return total


def _up(value: Any) -> Any:
    """The next float64 above: never less than what the rounded operation should have given."""
    return np.nextafter(value, np.inf)
