"""Products modulo factors, beside sympy's remainders."""

from __future__ import annotations

from typing import Any, get_args

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.polys.domains import QQ
from sympy.polys.domains.domain import Domain

from wincook.construct.make.product_rule import RuleName, product_modulo
from wincook.exact.matrix import Rows
from wincook.exact.notation import X

FIELDS = [QQ, QQ.algebraic_field(sympy.sqrt(2)), QQ.frac_field(sympy.Symbol("a"))]


def applied(rows: Rows, vector: list[Any], domain: Domain) -> list[Any]:
    return [sum((c * v for c, v in zip(row, vector, strict=True)), domain.zero) for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("domain", FIELDS, ids=str)
@pytest.mark.parametrize("rule", get_args(RuleName))
@settings(max_examples=15)
@given(data=st.data())
def test_products_of_residues_are_sympys(domain: Domain, rule: RuleName, data: st.DataObject) -> None:
    d = data.draw(st.integers(1, 4))
    elements = st.integers(-9, 9).map(domain)
    u, v, low = (data.draw(st.lists(elements, min_size=d, max_size=d)) for _ in range(3))
    f = [*low, domain.one]
    algorithm = product_modulo(f, domain, rule)
    assert len(algorithm.A) == (d * d if rule == "schoolbook" else 2 * d - 1)
    M = [a * b for a, b in zip(applied(algorithm.A, u, domain), applied(algorithm.A_filter, v, domain), strict=True)]
    left, right, modulus = (
        sympy.Poly.from_list([domain.to_sympy(c) for c in reversed(vector)], X, domain=domain) for vector in (u, v, f)
    )
    rest = (left * right).rem(modulus)
    wanted = [domain.from_sympy(rest.coeff_monomial(X**k)) for k in range(d)]
    assert all(not (value - want) for value, want in zip(applied(algorithm.C, M, domain), wanted, strict=True))
