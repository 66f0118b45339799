"""Algorithms side by side: as a table, as plain data, as CSV and as a picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict

from rich.table import Table

from wincook.analysis.compare import Comparison, pareto
from wincook.interchange.write.plain import Plain
from wincook.report.figures.charts.curve import ErrorCurve, Series
from wincook.report.figures.charts.front import Dot, FrontChart
from wincook.report.tables.algorithm import table

_STAR = "★"


def comparison_table(rows: Sequence[Comparison]) -> Table:
    """One row per algorithm and precision; measured errors in columns of their own, if there are any."""
    sampled = any(row.measured is not None for row in rows)
    made = table(
        f"Comparison: {_conditions(rows)}",
        "algorithm",
        "format",
        "products",
        "speed-up",
        "per output",
        "input",
        "output",
        "filter",
        "predicted",
        *(["measured", "overflows"] if sampled else []),
        _STAR,
        names=2,
        caption=(
            "Per output and channel: products, then operations of each transform. Errors are relative RMS. "
            f"{_STAR} Pareto front: none of the same taps and format is "
            f"{'measured' if sampled else 'predicted'} to be as good in error and speed-up, and better in one."
        ),
    )
    for row, on_front in zip(rows, pareto(rows), strict=True):
        work = row.operations
        cells = [row.algorithm.name, str(row.precision), str(row.algorithm.multiplications)]
        cells += [f"{row.algorithm.speedup:.2f}", f"{row.products:.3g}"]
        cells += [f"{work.input:.3g}", f"{work.output:.3g}", f"{work.filter:.3g}"]
        cells += [f"{row.predicted.relative_rms:.3g}{'*' if row.predicted.underflow else ''}"]
        if row.measured is not None:
            lost = row.measured.overflows
            cells += [f"{row.measured.relative_rms:.3g}", f"{lost} of {row.measured.outputs}" if lost else "none"]
        made.add_row(*cells, _STAR if on_front else "")
    return made


def plain_comparison(rows: Sequence[Comparison]) -> list[Plain]:
    """One flat record per row; what was not measured is null, and so is an error that is not finite."""
    return [_record(row) | {"pareto": on_front} for row, on_front in zip(rows, pareto(rows), strict=True)]


def csv_comparison(rows: Sequence[Comparison]) -> str:
    """The same records as comma-separated values with a header (RFC 4180, but for the line ends)."""
    records = plain_comparison(rows)
    written = io.StringIO()
    writer = csv.DictWriter(written, list(records[0]) if records else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return written.getvalue()


def front_chart(rows: Sequence[Comparison]) -> FrontChart:
    """The rows that have an error, as dots; those of the same taps and precision are rivals."""
    dots = []
    several = len({row.algorithm.tile.taps for row in rows}) > 1
    for row, on_front in zip(rows, pareto(rows), strict=True):
        if not (row.predicted.relative_rms and row.error):
            continue  # no error has no place on a logarithmic axis
        taps = "×".join(map(str, row.algorithm.tile.taps))
        dots.append(
            Dot(
                name=row.algorithm.name,
                group=f"{row.precision}, {taps} taps" if several else str(row.precision),
                speedup=row.algorithm.speedup,
                predicted=row.predicted.relative_rms,
                measured=None if row.measured is None else row.error,
                on_front=on_front,
            )
        )
    return FrontChart("What speed-up costs in accuracy", f"Relative RMS error, {_conditions(rows)}.", tuple(dots))


def error_curves(rows: Sequence[Comparison]) -> tuple[ErrorCurve, ...]:
    """Error against m: none unless some taps have algorithms of several m, each with one set of points."""
    families: dict[str, dict[str, list[Comparison]]] = {}
    for row in rows:
        tile = row.algorithm.tile
        if len(set(tile.outputs)) == 1:
            taps = "x".join(map(str, tile.taps))
            families.setdefault(taps, {}).setdefault(str(row.precision), []).append(row)
    return tuple(
        ErrorCurve(
            "Larger tiles, larger errors",
            f"Relative RMS error of F(m,{taps}), {_conditions(rows)}.",
            tuple(_series(name, found) for name, found in per_precision.items()),
        )
        for taps, per_precision in families.items()
        if all(1 < len({_m(row) for row in found}) == len(found) for found in per_precision.values())
    )


def _series(name: str, rows: Sequence[Comparison]) -> Series:
    ordered = sorted(rows, key=_m)
    measured = tuple(row.error for row in ordered if row.measured is not None)
    return Series(name, tuple(map(_m, ordered)), tuple(row.predicted.relative_rms for row in ordered), measured)


def _m(row: Comparison) -> int:
    return row.algorithm.tile.outputs[0]


def _conditions(rows: Sequence[Comparison]) -> str:
    if not rows:
        return "no rows"
    first = rows[0]
    sample = f", {first.samples} tiles, seed {first.seed}" if first.samples else ""
    return f"C = {first.channels}, law {first.law.name}{sample}"


def _record(row: Comparison) -> Plain:
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
        **{f"{stage}_operations_per_output": number for stage, number in asdict(row.operations).items()},
        "predicted_relative_rms": row.predicted.relative_rms,
        "underflow": row.predicted.underflow,
        "measured_relative_rms": None
        if measured is None or measured.relative_rms == float("inf")
        else measured.relative_rms,
        "overflows": None if measured is None else measured.overflows,
        "samples": row.samples,
        "seed": row.seed if row.samples else None,
    }
