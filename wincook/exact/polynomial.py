"""Polynomials over a sympy domain as lists of coefficients, the constant first; divisors are monic."""

from __future__ import annotations

from sympy.polys.domains.domain import Domain

from wincook.exact.matrix import Element

Polynomial = list[Element]


def multiply(a: Polynomial, b: Polynomial, domain: Domain) -> Polynomial:
    """a · b."""
    product = [domain.zero] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                product[i + j] += x * y
    return product


def divide(a: Polynomial, f: Polynomial, domain: Domain) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder of a by a monic f; the remainder has as many coefficients as f has degree."""
    d = len(f) - 1
    rest = [*a, *[domain.zero] * max(0, d - len(a))]
    quotients = [domain.zero] * max(0, len(a) - d)
    for place in reversed(range(len(quotients))):
        lead = quotients[place] = rest[place + d]
        if lead:
            for i, coefficient in enumerate(f):
                rest[place + i] -= lead * coefficient
    return quotients, rest[:d]


def quotient(a: Polynomial, f: Polynomial, domain: Domain) -> Polynomial:
    """a / f, whatever the remainder."""
    return divide(a, f, domain)[0]


def remainder(a: Polynomial, f: Polynomial, domain: Domain) -> Polynomial:
    """a modulo f, with as many coefficients as f has degree."""
    return divide(a, f, domain)[1]
