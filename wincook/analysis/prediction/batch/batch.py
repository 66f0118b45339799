"""The prediction for many point sets at once, as a search needs it: compiled, and of a model of the programs.

The matrices of each set, n - 1 finite points and ∞, are made in float64 (`construct.make.toom_cook`): AT_ik = a_k^i,
G_kj = a_k^j/c_k(a_k), and BT_k the coefficients of c_k = Π_{l≠k} (x - a_l), for ∞ those of Π (x - a_l). The programs of
`wincook.program.programs` are modelled, not made (`sum_chains`): rows of a and -a share their even and odd
parts, columns of AT their sums and differences, and every sum is a chain that starts from a term without a constant.
The model takes the same operations (`modelled_operations`); errors of a + b and b - a go together, as in `predict`.

The axes are alike, and the data white, or white and a constant (mean zero: only the first, t = 1). Then one axis is
enough. Where β_t is what y sees of errors as large as the products, ω_t of the errors made along an axis, and r is the
size of y (all per axis), errors made along axis a of D count β^a ω r^(D-1-a) for filters and inputs, r^a ω β^(D-1-a)
for outputs, and β^D for products. Left out are zeros in the data, underflow, correlations of constants, and what
products of one number by several constants of one significand have in common.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from wincook.analysis.data.distributions import Law
from wincook.analysis.prediction import twins
from wincook.analysis.prediction.rounding_constant import FINEST, product_factor, tables
from wincook.arguments import whole_number
from wincook.arrays import Array, real_array
from wincook.errors import FormatError, PointsError, ShapeError
from wincook.formats import FLOAT64, FLOATS, Format
from wincook.tile import Tile

_MOST_INPUTS, _MOST_AXES = 1 << 10, 16


def predict_batch(
    tile: Tile | str,
    points: ArrayLike,
    format: Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
) -> Array:
    """Relative RMS errors of a tile on many point sets, the same set along each axis, all stages in one format.

    On random symmetric sets of F(2..8,3) and 64 channels they are within 10 % of those of `predict`. For one channel
    they are off by up to 40 %: there the transforms count, and what some of their errors have in common is left out.

    Args:
        tile: F(m,r) with the same m and r along each axis.
        points: the finite points of each set, ∞ left out: shape (sets, m + r - 2).
        format: a float format.
        channels: C.
        law: how inputs and filters are drawn.

    Returns:
        float64, one per set; infinite where two points are the same.

    Raises:
        ShapeError: axes that differ or are too many or too long, no channels, or points of another shape.
        DataError: points that are no real numbers.
        PointsError: points that are not finite.
        NotationError: no tile, or an unknown law.
        FormatError: an unknown format, or one without rounding errors.

    >>> good, bad = predict_batch("F(4x4,3x3)", [[0, 1, -1, 2, -2], [0, 1, -1, 3, -3]], channels=64)
    >>> bool(good < bad)
    True
    """
    return _modelled(tile, points, format, channels, law)[0]


def modelled_operations(tile: Tile | str, points: ArrayLike) -> Array:
    """The operations of the modelled programs along one axis, to be held against those of `programs_of`.

    Args:
        tile: as for `predict_batch`.
        points: the finite points of each set, ∞ left out: shape (sets, m + r - 2).

    Returns:
        int64: of each set, the additions (fmas among them) and the products of G, BT and AT, shape (sets, 3, 2).

    Raises:
        NotationError, ShapeError, DataError, PointsError: as for `predict_batch`.

    >>> modelled_operations("F(4,3)", [[0, 1, -1, 2, -2]])[0].tolist()
    [[6, 4], [12, 0], [10, 0]]
    """
    return _modelled(tile, points, "float32", 1, "uniform")[1]


def _modelled(
    tile: Tile | str, points: ArrayLike, name: Format | str, channels: int, law: Law | str
) -> tuple[Array, Array]:
    """The errors of each set, and the operations."""
    from wincook.analysis.prediction.batch.point_sets import relative_errors  # noqa: PLC0415 (numba starts slowly)
    from wincook.analysis.prediction.batch.rounding import Rounding  # noqa: PLC0415

    tile, fmt, law = Tile.of(tile), Format.of(name), Law.of(law)
    channels = whole_number("channels", channels)
    if len({*tile.axes}) > 1 or tile.dimension > _MOST_AXES or max(tile.inputs) > _MOST_INPUTS:
        raise ShapeError(
            f"{tile} cannot be predicted in batches; take a tile of at most {_MOST_AXES} axes that are alike, of at "
            f"most {_MOST_INPUTS} inputs each, such as F(4x4,3x3)"
        )
    if fmt.is_exact or fmt.is_integer:
        raise FormatError(f"{fmt} makes no rounding errors; choose a float format: {', '.join(FLOATS)}")
    (m, *_), (r, *_) = tile.outputs, tile.taps
    sets = np.ascontiguousarray(real_array("points", points), np.float64)
    if sets.ndim != 2 or sets.shape[1] != m + r - 2:  # noqa: PLR2004 (sets by points)
        raise ShapeError(f"points of shape {sets.shape} do not fit {tile}; give (sets, {m + r - 2}), ∞ left out")
    if not np.isfinite(sets).all():
        raise PointsError("a point is infinite or NaN; ∞ is always one of the points, and left out")
    shares = np.array([law.variance, law.mean**2][: 2 if law.mean else 1])
    products = np.array([product_factor(Fraction(odd)) for odd in range(1, FINEST + 1, 2)] + [1.0])
    split = 2.0 ** (FLOAT64.precision - fmt.precision) + 1
    rounding = Rounding(split, tables(), twins.tables(), products, np.zeros(2, np.int64))
    counts = np.zeros((len(sets), 3, 2), np.int64)
    return relative_errors(sets, m, r, tile.dimension, fmt.precision, channels, shares, rounding, counts), counts
