"""A program as float arrays: what each value is of the inputs, and what each output owes to it.

Value v of a program is the linear form `forms[v]` of its inputs, and a small change of it changes the outputs by
`gains[v]` times as much: the adjoint, from the last operation to the first (Griewank and Walther, *Evaluating
Derivatives*, 2nd ed. (2008), section 3.2). Shapes: forms (values, inputs), gains (values, outputs).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from wincook.analysis.prediction.rounding_constant import odd_part, product_factor
from wincook.arrays import Array
from wincook.exact.number import Number, nearest
from wincook.formats import Format
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub

Terms = tuple[tuple[int, Number], ...]

ONE = Fraction(1)

_LARGEST_ODD = 2**63 - 1  # that int64 holds; so large, all are alike


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """One program in one format.

    Of all values: `forms`, `gains`, and `support`, how many inputs each depends on. `outputs` are the values that the
    program gives, and `slip` is what the format adds to its matrix by rounding the constants, to first order.

    Of each sum: value `sums` = `scale` · value `left` + value `right`, and `odd`, the odd part of the scale, 0 if it
    has none (see `rounding_constant`). Of each product: value `products`, and the `factor` of its c. `twins` are
    places of two sums with one scale but for its sign, and the same values: their errors go together. Of the errors of
    the sums, of the products, then of twins that have one error: `error_gains`, shape (errors, outputs).
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
    twins: Array
    error_gains: Array

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
                slip += float(_held(coefficient, fmt) - coefficient) * np.outer(gains[value], forms[operand])
        pairs = {value: parts for value, parts in terms.items() if len(parts) > 1}
        products = _products(program, gains, fmt)
        twins = _twins(list(pairs.values()))
        places = list(pairs)
        error_gains = [gains[value] for value in pairs] + list(products.values())
        error_gains += [gains[places[one]] + gains[places[other]] for one, other in twins]
        return cls(
            forms=forms,
            gains=gains,
            support=depends.sum(axis=1),
            outputs=np.array(outputs, np.intp),
            slip=slip,
            sums=np.array(places, np.intp),
            left=np.array([left for (left, _), _ in pairs.values()], np.intp),
            right=np.array([right for _, (right, _) in pairs.values()], np.intp),
            scale=np.array([float(scale) for (_, scale), _ in pairs.values()]),
            odd=np.array(
                [min(odd_part(_held(scale, fmt)), _LARGEST_ODD) for (_, scale), _ in pairs.values()], np.int64
            ),
            products=np.array(list(products), np.intp),
            factor=np.array([product_factor(_held(terms[value][0][1], fmt)) for value in products]),
            twins=np.array(twins, np.intp).reshape(-1, 2),
            error_gains=np.array(error_gains).reshape(-1, len(outputs)),
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


def _twins(sums: list[Terms]) -> list[tuple[int, int]]:
    """Places of s·a + b and -s·a + b. A plain sum has its terms in either order."""
    known: dict[tuple[int, Number, int], int] = {}
    found = []
    for place, ((left, scale), (right, _)) in enumerate(sums):
        orders = [(left, scale, right)] + [(right, scale, left)] * (scale == ONE)
        twin = next((known[a, -factor, b] for a, factor, b in orders if (a, -factor, b) in known), None)
        if twin is not None:
            found.append((twin, place))
        known |= dict.fromkeys(orders, place)
    return found


def _held(constant: Number, fmt: Format) -> Number:
    """What a format makes of a constant."""
    return constant if fmt.is_exact else nearest(constant, fmt)


def _products(program: Program, gains: Array, fmt: Format) -> dict[int, Array]:
    """The products that may round, and the gains of their errors.

    Products of one number by constants of one significand have one error, but for signs and powers of two: only the
    first of them is named, with the gains of all.
    """
    first: dict[tuple[int, Number], tuple[int, Number]] = {}
    found: dict[int, Array] = {}
    for value, op in enumerate(program.ops, start=program.inputs):
        if isinstance(op, Mul) and (held := _held(op.constant, fmt)):
            named, constant = first.setdefault((op.a, _significand(held)), (value, held))
            found[named] = found.get(named, 0 * gains[value]) + float(held / constant) * gains[value]
    return found


def _significand(constant: Number) -> Number:
    """A constant without sign and powers of two; irrational ones stay as they are."""
    if not isinstance(constant, Fraction):
        return constant
    numerator, denominator = abs(constant.numerator), constant.denominator
    return Fraction(numerator // (numerator & -numerator), denominator // (denominator & -denominator))
