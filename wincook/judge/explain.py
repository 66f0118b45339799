"""Why sums are wrong: the entries of one product, or of one matrix, that put all of them right.

If one product k is at fault, what the others leave of the wanted tensor must itself be one product, a ⊗ g ⊗ b. If one
matrix is at fault, in any number of entries, it solves linear equations in which the other two stand: the best matrix
is M Γ⁻¹ with M the wanted tensor contracted with the other two, and Γ the entrywise product of their Gram matrices
(one step of alternating least squares: Kolda and Bader, SIAM Review 51 (2009), section 3.4), here in exact arithmetic.
It puts all sums right exactly if the projection is as long as the wanted tensor (Pythagoras; so for real fields only).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import sympy
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from wincook.judge.tensor import Comparison, Element, Place, Tensor, Vectors

_NAMES = ("AT", "G", "BT")
_LIKELIEST_FIRST = (1, 2, 0)  # denominators live in G; AT is the simplest


@dataclass(frozen=True, slots=True)
class Mistake:
    """One entry, and what should stand there."""

    matrix: str
    row: int
    column: int
    found: sympy.Expr
    right: sympy.Expr

    @property
    def product(self) -> int:
        """The product to which the entry belongs."""
        return self.column if self.matrix == "AT" else self.row

    def __str__(self) -> str:
        return f"{self.matrix}[{self.row},{self.column}] is {self.found}; {self.right} would make it right"


@dataclass(frozen=True, slots=True)
class Repair:
    """Entries, as a rule of one matrix, which, changed together, make all sums right.

    If all that is wrong with its `products` is their scale, `factors` put them right, in whichever matrix.
    """

    mistakes: tuple[Mistake, ...]
    factors: tuple[sympy.Expr, ...] = ()

    @property
    def products(self) -> tuple[int, ...]:
        """The products that have a wrong entry."""
        return tuple(sorted({mistake.product for mistake in self.mistakes}))


def explain(sums: Tensor, against: Comparison) -> tuple[tuple[int, ...], tuple[Repair, ...]]:
    """The products at fault, and alternative repairs; both as far as one product or one matrix explains all."""
    alone: list[int] = []
    repairs: list[Repair] = []
    for k in range(len(sums.vectors[0])):
        left = _left_by_others(sums, against, k)
        if left is not None:
            alone.append(k)
            repairs += _repairs_of_product(sums, k, left)
    if not alone:
        fits = ((position, _fit(sums, against, position)) for position in _LIKELIEST_FIRST)
        first = next(((position, fitted) for position, fitted in fits if fitted is not None), None)
        repairs += [_repair(sums, *first)] if first else []
    repairs.sort(key=lambda repair: len(repair.mistakes))
    return repairs[0].products if repairs else tuple(alone[:1]), tuple(repairs)


def _left_by_others(sums: Tensor, against: Comparison, k: int) -> tuple[list[Element], ...] | None:
    """The vectors a, g, b of what the other products leave, if that is one product; all zero if it is nothing."""
    zero = sums.field.zero
    I, J, L = sums.sizes

    def left(place: Place) -> Element:
        return against.missing.get(place, zero) + sums.product(k, place)

    places = [(i, j, l) for i in range(I) for j in range(J) for l in range(L)]
    pivot = next((place for place in chain(against.missing, places) if left(place)), None)
    if pivot is None:
        return [zero] * I, [zero] * J, [zero] * L
    i0, j0, l0 = pivot
    a = [left((i, j0, l0)) for i in range(I)]
    g = [left((i0, j, l0)) / left(pivot) for j in range(J)]
    b = [left((i0, j0, l)) / left(pivot) for l in range(L)]
    return (a, g, b) if all(left((i, j, l)) == a[i] * g[j] * b[l] for i, j, l in places) else None


def _repairs_of_product(sums: Tensor, k: int, left: tuple[list[Element], ...]) -> list[Repair]:
    """One repair for each matrix whose vector alone can be changed: the other two agree up to a factor."""
    repairs = []
    for position in range(3):
        ratios: list[Element] = [_ratio(left[other], sums.vectors[other][k]) for other in range(3) if other != position]
        if None in ratios:
            continue
        changed = [list(vector) for vector in sums.vectors[position]]
        changed[k] = [value * ratios[0] * ratios[1] for value in left[position]]
        repairs.append(_repair(sums, position, changed))
    return repairs


def _ratio(vector: list[Element], other: list[Element]) -> Element | None:
    """c with vector = c · other; None if there is none."""
    pivot = next((place for place, value in enumerate(other) if value), None)
    if pivot is None:
        return None
    ratio = vector[pivot] / other[pivot]
    return ratio if all(x == ratio * y for x, y in zip(vector, other, strict=True)) else None


def _fit(sums: Tensor, against: Comparison, position: int) -> Vectors | None:
    """The vectors of one matrix that put all sums right when those of the others stand; None if nothing does."""
    field, rank = sums.field, len(sums.vectors[0])
    if getattr(field, "ext", sympy.Integer(1)).is_real is not True:
        return None
    one, other = (place for place in range(3) if place != position)
    u, v = sums.vectors[one], sums.vectors[other]
    gram = [[field.zero] * rank for _ in range(rank)]
    for k in range(rank):
        for q in range(k, rank):
            gram[k][q] = gram[q][k] = _dot(u[k], u[q]) * _dot(v[k], v[q])
    contracted = [[field.zero] * sums.sizes[position] for _ in range(rank)]
    for k in range(rank):
        for place in against.ones:
            contracted[k][place[position]] += against.scale * u[k][place[one]] * v[k][place[other]]
    right = DomainMatrix(contracted, (rank, sums.sizes[position]), field).to_dense()
    try:
        fitted: Vectors = DomainMatrix(gram, (rank, rank), field).to_dense().lu_solve(right).to_list()
    except DMNonInvertibleMatrixError:
        return None
    projected = sum((_dot(x, y) for x, y in zip(fitted, contracted, strict=True)), field.zero)
    return fitted if projected == against.scale**2 * len(against.ones) else None


def _dot(x: list[Element], y: list[Element]) -> Element:
    return sum((a * b for a, b in zip(x[1:], y[1:], strict=True)), x[0] * y[0])


def _repair(sums: Tensor, position: int, changed: Vectors) -> Repair:
    """The entries in which the vectors of one matrix differ from those found."""
    to_sympy = sums.field.to_sympy
    mistakes: list[Mistake] = []
    ratios: list[Element | None] = []
    for k, (before, after) in enumerate(zip(sums.vectors[position], changed, strict=True)):
        for q, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                row, column = (q, k) if position == 0 else (k, q)
                mistakes.append(Mistake(_NAMES[position], row, column, to_sympy(old), to_sympy(new)))
        if before != after:
            ratios.append(_ratio(after, before))
    return Repair(tuple(mistakes), () if None in ratios else tuple(to_sympy(ratio) for ratio in ratios))
