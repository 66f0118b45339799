"""Algorithms as callers give them: themselves, or by their tile and points."""

from __future__ import annotations

import re

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.make.points_per_axis import Given
from wincook.errors import AlgorithmError, NotationError, PointsError, quoted
from wincook.tile import Tile

Subject = BilinearAlgorithm | Tile | str | tuple[Tile | str, Given]
"""An algorithm, its tile, text such as `F(4,3) on {0, ±1, ±2, ∞}`, or a pair of tile and points."""

_NAMED = re.compile(r"(.+?)\s+on\s+\{?([^{}]*)\}?\s*", re.DOTALL)


def algorithm_of(subject: Subject, points: Given = None) -> BilinearAlgorithm:
    """The algorithm itself, or the one that a tile has on its points.

    Args:
        subject: an algorithm; a tile, as a value or in text; a tile with points, in text or as a pair.
        points: those of a tile that has none of its own.

    Raises:
        NotationError: something else, or text that cannot be read.
        PointsError: points that do not fit the tile, or beside an algorithm that has its own.

    >>> print(algorithm_of("F(2,3)"), "|", algorithm_of("F(2,3) on {0, 1, -1/2, ∞}"))
    F(2,3) on {0, ±1, ∞}, 4 multiplications | F(2,3) on {0, 1, -1/2, ∞}, 4 multiplications
    >>> algorithm_of(("F(2,3)", "0, 1, -1/2, inf")) == algorithm_of("F(2,3)", "0, 1, -1/2, ∞")
    True
    """
    if points is None and isinstance(subject, (tuple, list)) and len(subject) == 2:  # noqa: PLR2004 (tile and points)
        subject, points = subject
    if points is None and isinstance(subject, str) and (named := _NAMED.fullmatch(subject)):
        subject, points = named[1], named[2]
    if isinstance(subject, BilinearAlgorithm):
        if points is not None:
            raise PointsError(f"points {quoted(points)} are for a tile; {subject.name} has its own")
        return subject
    if isinstance(subject, (Tile, str)):
        return construct(subject, points)
    raise NotationError(
        f"algorithm = {quoted(subject)} is none; give one that wincook.algorithm makes, a tile such as 'F(4,3)', or "
        "both tile and points: ('F(4,3)', '0, ±1, ±2, ∞')"
    )


def correlation_of(subject: Subject, purpose: str) -> BilinearAlgorithm:
    """The same, where only a correlation of real numbers will do.

    Args:
        subject: as for `algorithm_of`.
        purpose: of what there are only such, as the end of a sentence: "have a tolerance".

    Raises:
        AlgorithmError: it computes something else, or modulo a prime.
        NotationError: as `algorithm_of`.
        PointsError: as `algorithm_of`.
    """
    algorithm = algorithm_of(subject)
    if algorithm.kind != "correlation" or algorithm.modulus:
        raise AlgorithmError(f"only correlations of real numbers {purpose}, not {algorithm.name}")
    return algorithm
