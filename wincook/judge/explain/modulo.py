"""A field seen modulo a prime: what does not hold there does not hold, and machine words tell it at once.

Q maps to GF(p) where p divides no denominator, Q(θ) where the minimal polynomial of θ has a root modulo p, and Q(a) by
any value of a; these maps keep sums and products (von zur Gathen and Gerhard, *Modern Computer Algebra* (2013), ch. 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from math import prod

import sympy
from sympy.polys.domains import GF
from sympy.polys.domains.domain import Domain

from wincook.exact.matrix import Element

_LARGEST_PRIME = 2**31
_MOST_PRIMES = 64
_FIRST_VALUE = 1_000_003  # of a symbol; any will do that makes no denominator zero


def image(field: Domain) -> tuple[Domain, Callable[[Element], Element]] | None:
    """A prime field, and the map to it; None if no prime was found for the field.

    The map raises ZeroDivisionError for elements whose denominators vanish.
    """
    if field.is_FiniteField:
        return field, lambda element: element
    constants = field.domain if field.is_FractionField else field
    prime_and_root = _prime(constants)
    if prime_and_root is None:
        return None
    prime, root = prime_and_root
    finite = GF(prime)
    number = _map_of_numbers(constants, finite, root)
    return finite, _map_of_functions(field, finite, number) if field.is_FractionField else number


def _map_of_numbers(field: Domain, finite: Domain, root: Element) -> Callable[[Element], Element]:
    """Of Q, Q(i) or Q(θ), where θ goes to the root."""

    def rational(number: Element) -> Element:
        return _quotient(finite(int(number.numerator)), finite(int(number.denominator)))

    def polynomial(element: Element) -> Element:
        total = finite.zero
        for coefficient in [element.y, element.x] if field.is_QQ_I else element.to_list():  # Horner's rule
            total = total * root + rational(coefficient)
        return total

    return rational if field.is_QQ else polynomial


def _map_of_functions(
    field: Domain, finite: Domain, number: Callable[[Element], Element]
) -> Callable[[Element], Element]:
    """Of a field of rational functions, by a value for each symbol."""
    values = [finite(_FIRST_VALUE + 17 * place) for place in range(len(field.symbols))]

    def value(polynomial: Element) -> Element:
        total = finite.zero
        for powers, coefficient in polynomial.terms():
            total += prod((base**power for base, power in zip(values, powers, strict=True)), start=number(coefficient))
        return total

    return lambda element: _quotient(value(element.numer), value(element.denom))


def _quotient(a: Element, b: Element) -> Element:
    if not b:
        raise ZeroDivisionError
    return a / b


@lru_cache(maxsize=128)
def _prime(field: Domain) -> tuple[int, Element] | None:
    """A prime modulo which the generator of the field is a number, and that number."""
    if field.is_QQ:
        return sympy.prevprime(_LARGEST_PRIME), 0
    x = sympy.Symbol("x")
    defining = x**2 + 1 if field.is_QQ_I else field.ext.minpoly.as_expr(x)
    for prime in islice(_primes(), _MOST_PRIMES):
        for factor, _ in sympy.Poly(defining, x, modulus=prime).factor_list()[1]:
            if factor.degree() == 1:
                return prime, GF(prime)(-int(factor.eval(0)))
    return None


def _primes() -> Iterator[int]:
    prime = _LARGEST_PRIME
    while True:
        prime = sympy.prevprime(prime)
        yield prime
