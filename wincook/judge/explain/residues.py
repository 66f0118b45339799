"""What is wrong, modulo a prime: the vectors of all products, and what the sums lack of the wanted ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wincook.arrays import Array
from wincook.judge.explain.linear import array_of, rank
from wincook.judge.explain.modulo import image
from wincook.judge.tensor import Comparison, Tensor

Entry = tuple[int, int, int]  # product; position of its matrix: 0 AT, 1 G, 2 BT; place in its vector there
Vector = tuple[int, int]  # product and position


@dataclass(frozen=True, slots=True, eq=False)
class Residues:
    """The vectors (R×m, R×r and R×n) and what the sums lack (m×r×n), modulo a prime."""

    prime: int
    vectors: tuple[Array, Array, Array]
    missing: Array

    @classmethod
    def of(cls, sums: Tensor, against: Comparison) -> Residues | None:
        """The image of the field modulo a prime; None where there is none, or a denominator vanishes."""
        mapped = image(sums.field)
        if mapped is None:
            return None
        field, to_field = mapped
        prime = int(field.characteristic())

        def residue(value: object) -> int:
            return int(to_field(value)) % prime

        try:
            AT, G, BT = (array_of([[*map(residue, row)] for row in rows], prime) for rows in sums.vectors)
            missing = np.zeros(sums.sizes, AT.dtype)
            for place, value in against.missing.items():
                missing[place] = residue(value)
        except ZeroDivisionError:
            return None
        return cls(prime, (AT, G, BT), missing)

    @property
    def products(self) -> int:
        """R."""
        return len(self.vectors[0])

    @property
    def least(self) -> int:
        """No fewer products are at fault."""
        return max(rank(self.layout(position), self.prime) for position in range(3))

    def layout(self, position: int) -> Array:
        """What the sums lack as a matrix, the places of one matrix as columns."""
        return np.moveaxis(self.missing, position, 2).reshape(-1, self.missing.shape[position])

    def pairs(self, position: int) -> Array:
        """For each product, a column: the Kronecker product of its vectors in the other two matrices."""
        u, v = (self.vectors[other] for other in range(3) if other != position)
        return (u[:, :, None] * v[:, None, :] % self.prime).reshape(len(u), -1).T

    def tensors(self, entries: Sequence[Entry]) -> Array:
        """For each entry, as a row, what one more in it adds to all sums."""
        rows = np.zeros((len(entries), *self.missing.shape), self.missing.dtype)
        for row, (k, position, place) in zip(rows, entries, strict=True):
            u, v = (self.vectors[other][k] for other in range(3) if other != position)
            np.moveaxis(row, position, 0)[place] = u[:, None] * v % self.prime
        return rows.reshape(len(entries), self.missing.size)

    def entries_of(self, vectors: Sequence[Vector]) -> list[Entry]:
        """Of some vectors."""
        return [(k, position, q) for k, position in vectors for q in range(self.missing.shape[position])]

    @property
    def all_vectors(self) -> list[Vector]:
        """Those that can change anything: neither of the other two of the product is zero."""
        pairs = [self.pairs(position) for position in range(3)]
        return [(k, position) for k in range(self.products) for position in range(3) if pairs[position][:, k].any()]
