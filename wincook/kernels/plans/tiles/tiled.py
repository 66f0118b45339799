"""The plan of a plain layer by a tile: by a shallow kernel where channels are few, else by a nested one."""

from __future__ import annotations

from typing import Any

from wincook.arguments import instance, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.errors import AlgorithmError, ShapeError, TargetError
from wincook.kernels.plans.formats import IN_FLOAT32, Formats, words_of
from wincook.kernels.plans.plan import AXES, Plan
from wincook.kernels.plans.tiles.blocking import (
    blocking,
    few_tiles,
    filter_bytes,
    filters_kept,
    nested_blocking,
    tile_count,
)
from wincook.kernels.plans.tiles.shallow import is_shallow
from wincook.kernels.target import Target
from wincook.layers import Layer, layer_of

_BEYOND_CACHES = 16  # times L2: U of more comes from memory at every call


def check_layer(layer: Layer) -> None:
    """See that there are kernels for such a layer.

    Raises:
        ShapeError: there are none.
    """
    layer = layer_of(layer)
    if layer.dimension != AXES or not layer.dense:
        raise ShapeError(
            f"{layer} is no layer with two axes, no dilation and one group; "
            "wincook.kernels.make_plan(layer) plans any layer, as the plain ones that it consists of"
        )


def plan(
    layer: Layer, algorithm: BilinearAlgorithm, target: Target, threads: int, formats: Formats = IN_FLOAT32
) -> Plan:
    """Decide the blocking.

    Raises:
        ShapeError: no layer that a kernel runs, or a tile that is not for its filters.
        AlgorithmError: the algorithm is no nested correlation of real numbers.
        NotationError: it is no algorithm.
        TargetError: no target, or no number of threads.
    """
    check_layer(layer)
    algorithm = instance("algorithm", algorithm, BilinearAlgorithm, "wincook.algorithm makes one")
    target = instance("target", target, Target, "wincook.Target.of('avx2') is one", TargetError)
    threads = whole_number("threads", threads, error=TargetError)
    if algorithm.joint or algorithm.modulus or algorithm.kind != "correlation":
        raise AlgorithmError(f"kernels are made of nested correlations of real numbers, not of {algorithm.name}")
    if algorithm.tile.taps != layer.kernel:
        raise ShapeError(
            f"{algorithm.tile} is for a filter of {algorithm.tile.taps}; the layer's kernel is {layer.kernel}"
        )
    if algorithm.tile.strides != layer.strides:
        raise ShapeError(f"{algorithm.tile} is for stride {algorithm.tile.strides}; the layer's is {layer.strides}")
    outputs, products, kept = algorithm.tile.outputs, algorithm.multiplications, filters_kept(algorithm.axes)
    if formats.format == "float32" and is_shallow(layer, outputs, products, target.isa):
        blocks = blocking(layer, outputs, products, kept, target, threads)
        known: dict[str, Any] = {
            "input_format": formats.input_format,
            "output_format": formats.output_format,
            "residual_format": formats.residual_format,
        }
        return Plan(layer, algorithm, target, blocks.vectors, blocks.panel, blocks.threads, "shallow", **known)
    return nested_plan(layer, algorithm, target, threads, formats)


def nested_plan(
    layer: Layer, algorithm: BilinearAlgorithm, target: Target, threads: int, formats: Formats = IN_FLOAT32
) -> Plan:
    """The plan of a nested kernel for a checked layer and algorithm, whatever kernel is the quickest."""
    outputs, products, kept = algorithm.tile.outputs, algorithm.multiplications, filters_kept(algorithm.axes)
    in_word = words_of(formats.format, target.isa.name, target.features).channels
    blocks = nested_blocking(layer, outputs, products, kept, target, threads, in_word)
    tiles = max(1, tile_count(layer, outputs))
    beyond_caches = in_word == 1 and filter_bytes(layer, kept) > _BEYOND_CACHES * target.l2
    half_filters = tiles <= few_tiles(algorithm, target.isa) and beyond_caches
    return Plan(
        layer,
        algorithm,
        target,
        blocks.vectors,
        tiles if half_filters else blocks.panel,
        blocks.threads,
        half_filters=half_filters,
        shares=blocks.shares,
        format=formats.format,
        input_format=formats.input_format,
        output_format=formats.output_format,
        residual_format=formats.residual_format,
    )
