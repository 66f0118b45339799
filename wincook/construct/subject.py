"""Algorithms as callers give them: themselves, by their tile and points, or in a file of matrices."""

from __future__ import annotations

import re
from pathlib import Path

from wincook.arguments import words
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.make.points_per_axis import Given
from wincook.errors import AlgorithmError, NotationError, PointsError, quoted
from wincook.files import path_text
from wincook.formats import Format
from wincook.precision import Precision
from wincook.tile import Tile

Subject = BilinearAlgorithm | Tile | str | Path | tuple[Tile | str, Given]
"""An algorithm; its tile; text such as `F(4,3) on {0, ±1, ±2, ∞}`; a file; or a pair of tile and points."""

_ON, _SET = re.compile(r"(?<=\S)\s++on\s++"), re.compile(r"\{?([^{}]*)\}?")
_FILE = re.compile(r"[^\0]*[^\0./\\]\.[A-Za-z][A-Za-z0-9_]{0,9}")


def algorithm_of(
    subject: Subject,
    points: Given = None,
    dimension: int | None = None,
    format: Precision | Format | str = "float32",
) -> BilinearAlgorithm:
    """The algorithm itself, the one that a tile has on its points, or the one in a file, proven.

    Args:
        subject: an algorithm; a tile, as a value or in text; a tile with points, in text or as a pair; or a file of
            matrices as `wincook.load` reads it, as a path, or as text that is the name of a file (see `names_file`).
        points: those of a tile that has none of its own.
        dimension: how many axes the algorithm is to have, if not its own: one of a single axis serves for each.
        format: what a tile without points takes the points of the atlas for.

    Raises:
        NotationError: something else, or text that cannot be read.
        PointsError: points that do not fit the tile, or beside an algorithm that has its own.
        AlgorithmError: what a file holds is not what it is meant to be, or has several axes and not so many as asked.
        OutputError: a file that cannot be read.
        DataError: a file that holds no algorithm, or several.
        ShapeError: a dimension below 1 or above 4.

    >>> print(algorithm_of("F(2,3)"), "|", algorithm_of("F(2,3) on {0, 1, -1/2, ∞}"))
    F(2,3) on {0, ±1, ∞}, 4 multiplications | F(2,3) on {0, 1, -1/2, ∞}, 4 multiplications
    >>> algorithm_of(("F(2,3)", "0, 1, -1/2, inf")) == algorithm_of("F(2,3)", "0, 1, -1/2, ∞")
    True
    >>> print(algorithm_of("F(2,3)", dimension=2))
    F(2x2,3x3) on {0, ±1, ∞}, 16 multiplications
    """
    precision = Precision.of(format)
    if points is None and isinstance(subject, (tuple, list)) and len(subject) == 2:  # noqa: PLR2004 (tile and points)
        subject, points = subject
    if isinstance(subject, Path) or (isinstance(subject, str) and names_file(subject)):
        if points is not None:
            raise PointsError(f"points {quoted(points)} are for a tile; {path_text(subject)} holds an algorithm")
        return _nested(_proven(subject), dimension)
    if points is None and isinstance(subject, str):
        subject, points = _parted(subject)
    if isinstance(subject, BilinearAlgorithm):
        if points is not None:
            raise PointsError(f"points {quoted(points)} are for a tile; {subject.name} has its own")
        return _nested(subject, dimension)
    if isinstance(subject, (Tile, str)):
        if points is not None:
            return _nested(construct(subject, points), dimension)
        algorithm = construct(subject, format=precision)
        nested = _nested(algorithm, dimension)  # whose tile may have points of its own
        return algorithm if nested is algorithm else construct(nested.tile, format=precision)
    raise NotationError(
        f"algorithm = {quoted(subject)} is none; give one that wincook.algorithm makes, a tile such as 'F(4,3)', "
        "both tile and points: ('F(4,3)', '0, ±1, ±2, ∞'), or a file of matrices such as 'f43.json'"
    )


def _nested(algorithm: BilinearAlgorithm, dimension: int | None) -> BilinearAlgorithm:
    return algorithm if dimension is None else algorithm.nested(dimension)


def _parted(text: str) -> tuple[str, str | None]:
    """A tile and the points that follow it in text, if any do."""
    tile, *rest = _ON.split(text, 1)
    points = _SET.fullmatch(rest[0].strip()) if rest else None
    return (tile, points[1]) if points else (text, None)


def names_file(text: str) -> bool:
    """Whether text is the name of a file: it ends like one, or is that of one that exists and has a suffix.

    Raises:
        NotationError: it is no text.

    >>> [names_file(text) for text in ("f43.json", "models/AT.py", "F(4,3)", "F(4,3) on {0, 1, 0.5, ∞}", "0.5")]
    [True, True, False, False, False]
    """
    text = words("text", text, "f43.json")
    if _FILE.fullmatch(text):
        return True
    try:
        return bool(Path(text).suffix) and Path(text).is_file()
    except (OSError, ValueError):  # longer than any name, or with a NUL
        return False


def _proven(path: str | Path) -> BilinearAlgorithm:
    from wincook.interchange.read.load import load  # noqa: PLC0415 (the reader of languages takes long to import)

    algorithm = load(path)
    try:
        algorithm.verify()
    except AlgorithmError as error:
        raise AlgorithmError(f"{path_text(path)}: {error}; wincook verify says more") from error
    return algorithm


def correlation_of(
    subject: Subject, purpose: str, dimension: int | None = None, format: Precision | Format | str = "float32"
) -> BilinearAlgorithm:
    """The same, where only a correlation of real numbers will do.

    Args:
        subject: as for `algorithm_of`.
        purpose: of what there are only such, as the end of a sentence: "have a tolerance".
        dimension: as for `algorithm_of`.
        format: as for `algorithm_of`.

    Raises:
        AlgorithmError: it computes something else, or modulo a prime.
        WincookError: as `algorithm_of`.
    """
    algorithm = algorithm_of(subject, dimension=dimension, format=format)
    if algorithm.kind != "correlation" or algorithm.modulus:
        raise AlgorithmError(f"only correlations of real numbers {purpose}, not {algorithm.name}")
    return algorithm
