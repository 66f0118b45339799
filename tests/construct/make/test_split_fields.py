"""Tensor products of algebras: split by regular maps that keep products."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.polys.domains import QQ
from sympy.polys.matrices import DomainMatrix

from wincook.construct.make.factor_part import Part, parts_of
from wincook.construct.make.split_fields import split
from wincook.exact.matrix import Rows
from wincook.exact.polynomial import Polynomial
from wincook.points import Points
from wincook.tile import Tile

Vector = list[Any]
FACTORS = ["x^2+1", "x^2+4", "x^2+x+1", "x^2-2", "x^3-2", "x^3-3x+1", "x^4+1", "x^4+x^3+x^2+x+1", "(x-1)^2", "3"]
T = sympy.symbols("t0:3")


def part(words: str) -> Part:
    points = Points.parse(words)
    return parts_of(Tile((points.degree,), (1,)), points, QQ)[0]


def multiplied(u: Vector, v: Vector, fields: list[Polynomial]) -> Vector:
    """The product modulo one polynomial in each of several variables, by sympy."""
    sizes = [len(f) - 1 for f in fields]
    places = list(product(*map(range, sizes)))

    def polynomial(vector: Vector) -> sympy.Expr:
        terms = (
            QQ.to_sympy(c) * prod(t**k for t, k in zip(T, place, strict=False))
            for c, place in zip(vector, places, strict=True)
        )
        return sum(terms, sympy.Integer(0))

    moduli = [sum(QQ.to_sympy(c) * t**k for k, c in enumerate(f)) for t, f in zip(T, fields, strict=False)]
    rest = sympy.Poly(sympy.reduced(polynomial(u) * polynomial(v), moduli, *T)[1], *T)
    return [QQ.from_sympy(rest.coeff_monomial((*place, *(0,) * (len(T) - len(place))))) for place in places]


def times(change: Rows, vector: Vector) -> Vector:
    column = DomainMatrix([[c] for c in vector], (len(vector), 1), QQ)
    return [row[0] for row in (DomainMatrix(change, (len(change), len(vector)), QQ) * column).to_list()]


@pytest.mark.slow
@settings(max_examples=10)
@given(st.lists(st.sampled_from(FACTORS), min_size=2, max_size=2), st.data())
def test_the_map_is_regular_and_keeps_products(words: list[str], data: st.DataObject) -> None:
    parts = [part(word) for word in words]
    summands, change = split(parts, QQ)
    size = prod(len(factor.f) - 1 for factor in parts)
    assert DomainMatrix(change, (size, size), QQ).rank() == size == sum(prod(len(f) - 1 for f in s) for s in summands)
    vectors = st.lists(st.integers(-5, 5).map(QQ), min_size=size, max_size=size)
    u, v = data.draw(vectors), data.draw(vectors)
    image = times(change, multiplied(u, v, [factor.f for factor in parts]))
    in_parts, place = [], 0
    for fields in summands:
        d = prod(len(f) - 1 for f in fields)
        in_parts += multiplied(times(change, u)[place : place + d], times(change, v)[place : place + d], fields)
        place += d
    assert image == in_parts


@pytest.mark.parametrize(
    ("words", "degrees"),
    [
        (["x^2+1", "x^2+1"], [[2], [2]]),
        (["x^2+1", "x^2+4"], [[2], [2]]),
        (["x^2+x+1", "x^2-x+1"], [[2], [2]]),
        (["x^2+1", "x^2+x+1"], [[2, 2]]),
        (["x^2+1", "x^4+1"], [[4], [4]]),
        (["x^4+1", "x^2+1"], [[4], [4]]),
        (["x^4+x^3+x^2+x+1"] * 2, [[4]] * 4),
        (["x^3-2", "x^3-2"], [[3, 3]]),
        (["(x-1)^2", "(x-1)^2"], [[2, 2]]),
        (["x^2+1", "3"], [[2]]),
        (["3", "x^2+1"], [[2]]),
        (["3", "4"], [[1]]),
        (["x^2+1"] * 3, [[2]] * 4),
    ],
)
def test_fields_meet_where_one_has_the_roots_of_the_other(words: list[str], degrees: list[list[int]]) -> None:
    summands, _ = split([part(word) for word in words], QQ)
    assert [[len(f) - 1 for f in fields] for fields in summands] == degrees
