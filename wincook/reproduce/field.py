"""The point sets that libraries and papers use, side by side: condition numbers beside errors.

For F(4,3), F(6,3) and F(8,3) stand the sets that libraries ship, those of papers, the set of least κ₂(V), and the
default of wincook. Their relative RMS errors in two dimensions are predicted and measured in three formats.

Rows of G and BT are balanced by powers of two in all of them. That rounds nothing, keeps float16 within its range, and
so compares the points rather than the scalings of published matrices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wincook.analysis.compare import Comparison, compare
from wincook.analysis.conditioning.gauges import gauged_conditions
from wincook.arguments import whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.rescale.named import balance
from wincook.reproduce import alam2022, barabasz2020, nova2025
from wincook.reproduce.finding import Progress, Reproduction, published, silent
from wincook.reproduce.rank import spearman

KEY, SAMPLES = "field", 2000
OUTPUTS = (4, 6, 8)  # m
FORMATS = ("float32", "float16", "bfloat16")
MEASURES = {
    "kappa_finite": "κ₂(V) without ∞",
    "kappa_balanced": "κ₂(AT) κ₂(G) κ₂(BT), rows balanced",
    "predicted": "predicted error",
}
_FEWEST = 3  # sets that are ranked
_DEFINITION = (
    "relative RMS error in two dimensions, all stages in one format, uniform(-1, 1), one channel, rows of G and BT "
    "balanced by powers of two; condition numbers of one axis"
)


@dataclass(frozen=True, slots=True)
class UsedSet:
    """A set of points, who uses it, its condition numbers per axis, and its errors in `FORMATS`.

    Without a Vandermonde matrix, as sets with polynomial factors are, there is no `kappa_finite`.
    """

    algorithm: BilinearAlgorithm
    users: tuple[str, ...]
    kappa_finite: float | None
    kappa_balanced: float
    rows: tuple[Comparison, ...]

    def number(self, measure: str, place: int) -> float | None:
        """One of `MEASURES`, where it depends on the format that of `FORMATS[place]`."""
        if measure == "predicted":
            return self.rows[place].predicted.relative_rms
        number: float | None = getattr(self, measure)
        return number


@dataclass(frozen=True, slots=True)
class FieldStudy:
    """All sets, tile by tile."""

    sets: tuple[UsedSet, ...]
    samples: int
    seed: int

    @property
    def by_tile(self) -> dict[str, tuple[UsedSet, ...]]:
        """The sets of each tile."""
        tiles = dict.fromkeys(str(used.algorithm.tile) for used in self.sets)
        return {tile: tuple(used for used in self.sets if str(used.algorithm.tile) == tile) for tile in tiles}

    def pairs(self, tile: str, measure: str, place: int) -> tuple[tuple[float, float], ...]:
        """One of `MEASURES` and the measured error in `FORMATS[place]` for each set of a tile that has both."""
        pairs = ((used.number(measure, place), used.rows[place].error) for used in self.by_tile[tile])
        return tuple((number, error) for number, error in pairs if number is not None)

    def correlation(self, tile: str, measure: str, place: int) -> float | None:
        """Spearman's ρ of these pairs, if there are enough to speak of."""
        pairs = self.pairs(tile, measure, place)
        return spearman(*zip(*pairs, strict=True)) if len(pairs) >= _FEWEST else None


def sets_of(m: int) -> dict[BilinearAlgorithm, tuple[str, ...]]:
    """Who uses which points for F(m×m,3×3); sets that differ in their order alone count as one.

    >>> {users[0]: str(used.points[0]) for used, users in sets_of(6).items()}["MNN"]
    '0, ±1, ±2, ±3, ∞'
    """
    tile = barabasz2020.tile_of(m, 2)
    first: dict[tuple[frozenset[object], ...], BilinearAlgorithm] = {}
    users: dict[BilinearAlgorithm, tuple[str, ...]] = {}
    for points, names in _named(m):
        used = algorithm(tile, points)
        used = first.setdefault(tuple(frozenset(axis.items) for axis in used.points), used)
        users[used] = (*users.get(used, ()), *names)
    return users


def _named(m: int) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Points and their users, libraries first; no points stand for the default."""
    for row in published(KEY)["sets"]:
        if row["m"] == m:
            yield row["points"], tuple(row["users"])
    line, plane = next(row.points for row in barabasz2020.published_rows() if row.m == m)
    yield plane, ("Barabasz 2020", "TVM")
    if line != plane:
        yield line, ("Barabasz 2020, 1-D",)
    yield nova2025.published_row(m).points, ("NOVA 2025",)
    if m == nova2025.COMPARED:
        yield nova2025.best_symmetric_set(), ("least κ₂(V)",)
    yield alam2022.family(m).candidates[0].points, ("Alam 2022, best c",)
    yield None, ("wincook",)


def field_study(
    outputs: Iterable[int] = OUTPUTS, samples: int = SAMPLES, seed: int = 0, progress: Progress = silent
) -> FieldStudy:
    """Every set for F(m,3) with its condition numbers, and its errors from so many tiles, for each m of `outputs`.

    Raises:
        ShapeError: no samples.
    """
    samples, seed = whole_number("samples", samples), whole_number("seed", seed, 0, None)
    sets: list[UsedSet] = []
    for m in outputs:
        progress(f"sets for F({m},3)")
        for used, users in sets_of(m).items():
            progress(used.name, reproduction_of(FieldStudy(tuple(sets), samples, seed)))
            sets.append(_studied(used, users, samples, seed))
    return FieldStudy(tuple(sets), samples, seed)


def reproduce(samples: int = SAMPLES, seed: int = 0, progress: Progress = silent) -> Reproduction:
    """All sets for all tiles."""
    return reproduction_of(field_study(OUTPUTS, samples, seed, progress))


def reproduction_of(study: FieldStudy) -> Reproduction:
    """A study, with what would have been chosen by condition numbers in words."""
    remarks = tuple(_remark(tile, sets) for tile, sets in study.by_tile.items())
    return Reproduction(KEY, _DEFINITION, (), study.samples, study.seed, (study,), remarks)


def _studied(used: BilinearAlgorithm, users: tuple[str, ...], samples: int, seed: int) -> UsedSet:
    gauged = gauged_conditions(used)
    finite = gauged.vandermonde_finite
    per_axis = 1 / used.tile.dimension
    rows = compare([balance(used)], FORMATS, samples=samples, seed=seed)
    kappa = None if finite is None else finite.kappa_2**per_axis
    return UsedSet(used, users, kappa, gauged.balanced.product.kappa_2**per_axis, rows)


def _remark(tile: str, sets: tuple[UsedSet, ...]) -> str:
    chosen = min((used for used in sets if used.kappa_finite is not None), key=lambda used: used.kappa_finite or 0)
    best = min(sets, key=lambda used: used.rows[0].error)
    ratios = [row.error / other.error for row, other in zip(chosen.rows, best.rows, strict=True)]
    shown = ", ".join(f"{ratio:.1f} in {name}" for ratio, name in zip(ratios, FORMATS, strict=True))
    return (
        f"{tile}: the set of least κ₂(V) without ∞ ({chosen.users[0]}, {chosen.kappa_finite:.4g}) has these multiples "
        f"of the error of the best in float32 ({best.users[0]}): {shown}."
    )
