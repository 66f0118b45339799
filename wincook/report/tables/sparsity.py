"""Error and speed against the share of blocks that are zero."""

from __future__ import annotations

from wincook.kernels.measurement.sparsity import SparsityCurve
from wincook.layers.notation.text import layer_text
from wincook.report.table import View, number, table


def sparsity_view(curve: SparsityCurve) -> View:
    """A row for each share."""
    are_measured = any(point.measured is not None for point in curve.points)
    columns = [number("zero", ".1%"), number("predicted error", ".3g"), number("error", ".3g"), number("dB", ".1f")]
    columns += [number("products, times as fast", ".2f"), number("call, times as fast", ".2f")]
    columns += [number("measured", ".2f")] * are_measured
    rows = [
        (
            point.error.sparsity,
            point.error.predicted,
            point.error.measured,
            point.error.decibels,
            point.products,
            point.call,
            *[point.measured] * are_measured,
        )
        for point in curve.points
    ]
    filters, channels = curve.block
    of_layer = f"{curve.algorithm.name} on {layer_text(curve.layer)}, {curve.format}"
    title = f"{of_layer}, blocks of {filters} x {channels}, {curve.inputs} inputs"
    caption = (
        "Filters are pruned and not trained: docs/sparse.md says what training gives. Speed is over the dense kernel."
    )
    return View((table("sparsity", title, columns, rows, caption=caption),))
