"""Algorithms side by side as pictures: error against speed-up, and error against m."""

from __future__ import annotations

from collections.abc import Sequence

from wincook.analysis.compare import Comparison, pareto, rows_of
from wincook.errors import ShapeError
from wincook.report.figures.charts.curve import ErrorCurve, Series
from wincook.report.figures.charts.front import Dot, FrontChart
from wincook.report.tables.comparison import conditions_of


def front_chart(rows: Sequence[Comparison]) -> FrontChart:
    """The rows that have an error, and direct convolution, as dots; those of the same taps and precision are rivals.

    Raises:
        NotationError: something else than rows of a comparison.
        ShapeError: no rows.
    """
    rows = _rows(rows)
    dots = []
    several = len({row.algorithm.tile.taps for row in rows}) > 1
    for row, on_front in zip(rows, pareto(rows), strict=True):
        if not (row.predicted.relative_rms and row.error):
            continue  # no error has no place on a logarithmic axis
        dots.append(
            Dot(
                name=row.algorithm.name,
                group=_group(row, several=several),
                speedup=row.algorithm.speedup,
                predicted=row.predicted.relative_rms,
                measured=None if row.measured is None else row.error,
                on_front=on_front,
            )
        )
    direct = {_group(row, several=several): row.direct.relative_rms for row in rows}
    dots += [
        Dot("direct convolution", group, 1.0, error, None, on_front=False) for group, error in direct.items() if error
    ]
    return FrontChart("What speed-up costs in accuracy", f"Relative RMS error, {conditions_of(rows)}.", tuple(dots))


def error_curves(rows: Sequence[Comparison]) -> tuple[ErrorCurve, ...]:
    """Error against m: none unless some taps have algorithms of several m, each with one set of points.

    Raises:
        NotationError: something else than rows of a comparison.
        ShapeError: no rows.
    """
    rows = _rows(rows)
    families: dict[str, dict[str, list[Comparison]]] = {}
    for row in rows:
        tile = row.algorithm.tile
        if len(set(tile.outputs)) == 1:
            taps = "x".join(map(str, tile.taps))
            families.setdefault(taps, {}).setdefault(str(row.precision), []).append(row)
    return tuple(
        ErrorCurve(
            "Larger tiles, larger errors",
            f"Relative RMS error of F(m,{taps}), {conditions_of(rows)}.",
            tuple(_series(name, family) for name, family in per_precision.items()),
        )
        for taps, per_precision in families.items()
        if all(1 < len({_m(row) for row in family}) == len(family) for family in per_precision.values())
    )


def _rows(rows: Sequence[Comparison]) -> tuple[Comparison, ...]:
    several = rows_of(rows)
    if not several:
        raise ShapeError("a picture needs at least one row; compare something first")
    return several


def _series(name: str, rows: Sequence[Comparison]) -> Series:
    ordered = sorted(rows, key=_m)
    measured = tuple(row.error for row in ordered if row.measured is not None)
    return Series(name, tuple(map(_m, ordered)), tuple(row.predicted.relative_rms for row in ordered), measured)


def _m(row: Comparison) -> int:
    return row.algorithm.tile.outputs[0]


def _group(row: Comparison, *, several: bool) -> str:
    """The rivals of a row: by its format, and by its taps if there are several kernel sizes."""
    taps = "×".join(map(str, row.algorithm.tile.taps))
    return f"{row.precision}, {taps} taps" if several else str(row.precision)
