"""Weights packed once, and never changed again."""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

import numpy as np

from wincook.addresses import address
from wincook.kernels.codegen.body.calls.arrays import frozen_rows
from wincook.kernels.codegen.body.calls.memory import contiguous
from wincook.kernels.codegen.body.constants import (
    CODE,
    ISA,
    LAYOUT,
    RESIDUAL_FORMAT,
    SCALED,
    X_FORMAT,
    Y_FORMAT,
)
from wincook.kernels.codegen.body.lanes.finish import (
    GIVEN_ROWS,
    LIMITS,
    ROWS_OF_RESIDUAL,
    ROWS_OF_X,
    WITHOUT_FRACTIONS,
)
from wincook.kernels.codegen.body.nested.filters import bias_floats
from wincook.kernels.codegen.body.nested.packed import packed_filters
from wincook.kernels.codegen.body.nested.purpose import KNOWN_TAPS, PURPOSE
from wincook.machine_code import in_python

PACKED_FOR = f"{PURPOSE} in {LAYOUT} for {ISA}, code {CODE}"


class Contents(NamedTuple):
    """Transformed filters, the numbers for each filter, the sizes that they are for, and the addresses of both.

    The sizes are those of the weights, and how many groups they make.
    """

    U: Any
    of_filters: Any
    sizes: tuple[int, ...]
    addresses: tuple[int, int]


class Packed:
    """Weights (K, C/groups, *taps) and an optional bias (K,), of any real type, as this module reads them: transformed.

    The bias is padded with zeros, as are a scale and a shift for each filter, (K,), in a module that has them. Left
    out, the scale is 1 and the others 0. A module whose y has 8 bits takes the scale and zero point of y as `output`,
    one whose residual has, those of the residual as `added`, and one with float32 products whose x has, those of x as
    `inputs`. What else there is, and what U is, `packed_filters` says. All is never changed again.

    Raises:
        ValueError: other shapes, elements that are not real numbers, or a scale that is missing or not asked for.
    """

    __slots__ = ("_contents",)
    _contents: Contents
    packed_for = PACKED_FOR

    def __init__(
        self,
        weights: Any,
        bias: Any = None,
        groups: int = 1,
        *,
        scale: Any = None,
        shift: Any = None,
        extra: Any = None,
        output: Any = None,
        added: Any = None,
        inputs: Any = None,
    ) -> None:
        rows_of_x = rows_of_inputs(inputs)
        weights = contiguous(weights, "weights") if inputs is None else contiguous(weights, "weights") * rows_of_x[0][2]
        U = packed_filters(weights, groups) if extra is None else packed_filters(weights, groups, extra)
        if not SCALED and not (scale is None and shift is None):
            raise ValueError("this module was made without a scale and a shift for each filter")
        given = (("bias", bias, 0), ("scale", scale, 1), ("shift", shift, 0))
        given = (*given[:GIVEN_ROWS], *rows_of_output(output), *rows_of_residual(added), *rows_of_x[1:])
        rows = frozen_rows(given, len(weights), in_python(bias_floats)(len(weights)))
        sizes = (*weights.shape[:2], *(KNOWN_TAPS or weights.shape[2:]), groups)
        contents = Contents(U, rows, sizes, (address(U), address(rows)))
        object.__setattr__(self, "_contents", contents)

    @property
    def U(self) -> Any:
        """The transformed filters, read-only."""
        return self._contents.U

    @property
    def bias(self) -> Any:
        """The bias padded with zeros, read-only."""
        return self._contents.of_filters[0]

    @property
    def channels(self) -> int:
        """C, of a group."""
        return self._contents.sizes[1]

    @property
    def filters(self) -> int:
        """K."""
        return self._contents.sizes[0]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"cannot set {name}: packed weights stay as they are; pack others")

    def __copy__(self) -> Packed:
        return self

    def __deepcopy__(self, memo: object) -> Packed:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("packed weights belong to one process and processor; send the weights, and pack them there")

    def __repr__(self) -> str:
        return f"Packed({self.filters} filters of {self.channels} channels, {self.packed_for})"


def check(packed: Any) -> None:
    """Raise ValueError unless this module packed the weights."""
    if type(packed) is not Packed or not hasattr(packed, "_contents"):
        theirs = getattr(packed, "packed_for", None) or f"nothing: they are a {type(packed).__name__}"
        raise ValueError(f"these weights were packed for {theirs}, not by this module for {PACKED_FOR}; pack them here")


def rows_of_output(output: Any) -> tuple[Any, ...]:
    """Numbers for each filter that turn outputs into y of 8 bits, of its scale and zero point; none for y of floats.

    Raises:
        ValueError: y has 8 bits, and there is no scale, or the other way round.
    """
    if (LIMITS is None) != (output is None):
        raise ValueError(f"y in {Y_FORMAT} takes {'no' if LIMITS is None else 'a'} scale and zero point")
    if output is None:
        return ()
    scale, zero_point = np.float32(output[0]), int(output[1])
    return ("1 / scale of y", None, 1 / scale), ("zero point of y", None, WITHOUT_FRACTIONS + zero_point)


def rows_of_residual(added: Any) -> tuple[Any, ...]:
    """Numbers for each filter that turn a residual of 8 bits into outputs, of its scale and zero point; else none.

    Raises:
        ValueError: it has 8 bits, and there is no scale, or the other way round.
    """
    if (not ROWS_OF_RESIDUAL) != (added is None):
        scale = "a scale" if ROWS_OF_RESIDUAL else "no scale"
        raise ValueError(f"a residual in {RESIDUAL_FORMAT} takes {scale} and zero point")
    if added is None:
        return ()
    return ("scale of the residual", None, np.float32(added[0])), ("its zero point", None, int(added[1]))


def rows_of_inputs(inputs: Any) -> tuple[Any, ...]:
    """The scale of an x of 8 bits, which is in the filters, and a row of its zero points; none for x of floats.

    Raises:
        ValueError: x has 8 bits, and there is no scale, or the other way round.
    """
    if (not ROWS_OF_X) != (inputs is None):
        raise ValueError(f"x in {X_FORMAT} takes {'a' if ROWS_OF_X else 'no'} scale and zero point here")
    if inputs is None:
        return ()
    return ("scale of x", None, np.float32(inputs[0])), ("zero point of x", None, int(inputs[1]))


pack = Packed  # what callers do
