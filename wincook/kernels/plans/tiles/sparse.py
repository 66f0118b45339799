"""The plan of a sparse kernel, whose U has fewer filters than that of a nested one."""

from __future__ import annotations

from dataclasses import replace

from wincook.errors import FormatError, ShapeError
from wincook.kernels.plans.formats import IN_FLOAT32, Formats
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import AXES, Plan
from wincook.kernels.plans.tiles.tiled import nested_plan
from wincook.layers import Layer

SPARSE_FORMATS = ("float32", "bfloat16")
_ROWS = 2  # of micro-kernels in a panel: so many tiles hide the reading of what is left of U
_SHARE_OF_L2 = 0.5  # of V and M of such a panel; where they take more, a panel has one row, unless all are alike
_BYTES = 4


def check_layer_of_sparse(layer: Layer) -> None:
    """See that a sparse kernel may compute such a layer.

    Raises:
        ShapeError: none does.
    """
    if not layer.plain or layer.dimension != AXES:
        raise ShapeError(f"there is no sparse kernel for {layer}: they compute plain layers with two axes, no strides")


def as_sparse(decided: LayerPlan, threads: int, formats: Formats = IN_FLOAT32) -> LayerPlan:
    """The same layer and algorithm by a sparse kernel, on at most so many threads.

    Raises:
        ShapeError: other kernels than a single one of F(m,r) without strides compute it.
        FormatError: products in another format than float32 and bfloat16.
    """
    (part, single), *others = decided.parts
    if others or not decided.whole or not single.tiled or single.algorithm.tile.strided:
        raise ShapeError(
            f"there is no sparse kernel for {decided.layer} by {decided.algorithms}: they compute plain layers with "
            "two axes by one tile, such as algorithm='F(4x4,3x3)'"
        )
    if formats.format not in SPARSE_FORMATS:
        known = " and ".join(SPARSE_FORMATS)
        raise FormatError(f"there are no sparse kernels in {formats.format}; there are in {known}")
    return replace(decided, parts=((part, sparse_plan(single, threads, formats)),))


def sparse_plan(single: Plan, threads: int, formats: Formats) -> Plan:
    """The plan of one kernel, whatever that of a dense one is; what follows the convolution stays."""
    nested = nested_plan(single.layer, single.algorithm, single.target, threads, formats)
    return replace(
        nested,
        family="sparse",
        panel=min(nested.panel, _most_tiles(nested)),
        half_filters=False,
        epilogue=single.epilogue,
        output_format=single.output_format,
        residual_format=single.residual_format,
    )


def _most_tiles(nested: Plan) -> int:
    """Of a panel: with smaller ones more of V and M stays in L2; but two rows are best where all panels are alike."""
    layer, tiles = nested.layer, _ROWS * nested.target.isa.rows
    words = -(-layer.channels // nested.words.channels) + layer.filters
    stays = _BYTES * tiles * nested.algorithm.multiplications * words <= _SHARE_OF_L2 * nested.target.l2
    is_even = nested.tiles <= tiles or nested.tiles % tiles == 0
    return tiles if stays or is_even else nested.target.isa.rows
