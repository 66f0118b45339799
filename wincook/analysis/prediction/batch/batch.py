"""The prediction for many point sets at once, as a search needs it: compiled, and of a model of the programs.

The matrices of each set, n - 1 finite points and ∞, are made in float64 (`construct.make.toom_cook`): AT_ik = a_k^i,
G_kj = a_k^j/c_k(a_k), and BT_k the coefficients of c_k = Π_{l≠k} (x - a_l), for ∞ those of Π (x - a_l). The programs of
`wincook.program.programs` are modelled, not made (`sum_chains`): rows of a and -a share their even and odd
parts, columns of AT their sums and differences, and every sum is a chain that starts from a term without a constant.

The axes are alike, and the data white, or white and a constant (mean zero: only the first, t = 1). Then one axis is
enough. Where β_t is what y sees of errors as large as the products, ω_t of the errors made along an axis, and r is the
size of y (all per axis), errors made along axis a of D count β^a ω r^(D-1-a) for filters and inputs, r^a ω β^(D-1-a)
for outputs, and β^D for products. Zeros in the data, underflow and correlations of constants are left out.
"""

from __future__ import annotations

from fractions import Fraction
from math import log2
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wincook.analysis.data.distributions import Law
from wincook.analysis.prediction import twins
from wincook.analysis.prediction.rounding_constant import FINEST, product_factor, tables
from wincook.arguments import real_number, whole_number
from wincook.arrays import real_array
from wincook.errors import PointsError, ShapeError

Array = NDArray[Any]

_MOST_INPUTS, _MOST_AXES = 1 << 10, 16


def predict_batch(points: ArrayLike, m: int, r: int, dimension: int, u: float, channels: int, law: Law | str) -> Array:
    """Relative RMS errors of F(m,r) on many point sets, the same along each axis, all stages in one format.

    Args:
        points: the finite points of each set, ∞ left out: shape (sets, m + r - 2).
        m: outputs.
        r: taps.
        dimension: axes.
        u: the unit roundoff of the format, 2^-p.
        channels: C.
        law: how inputs and filters are drawn.

    Returns:
        One per set; infinite where two points are the same.

    Raises:
        ShapeError: sizes below 1, or points of another shape.
        DataError: points that are no real numbers.
        PointsError: points that are not finite.
        NotationError: an unknown law, or a u that no format has.

    >>> sets = [[0, 1, -1, 2, -2], [0, 1, -1, 3, -3]]
    >>> good, bad = predict_batch(sets, 4, 3, 2, 2.0**-24, 64, "uniform")
    >>> bool(good < bad)
    True
    """
    return _modelled(points, m, r, dimension, u, channels, law)[0]


def modelled_operations(points: ArrayLike, m: int, r: int) -> Array:
    """The operations of the modelled programs along one axis, to be held against those of `programs_of`.

    Args:
        points: the finite points of each set, ∞ left out: shape (sets, m + r - 2).
        m: outputs.
        r: taps.

    Returns:
        Of each set, the additions (fmas among them) and the products of G, BT and AT: shape (sets, 3, 2).

    Raises:
        ShapeError, DataError, PointsError: as for `predict_batch`.

    >>> modelled_operations([[0, 1, -1, 2, -2]], 4, 3)[0].tolist()  # F(4,3)
    [[6, 4], [12, 0], [10, 0]]
    """
    return _modelled(points, m, r, 1, 2.0**-24, 1, "uniform")[1]


def _modelled(
    points: ArrayLike, m: int, r: int, dimension: int, u: float, channels: int, law: Law | str
) -> tuple[Array, Array]:
    """The errors of each set, and the operations."""
    from wincook.analysis.prediction.batch.point_sets import relative_errors  # noqa: PLC0415 (numba starts slowly)
    from wincook.analysis.prediction.batch.rounding import Rounding  # noqa: PLC0415

    m, r = whole_number("m", m, most=_MOST_INPUTS), whole_number("r", r, most=_MOST_INPUTS)
    dimension, channels = whole_number("dimension", dimension, most=_MOST_AXES), whole_number("channels", channels)
    u = real_number("u", u, least=2.0**-53, most=0.5)
    sets = np.ascontiguousarray(real_array("points", points), np.float64)
    law = Law.of(law)
    if sets.ndim != 2 or sets.shape[1] != m + r - 2:  # noqa: PLR2004 (sets by points)
        raise ShapeError(f"points of shape {sets.shape} do not fit F({m},{r}); give (sets, {m + r - 2}), ∞ left out")
    if not np.isfinite(sets).all():
        raise PointsError("a point is infinite or NaN; ∞ is always one of the points, and left out")
    shares = np.array([law.variance, law.mean**2][: 2 if law.mean else 1])
    bits = round(-log2(u))
    products = np.array([product_factor(Fraction(odd)) for odd in range(1, FINEST + 1, 2)] + [1.0])
    rounding = Rounding(2.0 ** (53 - bits) + 1, tables(), twins.tables(), products, np.zeros(2, np.int64))
    counts = np.zeros((len(sets), 3, 2), np.int64)
    return relative_errors(sets, m, r, dimension, bits, channels, shares, rounding, counts), counts
