"""An algorithm out of the files that hold its matrices."""

from __future__ import annotations

import warnings
from pathlib import Path

from wincook.bilinear import BilinearAlgorithm
from wincook.errors import AlgorithmError, DataError
from wincook.interchange.read.examine import Examined, examine
from wincook.judge import least_wrong
from wincook.tile import Tile


def load(path: str | Path, *more: str | Path) -> BilinearAlgorithm:
    """Read an algorithm from a file, or from several that hold one matrix each; it is not proven, `verify` does that.

    What wincook wrote says which algorithm it is. Otherwise the file holds one set of matrices, or one for each axis:
    under `axes` in JSON, or under names that end in the number of the axis, AT0, AT1.

    A UserWarning tells of a file that was changed after wincook wrote it; what it holds now is read all the same.

    Raises:
        NotationError: something else than a path.
        OutputError: the file cannot be read.
        DataError: it has no three matrices, several sets that are no axes, a decimal that rounds no simple number, or
            something that may belong to the algorithm and is not understood.
        AlgorithmError: the shapes of the matrices do not fit one another.
    """
    results = examine(path, *more)
    for result in results:
        if result.error is not None:
            raise result.error
    if len(results) > 1:
        names = ", ".join(result.name for result in results)
        raise DataError(f"{names} hold {len(results)} algorithms; load takes one")
    return _algorithm(results[0])


def _algorithm(result: Examined) -> BilinearAlgorithm:
    name = result.name
    if result.stated is not None and result.stated.changed:
        warnings.warn(f"{name}: {result.stated.changed}", stacklevel=3)
    doubts = [doubt for reading in result.readings for doubt in reading.doubts]
    if doubts:
        raise DataError(f"{name} is inexact: {doubts[0]}, which rounds no simple number; {len(doubts)} such entries")
    if result.stated is not None:
        try:
            return result.stated.algorithm()
        except (DataError, AlgorithmError) as error:
            raise type(error)(f"{name}: {error}") from error
    for item in result.unjudged:
        if item.blocks:
            raise DataError(f"{name} is not understood as a whole: {item.reason}")
    axes = tuple(reading.matrices for reading in result.readings)
    kinds = {least_wrong(axis)[1] for axis in axes}
    if len(kinds) > 1:
        raise DataError(f"{name} mixes {' and '.join(sorted(kinds))}; the axes of an algorithm are of one kind")
    (kind,) = kinds
    outputs = ((axis.BT if kind == "linear convolution" else axis.AT.T).cols for axis in axes)
    tile = Tile(tuple(outputs), tuple(axis.G.cols for axis in axes))
    if len(axes) > 1 and not result.are_axes:
        raise DataError(
            f"{name} holds {len(axes)} sets, {', '.join(map(str, tile.axes))}, and does not say that they are axes; "
            "wincook verify judges each, and read returns them"
        )
    return BilinearAlgorithm(tile, (), axes, kind)
