"""Programs and steps as statements of C, on vectors: operation for operation, as they are interpreted."""

from __future__ import annotations

import numpy as np

from wincook.epilogue.epilogue import Epilogue
from wincook.epilogue.steps import Steps
from wincook.exact.number import Number, nearest
from wincook.formats import FLOAT32
from wincook.interchange.write.listing import Listing
from wincook.program.ir import Program

_OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_FUNCTIONS = {"max": "largest", "min": "smallest", "where": "chosen", "power": "power_of_two"}


def transform(name: str, program: Program) -> str:
    """A function from vectors `step` floats apart to vectors `target_step` floats apart."""
    listing = _VectorListing(program)
    reads = [
        f"const vector {letter} = load(source + {place} * step);"
        for place, letter in enumerate(listing.inputs)
        if letter in listing.read
    ]
    lines = [
        *reads,
        *(f"const vector {letter} = {expression};" for letter, expression in listing.statements),
        *(f"store(target + {place} * target_step, {letter});" for place, letter in enumerate(listing.outputs)),
    ]
    return _function(f"void {name}(const float *source, int64_t step, float *target, int64_t target_step)", lines)


def finished(epilogue: Epilogue) -> str:
    """The function that does what follows the convolution, but for pooling: the bias is added always."""
    lines = ["y = y + of_filter[0];"]
    if epilogue.scale:
        lines += ["y = y * of_filter[1];", "y = y + of_filter[2];"]
    lines.append("y = y + residual;" if epilogue.residual else "(void)residual;")
    lines += _steps(epilogue.steps, ["y"])
    return _function("vector finished(vector y, const vector *of_filter, vector residual)", lines)


def pooled(epilogue: Epilogue) -> str:
    """The function that makes one pixel of a square, row by row; without pooling, a square has one."""
    values = [f"squares[{place}]" for place in range(epilogue.step**2)]
    return _function("vector pooled(const vector *squares)", _steps(epilogue.pooling, values))


def literal(number: Number | float) -> str:
    """A float32 that C reads as the same number.

    >>> from fractions import Fraction
    >>> literal(Fraction(1, 6)), literal(-2.0)
    ('0.16666667f', '-2.0f')
    """
    rounded = number if isinstance(number, float) else nearest(number, FLOAT32)
    return f"{np.float32(float(rounded))!s}f"


def _steps(steps: Steps, inputs: list[str]) -> list[str]:
    """Statements that end with the last value, which is returned."""
    values, lines = list(inputs), []
    for place, (kind, *operands) in enumerate(steps):
        read = [values[a] if isinstance(a, int) else f"broadcast({literal(float(a))})" for a in operands]
        expression = _call(str(kind), read)
        values.append(f"v{place}")
        lines.append(f"const vector v{place} = {expression};")
    return [*lines, f"return {values[-1]};"]


def _call(kind: str, operands: list[str]) -> str:
    if kind in _OPERATORS:
        return f" {_OPERATORS[kind]} ".join(operands)
    return f"{_FUNCTIONS[kind]}({', '.join(operands)})"


def _function(head: str, lines: list[str]) -> str:
    return "\n".join([f"static inline {head} {{", *(f"  {line}" for line in lines), "}", ""])


class _VectorListing(Listing):
    def product(self, a: str, constant: Number) -> str:
        return f"{a} * broadcast({literal(constant)})"

    def fused(self, a: str, constant: Number, b: str) -> str:
        return f"fused({a}, broadcast({literal(constant)}), {b})"
