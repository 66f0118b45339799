"""Ranges, remedies and widths of integers as plain data and as tables."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from wincook.analysis.dynamic_range.ranges import Range, Ranges
from wincook.analysis.dynamic_range.remedies import Remedies, Remedy
from wincook.construct.rescale.integers import IntegerForm
from wincook.construct.rescale.widths import FORMULAS, Widths
from wincook.interchange.write.plain import Plain
from wincook.precision import Precision
from wincook.report.tables.algorithm import table
from wincook.stages import label

_SURE, _NEVER = 0.995, 1e-12  # chances that are shown as 100 % and as 0


def plain_ranges(found: Ranges, judged: Remedies) -> Plain:
    """Every stage, exact magnitudes as strings; faults and remedies."""
    return {
        "tile": str(found.algorithm.tile),
        "points": [str(points) for points in found.algorithm.points],
        "format": str(found.precision),
        "channels": found.channels,
        "d_max": str(found.d_max),
        "g_max": str(found.g_max),
        "law": found.law.name,
        "stages": {name: _plain_range(stage) for name, stage in found.stages.items()},
        "y": _plain_range(found.y),
        "faults": list(judged.faults),
        "remedies": [_plain_remedy(remedy) for remedy in judged.remedies],
    }


def _plain_range(stage: Range) -> Plain:
    return {
        "format": str(stage.format),
        "largest": str(stage.largest),
        "constant": str(stage.constant),
        "typical": stage.typical,
        "least": stage.least,
        "overflow": stage.overflow,
        "underflow": stage.underflow,
    }


def _plain_remedy(remedy: Remedy) -> Plain:
    """What an option of the same name takes, and what remains at fault."""
    option = "format" if isinstance(remedy.change, Precision) else "gauge"
    return {option: str(remedy.change), "remaining": list(remedy.remaining)}


def ranges_view(found: Ranges, judged: Remedies) -> RenderableType:
    """The exact worst case in one table, the data law in another, the remedies below."""
    worst = table(
        f"{found.algorithm.name}: at most, for |d| ≤ {found.d_max}, |g| ≤ {found.g_max}, C = {found.channels}",
        "stage",
        "format",
        "largest value",
        "largest constant",
        "largest of the format",
        names=2,
    )
    typical = table(
        f"Typically, for {found.law.name} data of the law's own size",
        "stage",
        "RMS",
        "RMS of the smallest value",
        "a tile overflows",
        "values that underflow",
        caption="Chances take values for normal; that of overflow is a bound, the sum over all values of a tile.",
    )
    rows = [*((label(name), stage) for name, stage in found.stages.items()), ("y", found.y)]
    for name, stage in rows:
        limit = "" if stage.format.is_exact else f"{float(stage.format.largest):.6g}"
        constant = f"{float(stage.constant):.4g}" if stage.constant else ""
        worst.add_row(name, str(stage.format), f"{float(stage.largest):.4g}", constant, limit)
        chances = [_percent(chance) for chance in (stage.overflow, stage.underflow)]
        typical.add_row(name, f"{stage.typical:.2g}", f"{stage.least:.2g}", *chances)
    return Group(worst, "", typical, "", Text(str(judged)))


def plain_integers(form: IntegerForm, widths: Widths) -> Plain:
    """Bits of every stage."""
    return {
        "tile": str(form.algorithm.tile),
        "points": [str(points) for points in form.algorithm.points],
        "input_bits": widths.input_bits,
        "filter_bits": widths.filter_bits,
        "channels": widths.channels,
        "wrap": widths.wrap,
        "divisor": form.divisor,
        "bits": widths.bits | {"y": widths.y.bits},
        "largest": {width.stage: str(width.largest) for width in (*widths.stages, widths.y)},
    }


def integers_table(form: IntegerForm, widths: Widths) -> Table:
    """What each stage takes in whole numbers."""
    data = f"{widths.input_bits}-bit inputs, {widths.filter_bits}-bit filters, C = {widths.channels}"
    wrapping = ", in which sums may wrap around on the way" if widths.wrap else ", in which nothing wraps around"
    rows = table(
        f"{form.algorithm.name} in whole numbers: {data}",
        "stage",
        "largest",
        "signed bits",
        caption=f"Exact in words so wide{wrapping}; the last step divides by {form.divisor}.",
    )
    for width in (*widths.stages, widths.y):
        rows.add_row(FORMULAS[width.stage], str(width.largest), str(width.bits))
    return rows


def _percent(chance: float) -> str:
    if chance < _NEVER:
        return "0"
    return "100 %" if chance > _SURE else f"{100 * chance:.2g} %"
