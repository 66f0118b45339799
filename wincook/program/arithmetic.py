"""Rounded arithmetic, and programs that run in any, on data as callers give them.

The inner loops call `interpret` and `rounding`, which take what they are given for right. These functions look first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from wincook.arguments import instance, items
from wincook.arrays import Array, real_array
from wincook.errors import DataError, ShapeError, WincookError, quoted
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program import interpret, rounding
from wincook.program.interpret import Arithmetic
from wincook.program.ir import MADE_BY, Program

T = TypeVar("T")
Result = TypeVar("Result")

_OPERATIONS = ("add", "sub", "neg", "mul", "fma")


def evaluate(program: Program, inputs: Iterable[T], arithmetic: Arithmetic[T]) -> list[T]:
    """The outputs of a program.

    Args:
        program: any.
        inputs: as many as the program has, of the kind of numbers that the arithmetic takes.
        arithmetic: `Exact()`, `Rounded(format)`, or another with the methods `add`, `sub`, `neg`, `mul` and `fma`.

    Raises:
        NotationError: no program, or no arithmetic.
        ShapeError: more or fewer inputs than the program has.
        DataError: inputs that the arithmetic cannot work with.

    >>> from fractions import Fraction
    >>> from wincook.program import Exact, programs_of
    >>> evaluate(programs_of("F(2,3)").output[0], [Fraction(1, 3), Fraction(1), Fraction(2), Fraction(3)], Exact())
    [Fraction(10, 3), Fraction(2, 1)]
    """
    program, arithmetic = instance("program", program, Program, MADE_BY), _arithmetic(arithmetic)
    values = items("inputs", inputs, "[1, 2, 3, 4]", most=program.inputs)
    if len(values) != program.inputs:
        raise ShapeError(f"{len(values)} inputs do not fit a program of {program.inputs}; give one for each")
    return _computed(arithmetic, lambda: interpret.evaluate(program, values, arithmetic))


def evaluate_axes(programs: Program | Sequence[Program], tensor: Array, arithmetic: Arithmetic[Array]) -> Array:
    """Apply one program to each of the last axes, the first of them first.

    Args:
        programs: one per transformed axis; together they fit the last axes of `tensor`.
        tensor: shape (..., n_1, ..., n_D), of real numbers, or an object array of exact ones.
        arithmetic: as for `evaluate`, of arrays.

    Returns:
        Shape (..., R_1, ..., R_D). Each operation acts on whole arrays, so leading axes are samples.

    Raises:
        NotationError: something else than programs, or no arithmetic.
        ShapeError: a tensor whose last axes do not fit the programs.
        DataError: no real numbers, or such as the arithmetic cannot work with.
    """
    each = (programs,) if isinstance(programs, Program) else items("programs", programs, "programs_of('F(2,3)').input")
    for program in each:
        instance("program", program, Program, MADE_BY)
    values = tensor if isinstance(tensor, np.ndarray) and tensor.dtype == object else real_array("tensor", tensor)
    arithmetic, wanted = _arithmetic(arithmetic), tuple(program.inputs for program in each)
    if values.shape[max(0, values.ndim - len(each)) :] != wanted:
        raise ShapeError(f"a tensor of shape {values.shape} does not fit programs of {wanted} inputs in its last axes")
    return _computed(arithmetic, lambda: interpret.evaluate_axes(each, values, arithmetic))


def round_to(values: Array, fmt: Format | str) -> Array:
    """Round numbers into a format, once.

    Args:
        values: floats, integers or fractions, of any shape.
        fmt: the format.

    Returns:
        The rounded numbers in the carrier of the format: float32 where it holds them all, else float64; fractions if
        the format is exact. Values too large become what the format's `overflow` says; NaN stays NaN.

    Raises:
        DataError: no real numbers.
        FormatError: an unknown format; infinities or NaN where the format is exact.

    >>> round_to([0.1, 2.5, -300.0], "int8")
    array([   0.,    2., -127.], dtype=float32)
    """
    return rounding.round_to(_carried("values", values), Format.of(fmt))


def add(a: Array, b: Array, fmt: Format | str) -> Array:
    """a + b, rounded once; the operands have at most the bits of the format, and shapes that broadcast.

    Raises:
        DataError: no real numbers.
        ShapeError: shapes that do not broadcast.
        FormatError: as for `round_to`.
    """
    operands, fmt = _operands(a=a, b=b), Format.of(fmt)
    return rounding.add(*operands, fmt)


def fma(a: Array, b: Array, c: Array, fmt: Format | str) -> Array:
    """a · b + c, rounded once; operands and errors as for `add`."""
    operands, fmt = _operands(a=a, b=b, c=c), Format.of(fmt)
    return rounding.fma(*operands, fmt)


def accumulate(M: Array, U: Array, V: Array, policy: Precision | Format | str) -> Array:
    """M + U · V as the policy has it: by one fma, or the product rounded first; operands and errors as for `add`."""
    operands, policy = _operands(M=M, U=U, V=V), Precision.of(policy)
    return rounding.accumulate(*operands, policy)


def _operands(**operands: Any) -> tuple[Array, ...]:
    arrays = [_carried(name, values) for name, values in operands.items()]
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(operands, arrays, strict=True))
        raise ShapeError(f"{shapes} do not broadcast; give arrays of one shape, or numbers") from None


def _carried(name: str, values: Any) -> Array:
    """Real numbers, those of narrow types in float32, which numpy computes with."""
    array = real_array(name, values, exact=True)
    return array if array.dtype.kind in "fiubO" else array.astype(np.float32)


def _arithmetic(value: Any) -> Any:
    if all(callable(getattr(value, name, None)) for name in _OPERATIONS):
        return value
    raise DataError(f"arithmetic = {quoted(value)} must have the methods {', '.join(_OPERATIONS)}, as Exact() has")


def _computed(arithmetic: Any, compute: Callable[[], Result]) -> Result:
    """What is computed by an arithmetic of which nothing is known but its methods."""
    try:
        return compute()
    except WincookError:
        raise
    except Exception as failure:
        name = type(arithmetic).__name__
        raise DataError(f"the arithmetic {name} cannot work with such inputs: {quoted(failure)}") from failure
