"""Choose operations: each weighted sum becomes additions, multiplications and fmas."""

from __future__ import annotations

from fractions import Fraction

from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub
from wincook.program.sums import Sums, Terms


def expand(sums: Sums, source: str, target: str) -> Program:
    """Operations in the order of the terms; a sum starts from a term with coefficient 1 where there is one."""
    ops: list[Op] = []
    values: dict[int, int] = {value: value for value in range(sums.inputs)}

    def emit(op: Op) -> int:
        ops.append(op)
        return sums.inputs + len(ops) - 1

    for name, terms in enumerate(sums.sums, start=sums.inputs):
        if not terms:
            values[name] = emit(Mul(0, Fraction(0)))
            continue
        (start, coefficient), *rest = _start_first(terms)
        total = values[start]
        if coefficient == -1:
            total = emit(Neg(total))
        elif coefficient != 1:
            total = emit(Mul(total, coefficient))
        for value, c in rest:
            term = values[value]
            if c == 1:
                total = emit(Add(total, term))
            elif c == -1:
                total = emit(Sub(total, term))
            else:
                total = emit(Fma(term, c, total))
        values[name] = total
    return Program(source, target, sums.inputs, tuple(ops), tuple(values[output] for output in sums.outputs))


def _start_first(terms: Terms) -> Terms:
    """Bring to the front a term that needs no operation of its own (1), or else one that needs a Mul."""
    preference = min(range(len(terms)), key=lambda i: (terms[i][1] != 1, terms[i][1] == -1, i))
    return (terms[preference], *terms[:preference], *terms[preference + 1 :])
