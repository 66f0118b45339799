"""Algorithms side by side, as flat records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from wincook.analysis.compare import Comparison, pareto
from wincook.interchange.write.plain import Plain
from wincook.report.data.values import finite
from wincook.report.tables.comparison import times


def plain_comparison(rows: Sequence[Comparison], direct: Sequence[float | None] = ()) -> list[Plain]:
    """One flat record per row; what was not measured is null, and so is an error that is not finite.

    Args:
        rows: from `compare`.
        direct: for each row the relative RMS error of direct convolution, if that is to be in the records.
    """
    beside = direct or [None] * len(rows)
    return [
        comparison_record(row) | (_beside(row, error) if direct else {}) | {"pareto": on_front}
        for row, error, on_front in zip(rows, beside, pareto(rows), strict=True)
    ]


def comparison_record(row: Comparison) -> Plain:
    """One row: what was asked, what it costs, and its errors."""
    measured = row.measured
    return {
        "tile": str(row.algorithm.tile),
        "points": row.algorithm.point_names,
        "format": str(row.precision),
        "channels": row.channels,
        "law": row.law.name,
        "multiplications": row.algorithm.multiplications,
        "speedup": row.algorithm.speedup,
        "products_per_output": row.products,
        **{f"{stage}_operations_per_output": count for stage, count in asdict(row.operations).items()},
        "predicted_relative_rms": row.predicted.relative_rms,
        "underflow": row.predicted.underflow,
        "measured_relative_rms": None if measured is None else finite(measured.relative_rms),
        "overflows": None if measured is None else measured.overflows,
        "samples": row.samples,
        "seed": row.seed if row.samples else None,
    }


def _beside(row: Comparison, direct: float | None) -> Plain:
    return {"direct_relative_rms": direct, "times_direct": times(row.predicted.relative_rms, direct)}
