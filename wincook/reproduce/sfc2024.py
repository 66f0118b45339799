"""SFC 2024: cyclotomic factors, their products and their errors in float16 (He et al., arXiv 2407.02913, table 1).

The products are exact: SFC-4 has the factors of x^4 - 1, SFC-6 those of x^6 - 1, and as many more of x and 1/x (its
"correction terms") as the tile needs. Nested sets of matrices take a few products more than one joint set.

What the errors are normalised to is stated, direct convolution, but not which error is meant, nor on which data. Here
it is the RMS error when U and V, or d and g of direct convolution, are rounded to float16, and all else is in float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import prod

import numpy as np

from wincook.analysis.measurement.tiles import compute
from wincook.arguments import whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.ceiling import check_work
from wincook.construct import algorithm
from wincook.construct.subject import algorithm_of
from wincook.direct import correlate
from wincook.formats import FLOAT16
from wincook.precision import Precision
from wincook.program.rounding import round_to
from wincook.reproduce.finding import Finding, Progress, Reproduction, published, silent
from wincook.reproduce.rank import spearman

KEY, SAMPLES = "sfc2024", 1000
_POLICY = Precision.of("float16-winograd-domain")
_ERROR_TOLERANCE = 0.2
_ERROR_NOTE = "the paper's measure of error and its data are not stated; see the definition"
_DEFINITION = (
    "products of a tile in % of direct convolution, exact; errors: RMS with U and V rounded to float16, over that of "
    "direct convolution with d and g rounded to float16, all else in float32; normal data, one channel, joint sets"
)


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One algorithm: its percentages as printed, joint before nested where there are two, and its error."""

    name: str
    tile: str
    points: str
    percents: tuple[str, ...]
    error: float

    @property
    def ways(self) -> tuple[str, ...]:
        """Which percentages are given."""
        return ("joint", "nested") if len(self.percents) > 1 else ("nested",)


def published_rows() -> tuple[PublishedRow, ...]:
    """The published table."""
    return tuple(PublishedRow(**(row | {"percents": tuple(row["percents"])})) for row in published(KEY)["rows"])


@lru_cache(maxsize=16)
def row_algorithm(row: PublishedRow, way: str) -> BilinearAlgorithm:
    """The algorithm of a row, joint or nested."""
    return algorithm(row.tile, row.points, joint=way == "joint")


def relative_error(algorithm: BilinearAlgorithm, samples: int, seed: int) -> float:
    """The RMS error of an algorithm over that of direct convolution, both on operands of float16.

    Raises:
        ShapeError: no samples.
    """
    samples, seed = whole_number("samples", samples), whole_number("seed", seed, 0, None)
    algorithm = algorithm_of(algorithm)
    tile = algorithm.tile
    check_work(f"{samples} runs of {tile}", 0, 100 * samples * prod(tile.inputs))
    rng = np.random.default_rng(seed)
    d, g = (rng.standard_normal((samples, *sizes)).astype(np.float32) for sizes in (tile.inputs, tile.taps))
    exact = _direct(d, g)
    fast = compute(algorithm, _POLICY, d[:, None], g[:, None]) - exact
    slow = _direct(round_to(d, FLOAT16), round_to(g, FLOAT16)) - exact
    return float(np.sqrt(np.mean(fast**2) / np.mean(slow**2)))


def counts() -> tuple[Finding, ...]:
    """The percentages of every row, joint and nested."""
    return tuple(
        _count(row, way, percent)
        for row in published_rows()
        for way, percent in zip(row.ways, row.percents, strict=True)
    )


def reproduce(samples: int = SAMPLES, seed: int = 0, progress: Progress = silent) -> Reproduction:
    """The percentages of every row, and its error."""
    progress("products")
    percents = counts()
    errors: list[Finding] = []
    for row in published_rows():
        so_far = Reproduction(KEY, _DEFINITION, (*percents, *errors), samples, seed)
        progress(f"the error of {row.name}", so_far)
        obtained = relative_error(row_algorithm(row, row.ways[0]), samples, seed)
        errors.append(Finding(f"{row.name}: error", row.error, obtained, _ERROR_TOLERANCE, note=_ERROR_NOTE))
    rho = spearman([finding.published for finding in errors], [finding.obtained for finding in errors])
    sfc = [finding for finding in errors if finding.what.startswith("SFC")]
    winograd = [finding for finding in errors if finding not in sfc]
    largest, largest_published = (max(getattr(f, name) for f in sfc) for name in ("obtained", "published"))
    smallest, smallest_published = (min(getattr(f, name) for f in winograd) for name in ("obtained", "published"))
    remark = (
        f"The rank correlation of these errors with the published ones is {rho:.2f}. The largest of an SFC algorithm "
        f"is {largest:.2g} (published {largest_published:.2g}), the smallest of a Winograd one {smallest:.2g} "
        f"({smallest_published:.2g})."
    )
    return Reproduction(KEY, _DEFINITION, (*percents, *errors), samples, seed, remarks=(remark,))


def _count(row: PublishedRow, way: str, percent: str) -> Finding:
    """Within one unit of the last digit that is printed."""
    counted = row_algorithm(row, way)
    direct = counted.tile.direct_multiplications
    unit = 10.0 ** int(Decimal(percent).as_tuple().exponent)
    least, most = ((float(percent) + sign * unit) / 100 * direct for sign in (-1, 1))
    is_possible = int(most) >= least
    why = "" if is_possible else f"{percent} % of {direct} products is no whole number"
    obtained = 100 * counted.multiplications / direct
    return Finding(
        f"{row.name}: {way}, {counted.multiplications} of {direct}, %",
        float(percent),
        obtained,
        unit / float(percent),
        note=why,
    )


def _direct(d: Array, g: Array) -> Array:
    return np.stack(
        [correlate(tile.astype(np.float64), taps.astype(np.float64)) for tile, taps in zip(d, g, strict=True)]
    )
