"""One construction for all: the Chinese remainder theorem for a modulus polynomial, in the FIR form.

Each factor f of the modulus has a `Part`: residues of an m-vector and, weighted, of an r-vector modulo f, and the way
back. With a product rule u v = C ((A u) ⊙ (A' v)) modulo f, f contributes to F(m,r), transposed (Nussbaumer, *Fast
Fourier Transform and Convolution Algorithms* (1982), section 3.2.3),

    AT: (A output)ᵀ      G: A' filter      BT: Cᵀ spread.

For a point, f = x - a, with cofactor c, all of them are numbers: AT[i] = a^i, G[j] = a^j / c(a), BT = c. The
denominators live in G, which is applied to the filter once. A joint set for several axes takes one part of each axis at
a time: residues, weights and the way back are Kronecker products, and only the products modulo factors are joint.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, product
from math import prod

from sympy.polys.domains.domain import Domain

from wincook.arguments import items
from wincook.construct.make.factor_part import parts_of
from wincook.construct.make.product_rule import Rule, product_in, product_modulo, rule_of
from wincook.errors import PointsError
from wincook.exact.field import common_field
from wincook.exact.matrix import Element, Rows, identity, kronecker, matrix, times, transposed
from wincook.points import Points
from wincook.tile import Tile
from wincook.transforms import Factors, Transforms


def toom_cook(
    tile: Tile | str, points: Points | str, domain: Domain | None = None, rule: Rule = "toom-cook"
) -> Transforms:
    """The transforms of a one-dimensional tile on the given points and factors.

    Args:
        tile: F(m,r) with one axis.
        points: factors of total degree m + r - 1; ∞ may stand anywhere or be absent.
        domain: a sympy field that holds the points; left out, the smallest.
        rule: how to multiply modulo a factor of degree d: by Toom-Cook in 2d - 1 products (Karatsuba for d = 2), or
            like at school in d².

    Raises:
        NotationError: a tile of several axes, something else than a field, or an unknown rule.
        PointsError: the degrees do not add up to that of the tile, or a point is not in the field.
    """
    tile, points, rule = Tile.of_one_axis(tile), Points.of(points), rule_of(rule)
    domain = points.field if domain is None else domain
    parts = parts_of(tile, points, domain)
    products = [product_modulo(part.f, domain, rule) for part in parts]
    AT, G, BT = [], [], []
    for part, product_of_part in zip(parts, products, strict=True):
        AT += times(product_of_part.A, part.output, domain)
        G += times(product_of_part.A_filter, part.filter, domain)
        BT += times(transposed(product_of_part.C), part.spread, domain)
    return Transforms(
        AT=matrix(AT, tile.outputs[0], domain).T,
        G=matrix(G, tile.taps[0], domain),
        BT=matrix(BT, tile.inputs[0], domain),
    )


def joint_toom_cook(tile: Tile | str, points: Sequence[Points | str], rule: Rule = "toom-cook") -> Transforms:
    """One joint set of transforms for all axes of a tile, as products: residues along each axis, then the rest.

    Args:
        tile: F(m,r) with any number of axes.
        points: for each axis.
        rule: as in `toom_cook`.

    Raises:
        NotationError: no tile, or an unknown rule.
        PointsError: as in `toom_cook`, or not one set of points for each axis.
    """
    tile, rule = Tile.of(tile), rule_of(rule)
    sets = [Points.of(chosen) for chosen in items("points", points, "one set for each axis", PointsError)]
    if len(sets) != tile.dimension:
        raise PointsError(f"{tile} has {tile.dimension} axes, but {len(sets)} point sets were given")
    domain = common_field(number for chosen in sets for number in chosen.numbers)
    axes = [parts_of(axis, chosen, domain) for axis, chosen in zip(tile.axes, sets, strict=True)]
    ends = [list(accumulate((len(part.f) - 1 for part in parts), initial=0)) for parts in axes]
    sizes = [end[-1] for end in ends]
    A: Rows = []
    G: Rows = []
    BT: Rows = []
    for chosen in product(*(range(len(parts)) for parts in axes)):
        joint = product_in([parts[k] for parts, k in zip(axes, chosen, strict=True)], domain, rule)
        ranges = (range(end[k], end[k + 1]) for end, k in zip(ends, chosen, strict=True))
        places = [_ravel(place, sizes) for place in product(*ranges)]
        for rows, side in zip((A, G, BT), (joint.A, joint.A_filter, transposed(joint.C)), strict=True):
            rows += [_spread_out(row, places, prod(sizes), domain) for row in side]
    outputs = _factors(A, [[row for part in parts for row in part.output] for parts in axes], domain)
    filters = _factors(G, [[row for part in parts for row in part.filter] for parts in axes], domain)
    inputs = _factors(BT, [[row for part in parts for row in part.spread] for parts in axes], domain)
    return Transforms.of_factors(tuple(factor.T for factor in reversed(outputs)), filters, inputs)


def _factors(mix: Rows, axes: Sequence[Rows], domain: Domain) -> Factors:
    """One matrix along each axis, the first axis first, and then the mix of all: as matrices on the whole tensor."""
    factors = [matrix(mix, len(mix[0]), domain)]
    done = [len(rows) for rows in axes]
    wanted = [len(rows[0]) for rows in axes]
    for axis in reversed(range(len(axes))):
        before, after = identity(prod(done[:axis]), domain), identity(prod(wanted[axis + 1 :]), domain)
        rows = kronecker(kronecker(before, axes[axis]), after)
        factors.append(matrix(rows, len(rows[0]), domain))
    return tuple(factors)


def _spread_out(row: Sequence[Element], places: Sequence[int], width: int, domain: Domain) -> list[Element]:
    """A row with its entries at the given places, and zeros elsewhere."""
    entries = dict(zip(places, row, strict=True))
    return [entries.get(place, domain.zero) for place in range(width)]


def _ravel(place: Sequence[int], sizes: Sequence[int]) -> int:
    index = 0
    for i, size in zip(place, sizes, strict=True):
        index = index * size + i
    return index
