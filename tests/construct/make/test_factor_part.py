"""The parts of a modulus: residues of the factor, and the way back, against sympy's polynomials."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import QQ

from tests.golden import Golden
from wincook.construct.make.factor_part import parts_of
from wincook.errors import NotationError, PointsError
from wincook.exact.notation import X
from wincook.exact.polynomial import Polynomial
from wincook.points import Points
from wincook.tile import Tile

MODULI = [  # of degree 4
    "0, 1, -2, ∞",
    "0, x^2+1, ∞",
    "(x-1)^2, x^2+x+1",
    "x^2-2, ∞^2",
    "1/2, 3, x^2+1",
]


def poly(ascending: Polynomial) -> sympy.Poly:
    return sympy.Poly([QQ.to_sympy(coefficient) for coefficient in reversed(ascending)], X, domain=QQ)


def combined(rows: list[Polynomial], weights: Polynomial) -> Polynomial:
    return [sum((w * x for w, x in zip(weights, column, strict=True)), QQ.zero) for column in zip(*rows, strict=True)]


@pytest.mark.slow
@given(st.sampled_from(MODULI), st.integers(1, 4), st.data())
def test_the_shares_of_all_factors_add_up_to_the_product(points: str, r: int, data: st.DataObject) -> None:
    """Σ over the factors of c · ((a mod f) · (w b mod f) mod f) is a b: the Chinese remainder theorem."""
    m = 5 - r
    numbers = st.integers(-9, 9).map(QQ)
    a, b = (data.draw(st.lists(numbers, min_size=size, max_size=size)) for size in (m, r))
    total = [QQ.zero] * 4
    for part in parts_of(Tile((m,), (r,)), Points.parse(points), QQ):
        u, v = (
            combined(list(map(list, zip(*rows, strict=True))), x) for rows, x in ((part.output, a), (part.filter, b))
        )
        residue = poly(u) * poly(v)
        share = [QQ.from_sympy(c) for c in reversed(residue.rem(poly(part.f)).all_coeffs())]
        share += [QQ.zero] * (len(part.f) - 1 - len(share))
        total = [x + y for x, y in zip(total, combined(part.spread, share), strict=True)]
    assert poly(total) == poly(a) * poly(b)


def test_what_does_not_fit_is_refused(golden: Golden) -> None:
    with golden.raises(PointsError, match=r"F\(2,3\).*4"):
        parts_of(Tile.parse("F(2,3)"), Points.parse("0, 1, ∞"), QQ)
    with golden.raises(PointsError):
        parts_of(Tile.parse("F(2,2)"), Points.parse("√2, 0, ∞"), QQ)
    with golden.raises(NotationError, match=r"F\(2x2,3x3\).*2.*F\(2,3\)"):
        parts_of(Tile.parse("F(2x2,3x3)"), Points.parse("0, ±1, ∞"), QQ)
