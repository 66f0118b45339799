"""The ranges of all stages, with remedies; and the widths of integers."""

from __future__ import annotations

from wincook.analysis.dynamic_range.ranges import Range, Ranges
from wincook.analysis.dynamic_range.remedies import Remedies
from wincook.construct.rescale.integers import IntegerForm
from wincook.construct.rescale.widths import Widths
from wincook.exact.number import Number
from wincook.report.table import Table, View, number, table, words
from wincook.stages import label

_BEFORE_DIVISION = "y, before the division"
_SURE, _NEVER = 0.995, 1e-12  # chances that are shown as 100 % and as 0


def ranges_view(ranges: Ranges, remedies: Remedies) -> View:
    """The exact worst case in one table, the data law in another, the remedies below."""
    return View((_worst_case(ranges), "", _typical(ranges), "", str(remedies)))


def integers_table(form: IntegerForm, widths: Widths) -> Table:
    """What each stage takes in whole numbers."""
    data = f"{widths.input_bits}-bit inputs, {widths.filter_bits}-bit filters, C = {widths.channels}"
    wrapping = "in which sums may wrap around on the way" if widths.wrap else "in which nothing wraps around"
    rows = [*((label(stage), reached) for stage, reached in widths.stages.items()), (_BEFORE_DIVISION, widths.y)]
    return table(
        "integers",
        f"{form.algorithm.name} in whole numbers: {data}",
        [words("stage"), number("largest", "d"), number("signed bits", "d")],
        [(name, int(reached.largest), reached.bits) for name, reached in rows],
        caption=f"Exact in words so wide, {wrapping}; the last step divides by {form.divisor}.",
    )


def _worst_case(ranges: Ranges) -> Table:
    return table(
        "worst case",
        f"{ranges.algorithm.name}: at most, for |d| ≤ {ranges.d_max}, |g| ≤ {ranges.g_max}, C = {ranges.channels}",
        [
            words("stage"),
            words("format"),
            *(
                number(name, fields=(name, f"{name}, exact"), show=lambda value, _: f"{value:.4g}")
                for name in ("largest value", "largest constant")
            ),
            number("largest of the format", ".6g"),
        ],
        [
            (
                name,
                str(stage.format),
                _number(stage.largest),
                _number(stage.constant) if stage.constant else None,
                None if stage.format.is_exact else float(stage.format.largest),
            )
            for name, stage in _rows(ranges)
        ],
    )


def _typical(ranges: Ranges) -> Table:
    return table(
        "typical",
        f"Typically, for {ranges.law.name} data of the law's own size",
        [
            words("stage"),
            number("RMS", ".2g"),
            number("RMS of the smallest value", ".2g"),
            number("a tile overflows", show=_percent),
            number("values that underflow", show=_percent),
        ],
        [(name, stage.typical, stage.least, stage.overflow, stage.underflow) for name, stage in _rows(ranges)],
        caption="Chances take values for normal; that of overflow is a bound, the sum over all values of a tile.",
    )


def _rows(ranges: Ranges) -> list[tuple[str, Range]]:
    """Every stage, and the outputs."""
    return [*((label(name), stage) for name, stage in ranges.stages.items()), ("y", ranges.y)]


def _number(value: Number) -> tuple[float, str]:
    """As float64, and exact."""
    return float(value), str(value)


def _percent(chance: float) -> str:
    if chance < _NEVER:
        return "0"
    return "100 %" if chance > _SURE else f"{100 * chance:.2g} %"
