"""Ranges, remedies and widths of integers, ready for JSON."""

from __future__ import annotations

from wincook.analysis.dynamic_range.ranges import Range, Ranges
from wincook.analysis.dynamic_range.remedies import Remedies, Remedy
from wincook.construct.rescale.integers import IntegerForm
from wincook.construct.rescale.widths import Widths
from wincook.interchange.write.plain import Plain
from wincook.precision import Precision


def plain_ranges(ranges: Ranges, remedies: Remedies) -> Plain:
    """Every stage, exact magnitudes as strings; faults and remedies."""
    return {
        "tile": str(ranges.algorithm.tile),
        "points": [str(points) for points in ranges.algorithm.points],
        "format": str(ranges.precision),
        "channels": ranges.channels,
        "d_max": str(ranges.d_max),
        "g_max": str(ranges.g_max),
        "law": ranges.law.name,
        "stages": {name: _plain_range(stage) for name, stage in ranges.stages.items()},
        "y": _plain_range(ranges.y),
        "faults": list(remedies.faults),
        "remedies": [_plain_remedy(remedy) for remedy in remedies.remedies],
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


def plain_integers(form: IntegerForm, widths: Widths) -> Plain:
    """Bits of every stage."""
    reached_by = [*widths.stages.items(), ("y", widths.y)]
    return {
        "tile": str(form.algorithm.tile),
        "points": [str(points) for points in form.algorithm.points],
        "input_bits": widths.input_bits,
        "filter_bits": widths.filter_bits,
        "channels": widths.channels,
        "wrap": widths.wrap,
        "divisor": form.divisor,
        "bits": {name: reached.bits for name, reached in reached_by},
        "largest": {name: str(reached.largest) for name, reached in reached_by},
    }
