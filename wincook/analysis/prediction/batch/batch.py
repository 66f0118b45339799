"""The prediction for many point sets at once, as a search needs it: compiled, and of a model of the programs.

The matrices of each set are made in float64 (`matrices`), and the programs of `wincook.program` are modelled, not made
(`row_sums`, `column_sums`): with the same sharing, the same order and as many operations (`modelled_operations`).
Errors of a + b and b - a go together, and so do those of all constants, as in `predict`.
"""

from __future__ import annotations

from math import inf, pi, sqrt

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.analysis.prediction.batch.question import Question, Sets
from wincook.arguments import choice, real_number
from wincook.arrays import Array
from wincook.formats import Format
from wincook.precision import Precision
from wincook.tile import Tile

STATISTICS = ("rms", "mean", "maximum")  # numbered as in `axis_errors`


def predict_batch(
    tile: Tile | str,
    points: Sets,
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    statistic: str = "rms",
    limit: float | None = None,
) -> Array:
    """Relative errors of a tile on many sets of points.

    Args:
        tile: F(m,r).
        points: the sets, of one kind. An array of shape (sets, m + r - 2) holds the finite points of sets with ∞. Sets
            of other kinds are `PointSets`, or exact sets (`Points`, or text). Axes that are alike have the same set
            each; for others give a tuple of `PointSets`, one for each of the different axes in their order.
        format: a float format, or a precision policy of such.
        channels: C.
        law: how inputs and filters are drawn.
        statistic: `rms` over all outputs; `mean`, the expected |error| of normal errors; or `maximum`, the RMS of the
            output that has the largest. All are relative to the RMS of y.
        limit: of interest: a set with a larger error may be told as infinite, as soon as its products show it, which is
            several times as fast.

    Returns:
        float64, one per set; infinite where two points are the same.

    Raises:
        ShapeError: axes that are too many or too long, no channels, or sets of another degree.
        DataError: points that are no real numbers.
        PointsError: points that are not finite, or sets of different kinds.
        NotationError: no tile, an unknown law or an unknown statistic.
        FormatError: an unknown format, or one without rounding errors.

    >>> good, bad = predict_batch("F(4x4,3x3)", [[0, 1, -1, 2, -2], [0, 1, -1, 3, -3]], channels=64)
    >>> bool(good < bad)
    True
    >>> with_factor = predict_batch("F(6x6,3x3)", ["0, ±2/3, ±3/2, x^2+1, ∞"], "bfloat16-dot", 64, "relu")
    >>> without = predict_batch("F(6x6,3x3)", ["0, ±1, ±1/2, ±2, ∞"], "bfloat16-dot", 64, "relu")
    >>> bool(with_factor[0] < without[0] / 4)
    True
    """
    question = Question.of(tile, points, format, channels, law)
    chosen = choice("statistic", statistic, STATISTICS)
    most = inf if limit is None else real_number("limit", limit, least=0)
    variances = question.variances(STATISTICS.index(chosen), most * (sqrt(pi / 2) if chosen == "mean" else 1))
    if chosen == "maximum":
        return np.asarray(np.sqrt(variances.max(axis=1)))
    if chosen == "mean":
        return np.asarray(np.sqrt(variances).mean(axis=1) * sqrt(2 / pi))
    return np.asarray(np.sqrt(variances.mean(axis=1)))


def modelled_operations(tile: Tile | str, points: Sets) -> Array:
    """The operations of the modelled programs, to be held against those of `programs_of`.

    Args:
        tile: as for `predict_batch`.
        points: likewise.

    Returns:
        int64: of each set, the additions (fmas among them) and the products of G, BT and AT, along each of the
        different axes: shape (sets, axes, 3, 2).

    Raises:
        NotationError, ShapeError, DataError, PointsError: as for `predict_batch`.

    >>> modelled_operations("F(4,3)", [[0, 1, -1, 2, -2]])[0, 0].tolist()
    [[6, 4], [12, 0], [10, 0]]
    """
    question = Question.of(tile, points, "float32", 1, "uniform")
    return np.stack([question.figures(place).counts for place in range(len(question.sets))], axis=1)


def amplification(tile: Tile | str, points: Sets, law: Law | str = "uniform") -> Array:
    """What y sees of an error of each product as large as the product, relative to y: an RMS for each set.

    That is all of the error where U and V are stored in so narrow a format that nothing else counts: √mean Σ AT² E[U²]
    E[V²] over √E[y²].

    Args:
        tile: as for `predict_batch`.
        points: likewise.
        law: how inputs are drawn.

    Raises:
        ShapeError, DataError, PointsError, NotationError: as for `predict_batch`.

    >>> round(float(amplification("F(1,3)", [[0, 1]])[0]), 2)
    1.53
    """
    question = Question.of(tile, points, "float32", 1, law)
    return question.amplification()


def out_of_range(
    tile: Tile | str,
    points: Sets,
    format: Precision | Format | str = "float16",
    channels: int = 1,
    law: Law | str = "uniform",
) -> Array:
    """Whether typical values leave the range of their formats: U or V that are subnormal, or sums that overflow.

    A value is typical within four standard deviations, and not below the smallest of U or V.

    Args:
        tile: as for `predict_batch`.
        points: likewise.
        format: likewise.
        channels: C.
        law: how inputs and filters are drawn.

    Raises:
        ShapeError, DataError, PointsError, NotationError, FormatError: as for `predict_batch`.

    >>> out_of_range("F(10x10,3x3)", ["0, ±1, ±2, ±3, ±4, ±5, ∞"], "float16").tolist()
    [True]
    """
    return Question.of(tile, points, format, channels, law).out_of_range()
