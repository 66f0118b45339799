"""A program as float arrays: its linear forms (`program.linear_forms`), and its sums and products as they round.

Value v is the form `forms[v]` of the inputs, and a small change of it changes the outputs by `gains[v]` times as much.
Shapes: forms (values, inputs), gains (values, outputs).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from wincook.analysis.prediction.rounding_constant import odd_part, product_factor
from wincook.arrays import Array
from wincook.exact.number import Number, nearest
from wincook.formats import Format
from wincook.program.ir import ONE, Mul, Program, Terms, terms
from wincook.program.linear_forms import dense, linear_forms, linear_gains

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
        outputs = list(program.outputs)
        rows = dict(enumerate(map(terms, program.ops), start=program.inputs))
        forms = dense(linear_forms(program), program.inputs)
        gains = dense(linear_gains(program), len(outputs))
        depends = np.eye(len(forms), program.inputs, dtype=bool)
        slip = np.zeros((len(outputs), program.inputs))
        for value, summands in rows.items():
            for operand, _ in summands:
                depends[value] |= depends[operand]
        for value, summands in reversed(rows.items()):
            for operand, constant in summands:
                slip += float(_held(constant, fmt) - constant) * np.outer(gains[value], forms[operand])
        sums = [_Sum.of(value, summands) for value, summands in rows.items() if len(summands) > 1]
        products = _products(program, gains, fmt)
        twins = _twins(sums)
        error_gains = [gains[total.value] for total in sums] + list(products.values())
        error_gains += [gains[sums[first].value] + gains[sums[second].value] for first, second in twins]
        return cls(
            forms=forms,
            gains=gains,
            support=depends.sum(axis=1),
            outputs=np.array(outputs, np.intp),
            slip=slip,
            sums=np.array([total.value for total in sums], np.intp),
            left=np.array([total.left for total in sums], np.intp),
            right=np.array([total.right for total in sums], np.intp),
            scale=np.array([float(total.scale) for total in sums]),
            odd=np.array([min(odd_part(_held(total.scale, fmt)), _LARGEST_ODD) for total in sums], np.int64),
            products=np.array(list(products), np.intp),
            factor=np.array([product_factor(_held(rows[value][0][1], fmt)) for value in products]),
            twins=np.array(twins, np.intp).reshape(-1, 2),
            error_gains=np.array(error_gains).reshape(-1, len(outputs)),
        )

    @property
    def matrix(self) -> Array:
        """The transform: shape (outputs, inputs)."""
        return self.forms[self.outputs]


@dataclass(frozen=True, slots=True)
class _Sum:
    """The value scale · left + right."""

    value: int
    left: int
    scale: Number
    right: int

    @classmethod
    def of(cls, value: int, summands: Terms) -> _Sum:
        """Of two terms, one of which has no constant."""
        (left, scale), (right, _) = sorted(summands, key=lambda term: term[1] == ONE)
        return cls(value, left, scale, right)

    @property
    def orders(self) -> list[tuple[int, Number, int]]:
        """(left, scale, right): a plain sum has its terms in either order."""
        either = [(self.left, self.scale, self.right), (self.right, self.scale, self.left)]
        return either if self.scale == ONE else either[:1]


def _twins(sums: list[_Sum]) -> list[tuple[int, int]]:
    """Places of s·a + b and -s·a + b."""
    places: dict[tuple[int, Number, int], int] = {}
    twins = []
    for place, total in enumerate(sums):
        negated = [(left, -scale, right) for left, scale, right in total.orders]
        twin = next((places[order] for order in negated if order in places), None)
        if twin is not None:
            twins.append((twin, place))
        places |= dict.fromkeys(total.orders, place)
    return twins


def _held(constant: Number, fmt: Format) -> Number:
    """What a format makes of a constant."""
    return constant if fmt.is_exact else nearest(constant, fmt)


def _products(program: Program, gains: Array, fmt: Format) -> dict[int, Array]:
    """The products that may round, and the gains of their errors.

    Products of one number by constants of one significand have one error, but for signs and powers of two: only the
    first of them is named, with the gains of all.
    """
    first: dict[tuple[int, Number], tuple[int, Number]] = {}
    gains_of: dict[int, Array] = {}
    for value, op in enumerate(program.ops, start=program.inputs):
        if isinstance(op, Mul) and (held := _held(op.constant, fmt)):
            named, constant = first.setdefault((op.a, _significand(held)), (value, held))
            gains_of[named] = gains_of.get(named, 0 * gains[value]) + float(held / constant) * gains[value]
    return gains_of


def _significand(constant: Number) -> Number:
    """A constant without sign and powers of two; irrational ones stay as they are."""
    if not isinstance(constant, Fraction):
        return constant
    numerator, denominator = abs(constant.numerator), constant.denominator
    return Fraction(numerator // (numerator & -numerator), denominator // (denominator & -denominator))
