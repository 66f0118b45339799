"""The picture of a curve of sparsity."""

from __future__ import annotations

from wincook.errors import ShapeError
from wincook.kernels.measurement.sparsity import SparsityCurve
from wincook.layers.notation.text import layer_text
from wincook.report.figures.charts.sparsity import SparsityChart

_PER_CENT = 100


def sparsity_chart(curve: SparsityCurve) -> SparsityChart:
    """Error and speed against the share of zeros.

    Raises:
        ShapeError: a curve without points.
    """
    if not curve.points:
        raise ShapeError("a picture needs at least one share of zeros; prune to some first")
    points = sorted(curve.points, key=lambda point: point.error.sparsity)
    filters, channels = curve.block
    return SparsityChart(
        "What zeros in the domain of the products cost and gain",
        f"{curve.algorithm.name} on {layer_text(curve.layer)}: blocks of {filters} filters x {channels}, "
        f"{curve.inputs} inputs, not trained.",
        zeros=tuple(_PER_CENT * point.error.sparsity for point in points),
        predicted_errors=tuple(point.error.predicted for point in points),
        errors=tuple(point.error.measured for point in points),
        products=tuple(point.products for point in points),
        calls=tuple(point.call for point in points),
        measured=tuple(point.measured for point in points if point.measured is not None),
    )
