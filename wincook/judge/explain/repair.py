"""Entries that, changed together, put all sums right."""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from wincook.exact.matrix import Element
from wincook.judge.tensor import Tensor, Vectors
from wincook.transforms import LETTERS, Letter, Transforms


@dataclass(frozen=True, slots=True)
class Mistake:
    """One entry, the value that it has, and what should stand there."""

    matrix: Letter
    row: int
    column: int
    value: sympy.Expr
    right: sympy.Expr

    @property
    def product(self) -> int:
        """The product to which the entry belongs."""
        return self.column if self.matrix == "AT" else self.row

    def __str__(self) -> str:
        return f"{self.matrix}[{self.row},{self.column}] is {self.value}; {self.right} would make it right"


@dataclass(frozen=True, slots=True)
class Repair:
    """Entries, of one matrix or of several, which, changed together, make all sums right.

    If all that is wrong with its `products` is their scale, `factors` put them right, in whichever matrix.
    """

    mistakes: tuple[Mistake, ...]
    factors: tuple[sympy.Expr, ...] = ()

    @property
    def products(self) -> tuple[int, ...]:
        """The products that have a wrong entry."""
        return tuple(sorted({mistake.product for mistake in self.mistakes}))


def repair_between(present: Transforms, exact: Transforms) -> Repair:
    """The entries in which matrices differ from exact ones."""
    return Repair(
        tuple(
            Mistake(name, row, column, old, new)
            for name in LETTERS
            for row in range(getattr(present, name).rows)
            for column in range(getattr(present, name).cols)
            if (old := getattr(present, name)[row, column]) != (new := getattr(exact, name)[row, column])
        )
    )


def repair_of(sums: Tensor, changed: tuple[Vectors, Vectors, Vectors]) -> Repair:
    """The entries in which the vectors differ from those found, matrix by matrix."""
    to_sympy = sums.field.to_sympy
    mistakes: list[Mistake] = []
    ratios: dict[int, Element | None] = {}
    for position, (old_rows, new_rows) in enumerate(zip(sums.vectors, changed, strict=True)):
        for k, (before, after) in enumerate(zip(old_rows, new_rows, strict=True)):
            differing = [q for q, (old, new) in enumerate(zip(before, after, strict=True)) if new - old]
            for q in differing:
                row, column = (q, k) if position == 0 else (k, q)
                mistakes.append(Mistake(LETTERS[position], row, column, to_sympy(before[q]), to_sympy(after[q])))
            if differing:
                ratios[k] = None if k in ratios else ratio(after, before)
    factors = [ratios[k] for k in sorted(ratios)]
    return Repair(tuple(mistakes), () if None in factors else tuple(map(to_sympy, factors)))


def ratio(vector: list[Element], other: list[Element]) -> Element | None:
    """c with vector = c · other; None if there is none."""
    pivot = next((place for place, value in enumerate(other) if value), None)
    if pivot is None:
        return None
    c = vector[pivot] / other[pivot]
    return None if any(x - c * y for x, y in zip(vector, other, strict=True)) else c
