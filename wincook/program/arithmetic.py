"""Rounded arithmetic, and programs that run in any, on data as callers give them.

The inner loops call `interpret` and `rounding`, which take what they are given for right. These functions look first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from wincook.arguments import instance, items
from wincook.arrays import Array, real_array
from wincook.errors import DataError, ShapeError, WincookError, quoted
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program import interpret, rounding
from wincook.program.interpret import Arithmetic
from wincook.program.ir import MADE_BY, Program

Numbers = ArrayLike | Fraction | Sequence[Fraction]

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


def round_to(values: Numbers, fmt: Format | str) -> Array:
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
    fmt, array = Format.of(fmt), _numbers("values", values)
    return rounding.round_to(np.atleast_1d(array), fmt).reshape(array.shape)


def add(a: Numbers, b: Numbers, fmt: Format | str) -> Array:
    """a + b, rounded once; the operands have at most the bits of the format, and shapes that broadcast.

    Raises:
        DataError: no real numbers.
        ShapeError: shapes that do not broadcast.
        FormatError: as for `round_to`.
    """
    fmt = Format.of(fmt)
    return _by(partial(rounding.add, fmt=fmt), fmt, a=a, b=b)


def fma(a: Numbers, b: Numbers, c: Numbers, fmt: Format | str) -> Array:
    """a · b + c, rounded once; operands and errors as for `add`."""
    fmt = Format.of(fmt)
    return _by(partial(rounding.fma, fmt=fmt), fmt, a=a, b=b, c=c)


def accumulate(M: Numbers, U: Numbers, V: Numbers, policy: Precision | Format | str) -> Array:
    """M + U · V as the policy has it: by one fma, or the product rounded first; operands and errors as for `add`."""
    policy = Precision.of(policy)
    return _by(partial(rounding.accumulate, policy=policy), policy.accumulate, M=M, U=U, V=V)


def _by(operation: Callable[..., Array], fmt: Format, **operands: Any) -> Array:
    """An operation on arrays of one shape; fractions become numbers of the format first."""
    arrays = [_numbers(name, values) for name, values in operands.items()]
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(operands, arrays, strict=True))
        raise ShapeError(f"{shapes} do not broadcast; give arrays of one shape, or numbers") from None
    arrays = [rounding.round_to(np.atleast_1d(array), fmt) if array.dtype == object else array for array in arrays]
    return operation(*np.broadcast_arrays(*map(np.atleast_1d, arrays))).reshape(shape)


def _numbers(name: str, values: Any) -> Array:
    """Real numbers: integers and fractions of Python as fractions, and those of narrow types in float32."""
    array = real_array(name, values, exact=True)
    if array.dtype == object:
        return np.asarray(_fractions(array), dtype=object)
    return array if array.dtype.kind in "fiub" else array.astype(np.float32)


_fractions = np.frompyfunc(lambda value: Fraction(int(value.numerator), int(value.denominator)), 1, 1)


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
