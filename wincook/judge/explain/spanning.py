"""Whether what the sums lack is in the span of the tensors of one, two or three entries, all choices tried at once.

Tensors are seen through a few random functionals, which keep dependent ones dependent, and others hardly ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import ceil, log2

import numpy as np

from wincook.arrays import Array
from wincook.judge.explain.linear import solution
from wincook.judge.explain.residues import Entry, Residues, Vector

MOST_TOGETHER = 3

_CHANCE_BITS = 90  # of a dependence that only the functionals see
_WEIGHTS = 1 << 16  # random ones, such that sums of their products with residues fit int64
_PAIR = 2


def functionals(residues: Residues, independent: int = MOST_TOGETHER) -> Array:
    """Random functionals on the sums, as the last axis, that tell so many tensors and another apart."""
    number = independent + ceil(_CHANCE_BITS / log2(residues.prime))
    weights = np.random.default_rng(0).integers(1, min(residues.prime, _WEIGHTS), (*residues.missing.shape, number))
    return weights.astype(residues.missing.dtype)


def seen(residues: Residues, entries: Sequence[Entry], weights: Array) -> tuple[Array, Array]:
    """The tensors of the entries, and what the sums lack, through functionals."""
    prime = residues.prime
    views: dict[Vector, Array] = {}
    for k, position in dict.fromkeys(entry[:2] for entry in entries):
        first, second = (place for place in range(3) if place != position)
        along = np.moveaxis(weights, (position, first, second), (0, 1, 2))
        inner = (along * residues.vectors[second][k][:, None] % prime).sum(axis=2) % prime
        views[k, position] = (inner * residues.vectors[first][k][:, None] % prime).sum(axis=1) % prime
    rows = np.array([views[k, position][place] for k, position, place in entries], dtype=weights.dtype)
    wanted = (residues.missing[..., None] * weights % prime).sum(axis=(0, 1, 2)) % prime
    return rows.reshape(-1, weights.shape[-1]), wanted


def blind_to(weights: Array, vector: Array, position: int, prime: int) -> Array:
    """The functionals less their values on the vector, along one axis, so that they vanish on all tensors with it."""
    if not vector.any():  # no tensor has it
        return weights
    pivot = int(np.flatnonzero(vector)[0])
    scaled = vector * pow(int(vector[pivot]), -1, prime) % prime
    along = np.moveaxis(weights, position, 0).copy()
    along[pivot] -= (along * scaled.reshape(-1, 1, 1, 1) % prime).sum(axis=0)
    return np.moveaxis(along % prime, 0, position)


def spanning(rows: Array, wanted: Array, size: int, prime: int) -> Iterator[tuple[int, ...]]:
    """Places, in order, of one, two or three rows in whose span the wanted one is, each needed.

    Two rows are if they are parallel but for multiples of the wanted one, and three if two of them are but for
    multiples of the third as well.
    """
    if size == 1:
        parallel = ~_without(rows, wanted, prime).any(axis=1) & rows.any(axis=1)
        yield from ((int(place),) for place in np.flatnonzero(parallel)) if wanted.any() else ()
        return
    along = _without(rows, wanted, prime)
    firsts: list[tuple[int, ...]] = [()] if size == _PAIR else [(place,) for place in range(len(rows))]
    for first in firsts:
        start = first[0] + 1 if first else 0
        rest = _without(along[start:], along[first[0]], prime) if first else along
        alike: dict[tuple[int, ...], list[int]] = {}
        for place, direction in enumerate(_directions(rest, prime).tolist(), start):
            if any(direction):
                alike.setdefault(tuple(direction), []).append(place)
        for places in alike.values():
            for pair in combinations(places, _PAIR):
                if _needed(rows, (*first, *pair), wanted, prime):
                    yield (*first, *pair)


def _needed(rows: Array, places: Sequence[int], wanted: Array, prime: int) -> bool:
    """Whether the wanted row is a sum of multiples, none of them zero, of the rows at these places."""
    multiples = solution(rows[list(places)], wanted, prime)
    return multiples is not None and bool(multiples.all())


def _without(rows: Array, other: Array, prime: int) -> Array:
    """The rows up to multiples of another, in one coordinate less; as they are if that is zero."""
    if not other.any():
        return rows
    pivot = int(np.flatnonzero(other)[0])
    left = (rows * other[pivot] % prime - rows[:, pivot, None] * other % prime) % prime
    return np.delete(left, pivot, axis=1)


def _directions(rows: Array, prime: int) -> Array:
    """The rows divided by their first entry other than zero."""
    first = rows[np.arange(len(rows)), (rows != 0).argmax(axis=1)]
    inverse, power, exponent = np.ones_like(first), first, prime - 2  # by Fermat's little theorem
    while exponent:
        if exponent & 1:
            inverse = inverse * power % prime
        power, exponent = power * power % prime, exponent >> 1
    directions: Array = rows * inverse[:, None] % prime
    return directions
