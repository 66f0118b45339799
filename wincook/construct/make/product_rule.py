"""How to multiply modulo one factor, or modulo one factor along each axis: u v = C ((A u) ⊙ (A' v)).

Modulo f of degree d the product of two residues takes 2d - 1 products by Toom-Cook, the least there is (Winograd 1980),
or d² like at school; any F(d,d) is a rule too, since its transpose multiplies polynomials. In the tensor product of
several such algebras the rules nest; where fields coincide, the algebra first splits into fields (see `split`), and
only these have to be multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sympy.polys.domains.domain import Domain

from wincook.arguments import choice
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.make.factor_part import Part, parts_of
from wincook.construct.make.split_fields import split
from wincook.exact.matrix import Rows, identity, inverse, kronecker, times, transposed, unit
from wincook.exact.polynomial import Polynomial, remainder
from wincook.points import Points
from wincook.tile import Tile

RuleName = Literal["toom-cook", "schoolbook"]
Rule = RuleName | BilinearAlgorithm


def rule_of(rule: Rule) -> Rule:
    """The rule itself, if it is one.

    Raises:
        NotationError: neither a known name nor an algorithm.
    """
    return rule if isinstance(rule, BilinearAlgorithm) else choice("product rule", rule, get_args(RuleName))


@dataclass(frozen=True, slots=True)
class Product:
    """u v = C ((A u) ⊙ (A' v)) with `A` (R×d), `A_filter` (R×d) and `C` (d×R)."""

    A: Rows
    A_filter: Rows
    C: Rows


def product_modulo(f: Polynomial, domain: Domain, rule: Rule) -> Product:
    """The product of residues modulo a monic polynomial; by Toom-Cook where an algorithm is for another degree."""
    d = len(f) - 1
    if d == 1:
        return Product([[domain.one]], [[domain.one]], [[domain.one]])
    if rule == "schoolbook":
        pairs = [(i, j) for i in range(d) for j in range(d)]
        A, A_filter = ([unit(pair[side], d, domain) for pair in pairs] for side in (0, 1))
        columns = [remainder(unit(i + j, i + j + 1, domain), f, domain) for i, j in pairs]
    elif isinstance(rule, BilinearAlgorithm) and rule.tile == Tile((d,), (d,)):
        rule.verify()
        A, A_filter, linear = (
            [[domain.from_sympy(entry) for entry in row] for row in matrix.tolist()]
            for matrix in (rule.axes[0].AT.T, rule.axes[0].G, rule.axes[0].BT)
        )
        columns = [remainder(row, f, domain) for row in linear]
    else:
        points = parts_of(Tile((d,), (d,)), Points.default(2 * d - 1), domain)
        A = [row for point in points for row in point.output]
        A_filter = [row for point in points for row in point.filter]
        columns = [remainder(row, f, domain) for point in points for row in point.spread]
    return Product(A, A_filter, transposed(columns))


def product_in(parts: Sequence[Part], domain: Domain, rule: Rule) -> Product:
    """The product in the algebra of one part of each axis, whose residues are numbered with the last axis fastest."""
    fields, change = split(parts, domain)
    products = [_nested([product_modulo(f, domain, rule) for f in field]) for field in fields]
    A, A_filter, C = [], [], []
    place = 0
    width = len(change)
    for in_field in products:
        d = len(in_field.C)
        into = change[place : place + d]
        A += times(in_field.A, into, domain)
        A_filter += times(in_field.A_filter, into, domain)
        before, after = [domain.zero] * place, [domain.zero] * (width - place - d)
        C += [[*before, *column, *after] for column in transposed(in_field.C)]
        place += d
    back = inverse(change, domain) if change != identity(width, domain) else change
    return Product(A, A_filter, times(back, transposed(C), domain))


def _nested(products: Sequence[Product]) -> Product:
    nested, *rest = products
    for inner in rest:
        nested = Product(
            kronecker(nested.A, inner.A), kronecker(nested.A_filter, inner.A_filter), kronecker(nested.C, inner.C)
        )
    return nested
