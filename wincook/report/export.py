"""Matrices as source text for other programs: LaTeX, NumPy and C."""

from __future__ import annotations

from collections.abc import Callable

import sympy

from wincook.bilinear import BilinearAlgorithm
from wincook.errors import NotationError

_NAMES = ("AT", "G", "BT")


def export(algorithm: BilinearAlgorithm, kind: str) -> str:
    """The matrices of every different axis as text of one kind.

    Raises:
        NotationError: an unknown kind; the message lists the known ones.
    """
    if kind not in EXPORTS:
        raise NotationError(f"unknown export {kind!r}; known are {', '.join(EXPORTS)}")
    return EXPORTS[kind](algorithm)


def _latex(algorithm: BilinearAlgorithm) -> str:
    letters = {"AT": "A^T", "G": "G", "BT": "B^T"}
    lines = [f"% {algorithm}"]
    for _, name, matrix in _matrices(algorithm):
        lines.append(rf"{letters[name]} = {sympy.latex(matrix)}")
    return "\n".join(lines)


def _numpy(algorithm: BilinearAlgorithm) -> str:
    lines = [f"# {algorithm}", "import numpy as np", ""]
    for suffix, name, matrix in _matrices(algorithm):
        rows = ",\n".join(f"    [{', '.join(str(entry) for entry in row)}]" for row in matrix.tolist())
        lines.append(f"{name}{suffix} = np.array([\n{rows},\n], dtype=np.float64)")
    return "\n".join(lines)


def _c(algorithm: BilinearAlgorithm) -> str:
    lines = [f"/* {algorithm} */"]
    for suffix, name, matrix in _matrices(algorithm):
        rows = ",\n".join(f"    {{{', '.join(_c_number(entry) for entry in row)}}}" for row in matrix.tolist())
        lines.append(f"static const float {name}{suffix}[{matrix.rows}][{matrix.cols}] = {{\n{rows}\n}};")
    return "\n".join(lines)


def _c_number(entry: sympy.Rational) -> str:
    """A constant expression: the quotient in double, rounded to float."""
    whole = f"{entry.p}.0"
    return f"(float)({whole} / {entry.q}.0)" if entry.q != 1 else f"{whole}f"


def _matrices(algorithm: BilinearAlgorithm) -> list[tuple[str, str, sympy.ImmutableMatrix]]:
    """(suffix of the axis, name, matrix): no suffix where all axes are alike."""
    axes = list(dict.fromkeys(algorithm.axes))
    suffixes = [""] if len(axes) == 1 else [str(number) for number in range(len(axes))]
    return [(suffix, name, getattr(axis, name)) for suffix, axis in zip(suffixes, axes, strict=True) for name in _NAMES]


EXPORTS: dict[str, Callable[[BilinearAlgorithm], str]] = {"latex": _latex, "numpy": _numpy, "c": _c}
