"""Matrices over a sympy domain as lists of rows: what the construction multiplies and puts together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy.polys.domains.domain import Domain
from sympy.polys.matrices import DomainMatrix

Element = Any  # an element of a sympy domain: its type depends on the ground types installed
Rows = list[list[Element]]


def unit(place: int, size: int, domain: Domain) -> list[Element]:
    """A row of zeros with a one."""
    return [domain.one if i == place else domain.zero for i in range(size)]


def identity(size: int, domain: Domain) -> Rows:
    """I."""
    return [unit(i, size, domain) for i in range(size)]


def transposed(rows: Rows) -> Rows:
    """The transposed matrix."""
    return [list(column) for column in zip(*rows, strict=True)]


def times(a: Rows, b: Rows, domain: Domain) -> Rows:
    """The product a b."""
    columns = transposed(b)
    return [[sum((x * y for x, y in zip(row, column, strict=True)), domain.zero) for column in columns] for row in a]


def kronecker(a: Sequence[Sequence[Element]], b: Sequence[Sequence[Element]]) -> Rows:
    """a ⊗ b, the indices of b running faster."""
    return [[x * y for x in upper for y in lower] for upper in a for lower in b]


def inverse(rows: Rows, domain: Domain) -> Rows:
    """The inverse of a regular matrix."""
    inverted: Rows = DomainMatrix(rows, (len(rows), len(rows)), domain).inv().to_list()
    return inverted


def matrix(rows: Rows, columns: int, domain: Domain) -> sympy.ImmutableMatrix:
    """The same as a sympy matrix."""
    return sympy.ImmutableMatrix(DomainMatrix(rows, (len(rows), columns), domain).to_Matrix())
