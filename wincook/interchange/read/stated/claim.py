"""What a file says of its matrices: the exports of wincook name tile, kind, modulus and points.

Then nothing is guessed: AT, G and BT are what their names say, of the shapes that the tile asks for. That the matrices
do what is said of them is for `judge` and `verify` to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, get_args

import sympy

from wincook.bilinear import BilinearAlgorithm
from wincook.errors import AlgorithmError, DataError, WincookError
from wincook.interchange.read.sets.reading import Reading
from wincook.interchange.read.tables import Table
from wincook.judge import Aim, judge
from wincook.judge.verdict import points_of
from wincook.points import Points
from wincook.proof import Kind
from wincook.tile import Tile
from wincook.transforms import Factors, Transforms

LETTERS = ("AT", "G", "BT")

_MOST_BITS = 512  # of a modulus
_MOST_PRODUCTS = 1 << 23  # in all sums of a set; with roots or symbols an eighth
_MOST_ROOTS = 2
_NAMED_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Claim:
    """What the matrices are said to be; `joint` if one set is for all axes."""

    tile: Tile
    kind: Kind
    modulus: int
    joint: bool
    points: tuple[Points, ...] = ()

    @classmethod
    def of(cls, tile: str, kind: str, modulus: int, points: Sequence[str], *, joint: bool) -> Claim:
        """The claim in words; points that cannot be parsed are left out.

        Raises:
            DataError: no tile, an unknown kind, or a modulus that is not prime.
        """
        try:
            size = Tile.parse(tile)
        except WincookError as error:
            raise DataError(f"its tile: {error}") from error
        kinds = {str(kind): kind for kind in get_args(Kind)}
        if kind not in kinds:
            raise DataError(f"its kind is {kind[:40]!r}; known are {', '.join(kinds)}")
        if modulus and (modulus.bit_length() > _MOST_BITS or not sympy.isprime(modulus)):
            raise DataError(f"its modulus {str(modulus)[:40]} is no prime of at most {_MOST_BITS} bits")
        try:
            sets = tuple(map(Points.parse, points))
        except WincookError:
            sets = ()
        return cls(size, kinds[kind], modulus, joint and size.dimension > 1, sets)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Of each set."""
        return (self.tile,) if self.joint else self.tile.axes


class StatedSet(NamedTuple):
    """AT, G and BT of one set, the matrices of which they are products, and where the file contradicts itself."""

    tables: tuple[Table, Table, Table]
    factors: tuple[Factors, Factors, Factors] = ((), (), ())
    contradiction: str = ""

    def transforms(self, axis: Transforms) -> Transforms:
        """The matrices with their factors.

        Raises:
            AlgorithmError: the file says two things of them.
        """
        if self.contradiction:
            raise AlgorithmError(self.contradiction)
        return Transforms(axis.AT, axis.G, axis.BT, *self.factors)


@dataclass(frozen=True, slots=True)
class Stated:
    """An algorithm as a file states it: the claim, and the sets; a single one may stand for all axes.

    `changed` says that the file is not as wincook wrote it; empty if it is.
    """

    claim: Claim
    sets: tuple[StatedSet, ...]
    changed: str = ""

    def algorithm(self) -> BilinearAlgorithm:
        """The algorithm, not yet proven.

        Raises:
            AlgorithmError: shapes are not those of the tile, or the file contradicts itself.
            DataError: the matrices are too large.
        """
        claim = self.claim
        shown = zip(self.readings(), self.sets, strict=True)
        axes = tuple(stated.transforms(reading.matrices) for reading, stated in shown)
        self._check_points(axes)
        return BilinearAlgorithm(
            claim.tile, claim.points, axes * (len(claim.tiles) // len(axes)), claim.kind, claim.modulus
        )

    def _check_points(self, axes: Sequence[Transforms]) -> None:
        """Refuse points that are not those of the matrices, where these show their own."""
        if self.claim.modulus or self.claim.joint or len(self.claim.points) != len(axes):
            return
        for said, axis in zip(self.claim.points, axes, strict=True):
            shown = points_of(axis, self.claim.kind)
            if shown is not None and set(shown) != set(said):
                raise AlgorithmError(f"its points are said to be {said}, and its matrices are those of {shown}")

    def readings(self) -> list[Reading]:
        """One for each set that the file shows; wrong matrices are judged whatever else the file says of them.

        Raises:
            AlgorithmError: shapes are not those of the tile, or right matrices are not what their factors say.
            DataError: the matrices are too large.
        """
        tiles = self.claim.tiles
        if len(self.sets) != len(tiles) and (len(self.sets) > 1 or len(set(tiles)) > 1):
            raise AlgorithmError(f"{self.claim.tile} needs {len(tiles)} sets of matrices, not {len(self.sets)}")
        readings = [self._reading(tile, stated.tables) for tile, stated in zip(tiles, self.sets, strict=False)]
        for reading, stated in zip(readings, self.sets, strict=True):
            try:
                stated.transforms(reading.matrices)
            except AlgorithmError:
                if not judge(reading.axis).wrong:
                    raise
        return readings

    def _reading(self, tile: Tile, tables: tuple[Table, Table, Table]) -> Reading:
        kind, modulus = self.claim.kind, self.claim.modulus
        axis = BilinearAlgorithm(tile, (), (_fitted(tables, Aim(kind, tile)),), kind, modulus)
        names = tuple((letters, table.name) for letters, table in zip(LETTERS, tables, strict=True))
        taken = dict.fromkeys(decimal for table in tables for decimal in table.taken)
        doubts = tuple(doubt for table in tables for doubt in table.doubts)
        return Reading(axis, names, tuple(taken), doubts, (self.changed,) if self.changed else ())


def _fitted(tables: tuple[Table, Table, Table], aim: Aim) -> Transforms:
    """The matrices in the shapes that the tile asks for; a flat list takes its own."""
    i, j, l = aim.sizes
    rank = len(tables[1].matrix) // j
    matrices = []
    for table, shape in zip(tables, ((i, rank), (rank, j), (rank, l)), strict=True):
        if table.matrix.shape != shape and not (table.flat and len(table.matrix) == shape[0] * shape[1]):
            raise AlgorithmError(
                f"{table.shape_text} does not fit: the {aim.kind} {aim.tile} has AT {i}×R, G R×{j}, BT R×{l}"
            )
        matrices.append(table.matrix.reshape(*shape))
    roots = {power.base for matrix in matrices for power in matrix.atoms(sympy.Pow) if not power.exp.is_Integer}
    simple = all(entry.is_Rational for matrix in matrices for entry in matrix)
    if i * j * l * rank > (_MOST_PRODUCTS if simple else _MOST_PRODUCTS // 8):
        raise DataError(f"its {i * j * l} sums of {rank} products are too many to be judged")
    if len(roots) > _MOST_ROOTS:
        raise DataError(
            f"it mixes the roots of {', '.join(sorted(map(str, roots))[:_NAMED_AT_MOST])}; at most two are taken"
        )
    return Transforms(*matrices)
