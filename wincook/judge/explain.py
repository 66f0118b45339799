"""Why sums are wrong: the entries of one product, or of one matrix, that put all of them right.

If one product k is at fault, what the others leave of the wanted tensor must itself be one product, a ⊗ g ⊗ b. If one
matrix is at fault, in any number of entries, it solves linear equations in which the other two stand: the best matrix
is M Γ⁻¹ with M the wanted tensor contracted with the other two, and Γ the entrywise product of their Gram matrices
(one step of alternating least squares: Kolda and Bader, SIAM Review 51 (2009), section 3.4). Modulo a prime this tells
which products it changes, if it puts all sums right at all; those alone are then solved for in exact arithmetic.
Elements are compared by their differences: rational functions over Q(√2) have more than one form.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, product

import sympy
from sympy.polys.domains.domain import Domain
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from wincook.judge.modulo import Element, image
from wincook.judge.tensor import Comparison, Place, Tensor, Vectors

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
    return (a, g, b) if not any(left((i, j, l)) - a[i] * g[j] * b[l] for i, j, l in places) else None


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
    return None if any(x - ratio * y for x, y in zip(vector, other, strict=True)) else ratio


def _fit(sums: Tensor, against: Comparison, position: int) -> Vectors | None:
    """The vectors of one matrix that put all sums right when those of the others stand; None if nothing does."""
    wrong = _changed_products(sums, against, position)
    if not wrong:
        return None
    field, (I, J, L) = sums.field, sums.sizes
    one, other = (place for place in range(3) if place != position)
    u, v = ([sums.vectors[place][k] for k in wrong] for place in (one, other))
    steps = [[field.zero] * sums.sizes[position] for _ in wrong]
    for place, value in against.missing.items():
        for step, x, y in zip(steps, u, v, strict=True):
            step[place[position]] += value * x[place[one]] * y[place[other]]
    found = _solved(_gram(u, v), steps, field)
    if found is None:
        return None
    changed = [list(vector) for vector in sums.vectors[position]]
    for k, step in zip(wrong, found, strict=True):
        changed[k] = [x + y for x, y in zip(changed[k], step, strict=True)]
    for i, j, l in product(range(I), range(J), range(L)):
        place = i, j, l
        terms = (
            step[place[position]] * x[place[one]] * y[place[other]] for step, x, y in zip(found, u, v, strict=True)
        )
        if sum(terms, -against.missing.get(place, field.zero)):
            return None
    return changed


def _changed_products(sums: Tensor, against: Comparison, position: int) -> list[int]:
    """The products whose vectors of one matrix are others where all sums are right, modulo a prime; none if nowhere."""
    mapped = image(sums.field)
    if mapped is None:
        return list(range(len(sums.vectors[0])))
    field, to_field = mapped
    one, other = (place for place in range(3) if place != position)
    try:
        x, u, v = (
            [[to_field(value) for value in vector] for vector in sums.vectors[place]]
            for place in (position, one, other)
        )
        missing = {place: to_field(value) for place, value in against.missing.items()}
    except ZeroDivisionError:
        return list(range(len(sums.vectors[0])))
    pairs = [[a * b for a, b in product(left, right)] for left, right in zip(u, v, strict=True)]
    lacks = [[field.zero] * len(pairs[0]) for _ in x[0]]
    for place, value in missing.items():
        lacks[place[position]][place[one] * len(v[0]) + place[other]] = value
    rows = DomainMatrix(pairs, (len(pairs), len(pairs[0])), field)
    wanted = DomainMatrix(lacks, (len(lacks), len(lacks[0])), field)
    steps = _solved(_gram(u, v), (rows * wanted.transpose()).to_list(), field)
    if steps is None:
        return []
    fits = DomainMatrix(steps, (len(steps), len(steps[0])), field).transpose() * rows == wanted
    return [k for k, step in enumerate(steps) if any(step)] if fits else []


def _gram(u: Vectors, v: Vectors) -> Vectors:
    """The entrywise product of the Gram matrices."""
    upper = [[_dot(u[k], u[q]) * _dot(v[k], v[q]) for q in range(k + 1)] for k in range(len(u))]
    return [[upper[max(k, q)][min(k, q)] for q in range(len(u))] for k in range(len(u))]


def _solved(matrix: Vectors, right: Vectors, field: Domain) -> Vectors | None:
    """The solution of linear equations; None if there is none, or more than one."""
    size = len(matrix)
    try:
        solution: Vectors = (
            DomainMatrix(matrix, (size, size), field)
            .to_dense()
            .lu_solve(DomainMatrix(right, (size, len(right[0])), field).to_dense())
            .to_list()
        )
    except DMNonInvertibleMatrixError:
        return None
    return solution


def _dot(x: list[Element], y: list[Element]) -> Element:
    return sum((a * b for a, b in zip(x[1:], y[1:], strict=True)), x[0] * y[0])


def _repair(sums: Tensor, position: int, changed: Vectors) -> Repair:
    """The entries in which the vectors of one matrix differ from those found."""
    to_sympy = sums.field.to_sympy
    mistakes: list[Mistake] = []
    ratios: list[Element | None] = []
    for k, (before, after) in enumerate(zip(sums.vectors[position], changed, strict=True)):
        for q, (old, new) in enumerate(zip(before, after, strict=True)):
            if new - old:
                row, column = (q, k) if position == 0 else (k, q)
                mistakes.append(Mistake(_NAMES[position], row, column, to_sympy(old), to_sympy(new)))
        if any(new - old for old, new in zip(before, after, strict=True)):
            ratios.append(_ratio(after, before))
    return Repair(tuple(mistakes), () if None in ratios else tuple(to_sympy(ratio) for ratio in ratios))
