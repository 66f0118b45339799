"""Where two fields meet: Q[x]/f ⊗ Q[y]/g is a sum of fields, smaller ones if g has roots in Q[x]/f.

If g = Π (y - α_i) over the field Q(θ) = Q[x]/f, then u(x, y) ↦ (u(θ, α_i))_i maps the algebra onto deg g copies of
Q(θ). For x^2+1 on both axes that makes two copies of Q(i), six products where nested rules take nine (Meng and
Brothers, arXiv 1901.01965; Winograd 1980).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import sympy
from sympy.polys.domains import QQ
from sympy.polys.domains.domain import Domain

from wincook.construct.make.factor_part import Part
from wincook.exact.matrix import Element, Rows, identity, kronecker, times, transposed, unit
from wincook.exact.notation import X
from wincook.exact.polynomial import Polynomial, multiply, remainder

Fields = list[Polynomial]  # their tensor product; none of them is known to split over another


@dataclass(frozen=True, slots=True)
class _Component:
    """A summand: a tensor product of fields, and the map (its dimension × that of the whole) onto it."""

    fields: Fields
    onto: Rows


def split(parts: Sequence[Part], domain: Domain) -> tuple[list[Fields], Rows]:
    """The summands of the algebra of one part of each axis, and the regular matrix that maps residues to them.

    Fields are looked for over the rationals; over other domains, and for powers, the algebra stays whole.
    """
    components = [_Component([parts[0].f], identity(len(parts[0].f) - 1, domain))]
    for part in parts[1:]:
        components = [finer for component in components for finer in _times_one_more(component, part, parts, domain)]
    change = [row for component in components for row in component.onto]
    return [component.fields for component in components], change


def _times_one_more(component: _Component, part: Part, parts: Sequence[Part], domain: Domain) -> list[_Component]:
    """The summands of a component times one more algebra."""
    d = len(part.f) - 1
    if domain == QQ and d > 1 and all(factor.is_field for factor in parts):
        for place, field in enumerate(component.fields):
            larger, smaller = (field, part.f) if len(field) >= len(part.f) else (part.f, field)
            roots = _roots(tuple(smaller), tuple(larger)) if len(smaller) > 2 else []  # noqa: PLR2004 (degree above 1)
            if roots:
                return [_evaluated(component, place, part.f, larger, root, domain) for root in roots]
    fields = [field for field in (*component.fields, part.f) if len(field) > 2] or [part.f]  # noqa: PLR2004
    return [_Component(fields, kronecker(component.onto, identity(d, domain)))]


def _evaluated(
    component: _Component, place: int, f: Polynomial, larger: Polynomial, root: Polynomial, domain: Domain
) -> _Component:
    """The summand in which the variable of the smaller of two fields is the given element of the larger one."""
    field, d = component.fields[place], len(f) - 1
    sizes = [len(modulus) - 1 for modulus in component.fields]
    of_field, of_new = (_powers(base, larger, domain) for base in ((None, root) if larger is field else (root, None)))
    left, right = (identity(prod(part), domain) for part in (sizes[:place], sizes[place + 1 :]))
    blocks = []
    for b in range(d):
        images = [remainder(multiply(of_field(a), of_new(b), domain), larger, domain) for a in range(len(field) - 1)]
        blocks.append(transposed(kronecker(kronecker(left, transposed(images)), right)))
    evaluation = transposed([block[index] for index in range(prod(sizes)) for block in blocks])
    fields = [*component.fields[:place], larger, *component.fields[place + 1 :]]
    return _Component(fields, times(evaluation, kronecker(component.onto, identity(d, domain)), domain))


def _powers(base: Polynomial | None, modulus: Polynomial, domain: Domain) -> Callable[[int], Polynomial]:
    """Powers of an element modulo a polynomial; of the variable itself if none is given."""

    def power(exponent: int) -> Polynomial:
        if base is None:
            return unit(exponent, exponent + 1, domain)
        result = [domain.one]
        for _ in range(exponent):
            result = remainder(multiply(result, base, domain), modulus, domain)
        return result

    return power


@lru_cache(maxsize=128)
def _roots(g: tuple[Element, ...], f: tuple[Element, ...]) -> list[Polynomial]:
    """The roots of g in Q[x]/f if all lie there, else none."""
    small, large = (sympy.Poly([QQ.to_sympy(c) for c in reversed(ascending)], X, domain=QQ) for ascending in (g, f))
    field = QQ.alg_field_from_poly(large)
    _, factors = small.set_domain(field).factor_list()
    if any(factor.degree() > 1 for factor, _ in factors):
        return []
    # The element itself: sympy cannot write every root in radicals, nor read back what it then writes.
    return [[QQ.convert(c) for c in reversed((-factor.rep.TC()).to_list())] for factor, _ in factors]
