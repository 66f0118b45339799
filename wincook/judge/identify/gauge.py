"""How the rows of a right Toom-Cook set are scaled, against those that wincook itself makes on the same points.

For a point a with cofactor c, the product of x - b over the other finite points b, wincook has a^i in AT, a^j / c(a) in
G, and the coefficients of c in BT (`construct.make.toom_cook`); for ∞ the last entries alone in AT and G, and leading
coefficient 1 in BT. A true convolution has the rows of G reversed, a linear convolution AT and BT exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import sympy

from wincook.exact.field import simplest
from wincook.factor import INFINITY
from wincook.points import Points
from wincook.proof import Kind
from wincook.transforms import Transforms


@dataclass(frozen=True, slots=True)
class Scaling:
    """What the vectors of one product are, over those that wincook makes: factors in AT, G and BT."""

    product: int
    AT: sympy.Expr
    G: sympy.Expr
    BT: sympy.Expr

    @property
    def factors(self) -> dict[str, sympy.Expr]:
        """By matrix, those other than 1."""
        named = {"AT": self.AT, "G": self.G, "BT": self.BT}
        return {name: factor for name, factor in named.items() if factor != 1}


def scalings(axis: Transforms, kind: Kind, points: Points, scale: sympy.Expr) -> tuple[Scaling, ...]:
    """Those of the products that are scaled otherwise than wincook's; `scale` is that of the whole set."""
    linear = kind == "linear convolution"
    evaluated = axis.BT if linear else axis.AT.T
    finite: list[sympy.Expr] = list(points.finite)
    others: list[Scaling] = []
    for k, point in enumerate(points):
        end, filter_end, cofactor = -1, -1, sympy.Integer(1)
        if point != INFINITY:
            end, filter_end = 0, 0
            cofactor = prod((point - other for other in finite if other != point), start=cofactor)
        if kind == "true convolution":
            filter_end = -1 - filter_end
        first, second = evaluated[k, end], axis.G[k, filter_end] * cofactor
        third = scale / (first * second)
        AT, G, BT = (simplest(factor) for factor in ((third, second, first) if linear else (first, second, third)))
        scaling = Scaling(k, AT, G, BT)
        if scaling.factors:
            others.append(scaling)
    return tuple(others)
