"""Algorithms side by side, as flat records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from wincook.analysis.compare import Comparison, pareto
from wincook.interchange.write.plain import Plain
from wincook.report.data.values import finite


def plain_comparison(rows: Sequence[Comparison]) -> list[Plain]:
    """One flat record per row; what was not measured is null, and so is an error that is not finite."""
    return [comparison_record(row) | {"pareto": on_front} for row, on_front in zip(rows, pareto(rows), strict=True)]


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
        "direct_relative_rms": row.direct.relative_rms,
        "error_ratio": finite(row.error_ratio),
        "samples": row.samples,
        "seed": row.seed if row.samples else None,
    }
