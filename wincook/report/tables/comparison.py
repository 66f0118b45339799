"""Algorithms side by side, beside direct convolution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from wincook.analysis.compare import Comparison, pareto
from wincook.report.table import Column, Table, number, table, words

_STAR = "★"
_PER_OUTPUT = ("products", "input", "output", "filter")


def comparison_table(rows: Sequence[Comparison]) -> Table:
    """A row for direct convolution in each format; then one per algorithm and precision.

    Measured errors have columns of their own, if there are any.
    """
    sampled = any(row.measured is not None for row in rows)
    judged_by = "measured" if sampled else "predicted"
    return table(
        "comparison",
        f"Comparison: {conditions_of(rows)}",
        _columns(sampled=sampled),
        [*_direct_rows(rows, sampled=sampled), *_rows(rows, sampled=sampled)],
        caption=(
            "Per output and channel: products, then operations of each transform. Errors are relative RMS; × direct: "
            f"what is {judged_by}, as a multiple of what direct convolution is predicted to err. "
            f"{_STAR} Pareto front: none of the same taps and format is {judged_by} to be as good in error and "
            "speed-up, and better in one."
        ),
    )


def conditions_of(rows: Sequence[Comparison]) -> str:
    """Under which conditions all rows were obtained."""
    if not rows:
        return "no rows"
    first = rows[0]
    sample = f", {first.samples} tiles, seed {first.seed}" if first.samples else ""
    return f"C = {first.channels}, law {first.law.name}{sample}"


def direct_name(taps: tuple[int, ...]) -> str:
    """Direct convolution, as a row among algorithms names it.

    >>> direct_name((3, 3))
    'direct convolution, 3×3 taps'
    """
    return f"direct convolution, {'×'.join(map(str, taps))} taps"


def _columns(*, sampled: bool) -> Iterator[Column]:
    yield from (words("algorithm"), words("format"), number("products", "d"), number("speed-up in products", ".2f"))
    yield number("per output")
    yield from (number(stage) for stage in ("input", "output", "filter"))
    yield number("predicted", fields=("predicted", "underflow"), show=starred)
    if sampled:
        yield number("measured")
    yield number("× direct")
    if sampled:
        yield number("overflows", fields=("overflows", "outputs"), show=overflows_text)
    yield Column("Pareto", ("Pareto",), lambda on_front: _STAR * on_front)


def _direct_rows(rows: Sequence[Comparison], *, sampled: bool) -> Iterator[list[Any]]:
    """One for each kernel size and format; direct convolution transforms nothing, and is not measured."""
    direct = {(row.algorithm.tile.taps, str(row.precision)): row.direct for row in rows}
    for (taps, precision), predicted in direct.items():
        products = prod(taps)
        yield [
            *(direct_name(taps), precision, products, 1.0, float(products), 0.0, 0.0, 0.0),
            (predicted.relative_rms, predicted.underflow),
            *([None] * sampled),
            1.0,
            *([None] * sampled),
            None,
        ]


def _rows(rows: Sequence[Comparison], *, sampled: bool) -> Iterator[list[Any]]:
    for row, on_front in zip(rows, pareto(rows), strict=True):
        work, measured = row.operations, row.measured
        yield [
            *(row.algorithm.name, str(row.precision), row.algorithm.multiplications, row.algorithm.speedup),
            *(row.products, work.input, work.output, work.filter),
            (row.predicted.relative_rms, row.predicted.underflow),
            *([measured and measured.relative_rms] * sampled),
            row.error_ratio,
            *([measured and (measured.overflows, measured.outputs)] * sampled),
            on_front,
        ]


def starred(error: float, underflow: bool) -> str:  # noqa: FBT001 (the values of a cell come one by one)
    """An error, with a star where numbers underflow and it is predicted less well."""
    return f"{error:.3g}{'*' * underflow}"


def overflows_text(lost: int, outputs: int) -> str:
    """How many outputs of a sample were lost."""
    return f"{lost} of {outputs}" if lost else "none"
