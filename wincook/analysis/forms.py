"""A program as float arrays: what each value is of the inputs, and what each output owes to it.

Value v of a program is the linear form `forms[v]` of its inputs, and a small change of it changes the outputs by
`gains[v]` times as much: the adjoint, from the last operation to the first (Griewank and Walther, *Evaluating
Derivatives*, 2nd ed. (2008), section 3.2). Shapes: forms (values, inputs), gains (values, outputs).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.analysis.grid import odd_part, product_factor
from wincook.formats import Format
from wincook.number import Number, nearest
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub

Array = NDArray[Any]
Terms = tuple[tuple[int, Number], ...]

ONE = Fraction(1)


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """One program in one format.

    Of all values: `forms`, `gains`, and `support`, how many inputs each depends on. `outputs` are the values that the
    program gives, and `slip` is what the format adds to its matrix by rounding the constants, to first order.

    Of each sum that may round: value `sums` = `scale` · value `left` + value `right`, and `odd`, the odd part of the
    scale, 0 if it has none (see `wincook.analysis.grid`). Of each product that may round: value `products` =
    constant · value, whose c has the factor `factor`.
    """

    forms: Array
    gains: Array
    support: Array
    outputs: Array
    slip: Array
    sums: Array
    left: Array
    right: Array
    scale: Array
    odd: Array
    products: Array
    factor: Array
    product_gains: Array

    @classmethod
    def of(cls, program: Program, fmt: Format) -> Forms:
        """Read a program, once."""
        values, outputs = program.inputs + len(program.ops), list(program.outputs)
        terms = dict(enumerate(map(_terms, program.ops), start=program.inputs))
        forms, gains = np.zeros((values, program.inputs)), np.zeros((values, len(outputs)))
        slip = np.zeros((len(outputs), program.inputs))
        depends = np.eye(values, program.inputs, dtype=bool)
        forms[: program.inputs] = np.eye(program.inputs)
        for value, parts in terms.items():
            for operand, coefficient in parts:
                forms[value] += float(coefficient) * forms[operand]
                depends[value] |= depends[operand]
        np.add.at(gains, (outputs, range(len(outputs))), 1.0)
        for value, parts in reversed(terms.items()):
            for operand, coefficient in parts:
                gains[operand] += float(coefficient) * gains[value]
                slip += _lost(coefficient, fmt) * np.outer(gains[value], forms[operand])
        pairs = {value: parts for value, parts in terms.items() if len(parts) > 1}
        alone = {value: op.constant for value, op in enumerate(program.ops, program.inputs) if isinstance(op, Mul)}
        # Products of one number by constants of one significand have one error, up to a power of two.
        twins: dict[tuple[int, Number], Array] = {}
        for value, constant in alone.items():
            key = (terms[value][0][0], _significand(constant))
            if key not in twins: twins[key]=[value, 0.0]
            ratio = float(constant) / float(alone[twins[key][0]]) if constant else 0.0
            twins[key][1] = twins[key][1] + ratio * gains[value]
        first = [v for v,_ in twins.values()]
        return cls(
            product_gains=np.array([g for _, g in twins.values()]).reshape(len(first), len(outputs)),
            forms=forms,
            gains=gains,
            support=depends.sum(axis=1),
            outputs=np.array(outputs, np.intp),
            slip=slip,
            sums=np.array(list(pairs), np.intp),
            left=np.array([left for (left, _), _ in pairs.values()], np.intp),
            right=np.array([right for _, (right, _) in pairs.values()], np.intp),
            scale=np.array([float(scale) for (_, scale), _ in pairs.values()]),
            odd=np.array([odd_part(scale) for (_, scale), _ in pairs.values()], np.int64),
            products=np.array(first, np.intp),
            factor=np.array([product_factor(alone[v]) for v in first]),
        )

    @property
    def matrix(self) -> Array:
        """The transform: shape (outputs, inputs)."""
        return self.forms[self.outputs]


def _terms(op: Op) -> Terms:
    """The values that an operation reads, each with its coefficient; that of the second is 1."""
    match op:
        case Add(a, b):
            return ((a, ONE), (b, ONE))
        case Sub(a, b):
            return ((b, -ONE), (a, ONE))
        case Neg(a):
            return ((a, -ONE),)
        case Mul(a, constant):
            return ((a, constant),)
        case Fma(a, constant, b):
            return ((a, constant), (b, ONE))


def _lost(constant: Number, fmt: Format) -> float:
    """What a format makes of a constant, less the constant."""
    return 0.0 if fmt.is_exact or abs(constant) == 1 else float(nearest(constant, fmt) - constant)


def _significand(constant: Number) -> Number:
    if not isinstance(constant, Fraction): return constant
    n,d=abs(constant.numerator),constant.denominator
    return Fraction(n//(n&-n), d//(d&-d)) if n else constant
