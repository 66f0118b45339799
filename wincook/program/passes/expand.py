"""Choose operations: each weighted sum becomes additions, multiplications and fmas."""

from __future__ import annotations

from fractions import Fraction

from wincook.arguments import flag, words
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub, Terms
from wincook.program.sums import Sums


def expand(sums: Sums, source: str, target: str, *, fma: bool = True) -> Program:
    """Operations in the order of the terms; without fma, a product is rounded before it is added.

    Raises:
        NotationError: no sums, letters that are no text, or an `fma` that is neither true nor false.
    """
    sums, fma = Sums.of(sums), flag("fma", fma)
    source, target = words("source", source, "d"), words("target", target, "V")
    code = _Code(sums.inputs, fma=fma)
    values: dict[int, int] = {value: value for value in range(sums.inputs)}
    for name, terms in enumerate(sums.sums, start=sums.inputs):
        values[name] = code.sum(tuple((values[value], c) for value, c in terms))
    return Program(source, target, sums.inputs, tuple(code.ops), tuple(values[output] for output in sums.outputs))


class _Code:
    """Operations as they are written, each after those that it reads."""

    def __init__(self, inputs: int, *, fma: bool) -> None:
        self.inputs, self.fma = inputs, fma
        self.ops: list[Op] = []

    def sum(self, terms: Terms) -> int:
        """The value of a sum."""
        total, rest = self._start(terms)
        for value, c in rest:
            if c == 1:
                total = self._emit(Add(total, value))
            elif c == -1:
                total = self._emit(Sub(total, value))
            elif self.fma:
                total = self._emit(Fma(value, c, total))
            else:
                total = self._emit(Add(total, self._emit(Mul(value, c))))
        return total

    def _start(self, terms: Terms) -> tuple[int, Terms]:
        """A value to add to, and what is to be added; -x + y is y - x."""
        if not terms:
            return self._emit(Mul(0, Fraction(0))), ()
        (value, c), *rest = terms
        if c == 1:
            return value, tuple(rest)
        if c == -1 and rest and rest[0][1] == 1:
            return rest[0][0], ((value, c), *rest[1:])
        return self._emit(Neg(value) if c == -1 else Mul(value, c)), tuple(rest)

    def _emit(self, op: Op) -> int:
        self.ops.append(op)
        return self.inputs + len(self.ops) - 1
