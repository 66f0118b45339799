"""Algorithms side by side, beside direct convolution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from wincook.analysis.compare import Comparison, pareto
from wincook.analysis.prediction.predict import Prediction
from wincook.report.table import Column, Table, number, table, words

_STAR = "★"
_PER_OUTPUT = ("products", "input", "output", "filter")


def comparison_table(rows: Sequence[Comparison], direct: Sequence[float | None] = ()) -> Table:
    """One row per algorithm and precision; measured errors in columns of their own, if there are any.

    Args:
        rows: from `compare`.
        direct: for each row the relative RMS error of direct convolution in the same format, with as many channels; it
            gets a row for each format, and the ratio to it a column.
    """
    sampled = any(row.measured is not None for row in rows)
    judged_by = "measured" if sampled else "predicted"
    return table(
        "comparison",
        f"Comparison: {conditions_of(rows)}",
        _columns(sampled=sampled, beside=bool(direct)),
        [*_direct_rows(rows, direct, sampled=sampled), *_rows(rows, direct, sampled=sampled)],
        caption=(
            "Per output and channel: products, then operations of each transform. Errors are relative RMS"
            f"{'; × direct: predicted, as a multiple of that of direct convolution' * bool(direct)}. "
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


def times(error: float, direct: float | None) -> float | None:
    """An error as a multiple of that of direct convolution, if that makes one."""
    return error / direct if direct else None


def direct_name(taps: tuple[int, ...]) -> str:
    """Direct convolution, as a row among algorithms names it.

    >>> direct_name((3, 3))
    'direct convolution, 3×3 taps'
    """
    return f"direct convolution, {'×'.join(map(str, taps))} taps"


def _columns(*, sampled: bool, beside: bool) -> Iterator[Column]:
    yield from (words("algorithm"), words("format"), number("products", "d"), number("speed-up in products", ".2f"))
    yield number("per output")
    yield from (number(stage) for stage in ("input", "output", "filter"))
    yield number("predicted", fields=("predicted", "underflow"), show=_predicted)
    if beside:
        yield number("× direct")
    if sampled:
        yield number("measured")
        yield number("overflows", fields=("overflows", "outputs"), show=overflows_text)
    yield Column("Pareto", ("Pareto",), lambda on_front: _STAR * on_front)


def _rows(rows: Sequence[Comparison], direct: Sequence[float | None], *, sampled: bool) -> Iterator[list[Any]]:
    for place, (row, on_front) in enumerate(zip(rows, pareto(rows), strict=True)):
        work = row.operations
        cells: list[Any] = [
            row.algorithm.name,
            str(row.precision),
            row.algorithm.multiplications,
            row.algorithm.speedup,
        ]
        cells += [row.products, work.input, work.output, work.filter, predicted_of(row.predicted)]
        cells += [times(row.predicted.relative_rms, direct[place])] if direct else []
        if sampled and row.measured is not None:
            cells += [row.measured.relative_rms, (row.measured.overflows, row.measured.outputs)]
        elif sampled:
            cells += [None, None]
        yield [*cells, on_front]


def _direct_rows(rows: Sequence[Comparison], direct: Sequence[float | None], *, sampled: bool) -> Iterator[list[Any]]:
    """One for each kernel size and format."""
    errors = {(row.algorithm.tile.taps, row.precision): error for row, error in zip(rows, direct, strict=bool(direct))}
    for (taps, precision), error in errors.items():
        if error is not None:
            cells: list[Any] = [direct_name(taps), str(precision), prod(taps), 1.0, float(prod(taps)), 0.0, 0.0, 0.0]
            yield [*cells, (error, False), times(error, error), *([None] * 2 * sampled), None]


def predicted_of(prediction: Prediction) -> tuple[float, bool]:
    """The two values of a cell: the relative RMS, and whether numbers underflow."""
    return prediction.relative_rms, prediction.underflow


def _predicted(error: float, underflow: bool) -> str:  # noqa: FBT001 (the values of a cell come one by one)
    return f"{error:.3g}{'*' * underflow}"


def overflows_text(lost: int, outputs: int) -> str:
    """How many outputs of a sample were lost."""
    return f"{lost} of {outputs}" if lost else "none"
