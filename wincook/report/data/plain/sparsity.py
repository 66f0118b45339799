"""Curves of sparsity, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict

from wincook.interchange.write.plain import Plain
from wincook.kernels.measurement.sparsity import SparsityCurve
from wincook.layers.notation.text import layer_text


def plain_sparsity(curve: SparsityCurve) -> Plain:
    """The layer, the algorithm and the block, and each share of zeros with its error and speed."""
    return {
        "layer": layer_text(curve.layer),
        "tile": str(curve.algorithm.tile),
        "points": [str(points) for points in curve.algorithm.points],
        "format": curve.format,
        "block": list(curve.block),
        "inputs": curve.inputs,
        "sparsities": [
            asdict(point.error) | {"products": point.products, "call": point.call, "measured_call": point.measured}
            for point in curve.points
        ],
    }
