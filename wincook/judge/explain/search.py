"""Which entries may be at fault, modulo a prime: those of few products, each at fault in one matrix.

What the sums lack of the wanted ones is D = Σ_k Δa_k ⊗ g_k ⊗ b_k + Σ_k a_k ⊗ Δg_k ⊗ b_k + Σ_k a_k ⊗ g_k ⊗ Δb_k, with no
more terms than there are products at fault. It is linear in the changes Δ. Hence

- no fewer products are at fault than the rank of D, laid out as a matrix in any of three ways;
- of one, two or three entries, all choices are tried: whether D is in the span of their tensors;
- if b_k is at fault, a_k ⊗ g_k is in the column space of D, laid out as a matrix of the places (i, j) by l, unless the
  changes depend on one another; so are combinations of several such. Those that are, are suspects;
- of one, two or three vectors all choices are tried again, if the suspects do not explain D.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product
from math import comb, prod

from wincook.arrays import Array
from wincook.judge.explain.linear import annihilator, echelon, rank, solution, times
from wincook.judge.explain.residues import Entry, Residues, Vector
from wincook.judge.explain.spanning import MOST_TOGETHER, blind_to, functionals, seen, spanning

_MOST_ENTRIES = 1_000  # of which three are chosen
_MOST_SYSTEMS = 4_000  # linear ones, for combinations of vectors
_MOST_WAYS = 9
_MOST_LISTED = 64
_LIKELIEST_FIRST = (1, 2, 0)  # denominators live in G; AT is the simplest


def few_entries(residues: Residues, most: int) -> list[tuple[Entry, ...]]:
    """All choices of as few entries as possible, up to `most`, that can put all sums right."""
    entries = residues.entries_of(residues.all_vectors)
    rows, wanted = seen(residues, entries, functionals(residues))
    for size in range(residues.least, min(most, MOST_TOGETHER) + 1):
        if size == MOST_TOGETHER and len(entries) > _MOST_ENTRIES:
            break
        listed = islice(spanning(rows, wanted, size, residues.prime), _MOST_LISTED)
        if choices := [tuple(entries[place] for place in places) for places in listed]:
            return choices
    return []


def suspected(residues: Residues) -> list[tuple[Entry, ...]]:
    """The entries that change, for all choices of suspects that can put all sums right."""
    changing = (_changing(residues.entries_of(way), residues) for way in ways(_suspects(residues)))
    return [entries for entries in changing if entries]


def beside_suspects(residues: Residues) -> list[tuple[Entry, ...]]:
    """The entries that change, of suspects and of as few other entries as possible, up to three.

    A narrow matrix, such as G, has no more suspects than columns; those of the others are told without it.
    """
    entries = residues.entries_of(residues.all_vectors)
    for way in ways(_suspects(residues)):
        known = residues.entries_of(way)
        others = [entry for entry in entries if entry[0] not in {k for k, _ in way}]
        weights = functionals(residues, len(known) + MOST_TOGETHER)
        rows, wanted = seen(residues, [*known, *others], weights)
        blind = annihilator(rows[: len(known)].T, residues.prime).T
        rest, left = times(rows[len(known) :], blind, residues.prime), times(wanted[None], blind, residues.prime)[0]
        most = MOST_TOGETHER if len(others) <= _MOST_ENTRIES else MOST_TOGETHER - 1
        for size in range(1, most + 1):
            more = next(spanning(rest, left, size, residues.prime), None)
            if more is not None:
                together = [*known, *(others[place] for place in more)]
                changing = _changing(together, residues)
                return [changing] if changing else []
    return []


def beside_one_product(residues: Residues) -> Iterator[tuple[Vector, tuple[Entry, ...]]]:
    """A vector of one product, and entries of others, such that the rest has that vector as a factor.

    One or two entries, or those of one vector. Functionals that vanish on all products with that factor do not see what
    else is wrong with the product.
    """
    weights = functionals(residues, max(residues.missing.shape))
    entries = residues.entries_of(residues.all_vectors)
    if len(entries) > _MOST_ENTRIES:
        return
    factors = []
    for k, position in product(range(residues.products), range(3)):
        others = [entry for entry in entries if entry[0] != k]
        blind = blind_to(weights, residues.vectors[position][k], position, residues.prime)
        factors.append(((k, position), others, *seen(residues, others, blind)))
    for size in (1, 2):
        for factor, others, rows, wanted in factors:
            for places in islice(spanning(rows, wanted, size, residues.prime), _MOST_LISTED):
                yield factor, tuple(others[place] for place in places)
    for factor, others, rows, wanted in factors:
        for vector in dict.fromkeys(entry[:2] for entry in others):
            along = [place for place, entry in enumerate(others) if entry[:2] == vector]
            changing = _with_change([others[place] for place in along], rows[along], wanted, residues.prime)
            if changing:
                yield factor, changing


def few_vectors(residues: Residues) -> list[tuple[Entry, ...]]:
    """The entries that change, for all choices of as few vectors as possible, up to three."""
    per_product = [[vector for vector in residues.all_vectors if vector[0] == k] for k in range(residues.products)]
    entries = residues.entries_of(residues.all_vectors)
    rows, wanted = seen(residues, entries, functionals(residues, MOST_TOGETHER * max(residues.missing.shape)))
    places_of: dict[Vector, list[int]] = {}
    for place, entry in enumerate(entries):
        places_of.setdefault(entry[:2], []).append(place)
    for size in range(residues.least, MOST_TOGETHER + 1):
        if comb(residues.products, size) * 3**size > _MOST_SYSTEMS:
            break
        choices = []
        for way in (way for chosen in combinations(per_product, size) for way in product(*chosen)):
            places = [place for vector in way for place in places_of[vector]]
            choices.append(_with_change([entries[place] for place in places], rows[places], wanted, residues.prime))
        if any(choices):
            return [changing for changing in choices if changing]
    return []


def changing_in(residues: Residues, position: int) -> tuple[Entry, ...]:
    """The entries of one matrix that change where all sums are right; none if they cannot be."""
    return _changing(
        residues.entries_of([vector for vector in residues.all_vectors if vector[1] == position]), residues
    )


def ways(suspects: list[list[Vector]]) -> list[tuple[Vector, ...]]:
    """One suspect for each product: in all ways, or if these are many, of one matrix before the others."""
    if prod(map(len, suspects)) <= _MOST_WAYS:
        return list(product(*suspects)) if suspects else []
    return [
        tuple(min(of_product, key=lambda v: (v[1] - first) % 3) for of_product in suspects)
        for first in _LIKELIEST_FIRST
    ]


def _suspects(residues: Residues) -> list[list[Vector]]:
    """For each product that may be at fault, the vectors that may be."""
    of_product: dict[int, list[Vector]] = {}
    for position in range(3):
        pairs, layout = residues.pairs(position), residues.layout(position)
        outside = times(annihilator(layout, residues.prime), pairs, residues.prime)
        named = {k for k in range(residues.products) if pairs[:, k].any() and not outside[:, k].any()}
        if rank(pairs, residues.prime) == residues.products:
            reduced, pivots = echelon(outside, residues.prime)
            free = [k for k in range(residues.products) if k not in pivots]
            named |= set(free) | {k for k, row in zip(pivots, reduced, strict=True) if row[free].any()}
        for k in sorted(named):
            of_product.setdefault(k, []).append((k, position))
    return list(of_product.values())


def _changing(entries: Sequence[Entry], residues: Residues) -> tuple[Entry, ...]:
    """The entries that change where all sums are right; none if they cannot be."""
    return _with_change(entries, residues.tensors(entries), residues.missing.reshape(-1), residues.prime)


def _with_change(entries: Sequence[Entry], rows: Array, wanted: Array, prime: int) -> tuple[Entry, ...]:
    """The same, seen through functionals."""
    step = solution(rows, wanted, prime)
    return () if step is None else tuple(entry for entry, change in zip(entries, step, strict=True) if change)
