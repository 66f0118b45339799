"""The plan of a sparse kernel, whose U has fewer filters than that of a nested one."""

from __future__ import annotations

from dataclasses import replace

from wincook.bilinear import BilinearAlgorithm
from wincook.errors import FormatError, ShapeError
from wincook.kernels.plans.formats import IN_FLOAT32, Formats
from wincook.kernels.plans.plan import Plan, nested_plan
from wincook.kernels.target import Target
from wincook.layers import Layer

_ROWS = 2  # of micro-kernels in a panel: so many tiles hide the reading of what is left of U, and V and M stay in L2


def sparse_plan(
    layer: Layer, algorithm: BilinearAlgorithm, target: Target, threads: int, formats: Formats = IN_FLOAT32
) -> Plan:
    """The plan of a sparse kernel for a layer and an algorithm that a nested one computes.

    Raises:
        ShapeError: the tile has strides, so that products may share their filters.
        FormatError: products in another format than float32.
    """
    if algorithm.tile.strided:
        raise ShapeError(f"there are no sparse kernels of {algorithm.tile}: it has strides; give a tile without")
    if formats.format != IN_FLOAT32.format:
        raise FormatError(f"there are no sparse kernels in {formats.format}; float32 is the one there is")
    dense = nested_plan(layer, algorithm, target, threads, formats)
    panel = min(dense.panel, _ROWS * target.isa.rows)
    return replace(dense, family="sparse", panel=panel, half_filters=False)
