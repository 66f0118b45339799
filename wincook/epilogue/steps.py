"""Operations on each number by itself, as a straight-line list.

A step is (kind, operand, ...). An operand is the place of an earlier value, the inputs first, or a constant: a float
of Python that float32 holds. The last value is the result. The generator of kernels makes LLVM IR of the same list.
There is no fma among the kinds, so that numpy has the same bits by itself.

    add, sub, mul, div    rounded once
    max a b               b where a < b or b is NaN, else a: NaN passes, and of 0 and -0 the first stays
    min a b               b where a > b or b is NaN, else a
    where a b c d         c where a < b, else d
    power a               2^n of a = n + MAGIC, for whole n from -126 to 127, infinity for 128
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from wincook.arrays import Array

Step = tuple[str | int | float, ...]
Steps = tuple[Step, ...]

MAGIC = 1.5 * 2.0**23  # adding it rounds to a whole number, which the last bits of the sum then hold
_ONE, _FRACTION_BITS = np.int32(0x3F800000), 23  # of float32: 1 as an integer, and the bits after the exponent


def run_steps(steps: Steps, *inputs: Array) -> Array:
    """The last value, in the type of the inputs, which is float32 where a step is `power`.

    >>> run_steps((("max", 0, 0.0),), np.array([-1.5, 2.5], np.float32)).tolist()
    [0.0, 2.5]
    """
    number = inputs[0].dtype.type
    values: list[Any] = list(inputs)
    with np.errstate(all="ignore"):
        for kind, *operands in steps:
            values.append(_KINDS[str(kind)](*(values[a] if isinstance(a, int) else number(a) for a in operands)))
    return np.asarray(values[-1])


def _power(a: Any) -> Any:
    return ((a.view(np.int32) << _FRACTION_BITS) + _ONE).view(np.float32)


_KINDS: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "max": lambda a, b: np.where((a < b) | np.isnan(b), b, a),
    "min": lambda a, b: np.where((a > b) | np.isnan(b), b, a),
    "where": lambda a, b, c, d: np.where(a < b, c, d),
    "power": _power,
}
