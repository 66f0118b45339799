"""Why sums are wrong: the fewest entries that put all of them right, product by product.

Which entries to change is found modulo a prime (`search`), and what should stand there in exact arithmetic: the sums
are linear in entries of which no two share a product but in one vector. One product more may be at fault in several of
its vectors (`alone`). Every repair is proven, over all sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from sympy.polys.matrices import DomainMatrix

from wincook.arrays import Array
from wincook.exact.matrix import Element
from wincook.judge.explain.alone import of_one_product
from wincook.judge.explain.linear import echelon
from wincook.judge.explain.repair import Repair, repair_of
from wincook.judge.explain.residues import Entry, Residues, Vector
from wincook.judge.explain.search import (
    beside_one_product,
    beside_suspects,
    changing_in,
    few_entries,
    few_vectors,
    suspected,
)
from wincook.judge.tensor import Comparison, Tensor, Vectors, places_of
from wincook.proof import Place

_FEW = 2  # entries: what explains all with no more is not searched for further
_MOST_RANK = 4  # of one product at fault in several vectors, beside two others
_MOST_ENTRIES = 200  # of one repair: the equations are solved exactly


def explain(sums: Tensor, against: Comparison) -> tuple[Repair, ...]:
    """Alternative repairs, those with the fewest entries first, as far as `search` finds any."""
    residues = Residues.of(sums, against)
    if residues is None:
        return ()
    supports = suspected(residues)
    supports += few_entries(residues, min(map(len, supports), default=_MOST_ENTRIES))
    repairs = _repairs(sums, against, (_solved(sums, against, residues, entries) for entries in supports))
    fewest = len(repairs[0].mistakes) if repairs else _MOST_ENTRIES
    if fewest > _FEW and residues.least <= _MOST_RANK:
        more = _repairs(sums, against, _with_one_product(sums, against, residues))
        repairs = more + repairs if more and len(more[0].mistakes) < fewest else repairs
    for search in (beside_suspects, few_vectors):
        if not repairs:
            ways = (_solved(sums, against, residues, entries) for entries in search(residues))
            repairs = _repairs(sums, against, ways)
    return tuple(repairs)


def in_one_matrix(sums: Tensor, against: Comparison, position: int) -> Vectors | None:
    """The vectors of one matrix (0: AT, 1: G, 2: BT) that put all sums right when those of the others stand."""
    residues = Residues.of(sums, against)
    entries = () if residues is None else changing_in(residues, position)
    if residues is None or not entries:
        return None
    changed = _solved(sums, against, residues, entries)
    return None if changed is None or any(_left(sums, against, changed)) else changed[position]


def _repairs(
    sums: Tensor, against: Comparison, changed: Iterator[tuple[Vectors, Vectors, Vectors] | None]
) -> list[Repair]:
    """Those that put all sums right, the fewest entries first, each once."""
    right = (repair_of(sums, vectors) for vectors in changed if vectors and not any(_left(sums, against, vectors)))
    return sorted(dict.fromkeys(right), key=lambda repair: (len(repair.mistakes), _fractions(repair)))


def _fractions(repair: Repair) -> int:
    """How many entries would become fractions that are none: of repairs of one size, the plainer is the likelier."""
    return sum(
        bool(mistake.right.is_Rational and mistake.right.q > mistake.value.q)
        for mistake in repair.mistakes
        if mistake.value.is_Rational
    )


def _with_one_product(
    sums: Tensor, against: Comparison, residues: Residues
) -> Iterator[tuple[Vectors, Vectors, Vectors]]:
    """The vectors with those of one product changed, and as few entries of others as must be."""
    alone = of_one_product(sums, against.missing, range(residues.products))
    yield from alone
    if alone:
        return
    fewest = 0
    for (k, position), entries in beside_one_product(residues):
        if fewest and len(entries) > fewest:
            return
        vectors = _solved(sums, against, residues, entries, (k, position))
        if vectors is not None:
            missing = dict(zip(places_of(sums.sizes), _left(sums, against, vectors), strict=True))
            beside = of_one_product(replace(sums, vectors=vectors), missing, [k])
            fewest = len(entries) if beside else fewest
            yield from beside


def _solved(
    sums: Tensor, against: Comparison, residues: Residues, entries: Sequence[Entry], factor: Vector | None = None
) -> tuple[Vectors, Vectors, Vectors] | None:
    """The vectors with these entries changed such that all sums are right that do not depend on their other values.

    With a factor, a vector of one product, the equations are those of `_without_factor`. None if some are redundant.
    """
    if len(entries) > _MOST_ENTRIES:
        return None
    field, size = sums.field, len(entries)
    pivots = echelon(_without_factor(residues, residues.tensors(entries), factor), residues.prime)[1]
    if len(pivots) < size:
        return None
    tensors = [_more(sums, entry) for entry in entries]
    every = list(places_of(sums.sizes))
    places = [every[pivot] for pivot in pivots]
    *steps, wanted = (
        [_beside(sums, tensor, place, factor) for place in places] for tensor in (*tensors, against.missing)
    )
    equations = DomainMatrix(steps, (size, size), field).to_dense().transpose()
    solved = equations.lu_solve(DomainMatrix([wanted], (1, size), field).to_dense().transpose()).to_list()
    AT, G, BT = ([list(vector) for vector in rows] for rows in sums.vectors)
    for (k, position, q), (step,) in zip(entries, solved, strict=True):
        (AT, G, BT)[position][k][q] += step
    return AT, G, BT


def _without_factor(residues: Residues, tensors: Array, factor: Vector | None) -> Array:
    """Tensors T such that those with a factor u along one axis vanish: T[x] u[q] - T[q] u[x], for some u[x] ≠ 0."""
    if factor is None:
        return tensors
    k, position = factor
    vector = residues.vectors[position][k]
    pivot = int(np.flatnonzero(vector)[0])
    along = np.moveaxis(tensors.reshape(-1, *residues.missing.shape), position + 1, -1)
    left = (along * vector[pivot] % residues.prime - along[..., pivot, None] * vector % residues.prime) % residues.prime
    back: Array = np.moveaxis(left, -1, position + 1)
    return back.reshape(tensors.shape)


def _beside(sums: Tensor, tensor: Mapping[Place, Element], place: Place, factor: Vector | None) -> Element:
    """The same of one tensor at one place, exactly."""
    zero = sums.field.zero
    here = tensor.get(place, zero)
    if factor is None:
        return here
    k, position = factor
    vector = sums.vectors[position][k]
    pivot = next(q for q, value in enumerate(vector) if value)
    i, j, l = (pivot if axis == position else q for axis, q in enumerate(place))
    return here * vector[pivot] - tensor.get((i, j, l), zero) * vector[place[position]]


def _more(sums: Tensor, entry: Entry) -> dict[Place, Element]:
    """What one more in an entry adds to all sums."""
    k, position, q = entry
    first, second = (place for place in range(3) if place != position)
    u, v = sums.vectors[first][k], sums.vectors[second][k]
    places = ((x, y) for x in range(len(u)) for y in range(len(v)) if u[x] and v[y])
    inserted = ((q, x, y) if position == 0 else (x, q, y) if position == 1 else (x, y, q) for x, y in places)
    return {place: u[place[first]] * v[place[second]] for place in inserted}


def _left(sums: Tensor, against: Comparison, changed: tuple[Vectors, Vectors, Vectors]) -> Iterator[Element]:
    """What all sums lack, in the order of their places, if the vectors are others."""
    AT, G, BT = changed
    products = [
        k for k in range(len(AT)) if any(new[k] != old[k] for new, old in zip(changed, sums.vectors, strict=True))
    ]
    for i, j, l in places_of(sums.sizes):
        steps = (sums.product(k, (i, j, l)) - AT[k][i] * G[k][j] * BT[k][l] for k in products)
        yield sum(steps, against.missing.get((i, j, l), sums.field.zero))
