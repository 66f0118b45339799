"""One product at fault in several of its vectors: which entries to change so that the sums come right.

What the other products leave of the wanted tensor must itself be one product, a ⊗ g ⊗ b. It fixes the three vectors up
to scales whose product is 1; those are taken that leave most entries as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, product

from wincook.exact.matrix import Element
from wincook.judge.tensor import Tensor, Vectors, places_of
from wincook.proof import Place

Vector = list[Element]


def of_one_product(
    sums: Tensor, missing: Mapping[Place, Element], products: Iterable[int]
) -> list[tuple[Vectors, Vectors, Vectors]]:
    """The vectors with those of one of some products changed, in as few entries as any of these takes."""
    ways: list[tuple[int, int, tuple[Vector, Vector, Vector]]] = []
    for k in products:
        left = _left_by_others(sums, missing, k)
        if left is not None:
            present = [rows[k] for rows in sums.vectors]
            ways += [(_differing(vectors, present), k, vectors) for vectors in _scalings(sums, left, present)]
    fewest = min((number for number, _, _ in ways), default=0)
    return [_with(sums.vectors, k, vectors) for number, k, vectors in ways if number == fewest]


def _with(
    vectors: tuple[Vectors, Vectors, Vectors], k: int, changed: tuple[Vector, Vector, Vector]
) -> tuple[Vectors, Vectors, Vectors]:
    AT, G, BT = (
        [new if q == k else list(old) for q, old in enumerate(rows)] for new, rows in zip(changed, vectors, strict=True)
    )
    return AT, G, BT


def _left_by_others(sums: Tensor, missing: Mapping[Place, Element], k: int) -> tuple[Vector, Vector, Vector] | None:
    """The vectors a, g, b of what the other products leave, if that is one product other than nothing."""
    zero = sums.field.zero
    I, J, L = sums.sizes

    def left(place: Place) -> Element:
        return missing.get(place, zero) + sums.product(k, place)

    pivot = next((place for place in chain(missing, places_of(sums.sizes)) if left(place)), None)
    if pivot is None:
        return None
    i0, j0, l0 = pivot
    a = [left((i, j0, l0)) for i in range(I)]
    g = [left((i0, j, l0)) / left(pivot) for j in range(J)]
    b = [left((i0, j0, l)) / left(pivot) for l in range(L)]
    outside = any(left((i, j, l)) - a[i] * g[j] * b[l] for i, j, l in places_of(sums.sizes))
    return None if outside else (a, g, b)


def _scalings(
    sums: Tensor, left: tuple[Vector, Vector, Vector], present: Sequence[Vector]
) -> Iterator[tuple[Vector, Vector, Vector]]:
    """The same product, with two of its vectors scaled to agree with those found in some entry."""
    for first, second, third in ((0, 1, 2), (0, 2, 1), (1, 2, 0)):
        for s, t in product(*(_ratios(present[place], left[place]) for place in (first, second))):
            scales = {first: s, second: t, third: sums.field.one / (s * t)}
            a, g, b = ([scales[place] * value for value in left[place]] for place in range(3))
            yield a, g, b


def _ratios(present: Vector, left: Vector) -> list[Element]:
    ratios = [x / y for x, y in zip(present, left, strict=True) if x and y]
    return [ratio for place, ratio in enumerate(ratios) if all(ratio - other for other in ratios[:place])]


def _differing(vectors: Sequence[Vector], present: Sequence[Vector]) -> int:
    return sum(bool(x - y) for new, old in zip(vectors, present, strict=True) for x, y in zip(new, old, strict=True))
