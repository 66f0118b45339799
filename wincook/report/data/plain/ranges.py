"""Ranges, remedies and widths of integers, ready for JSON."""

from __future__ import annotations

from wincook.analysis.dynamic_range.ranges import Range, Ranges
from wincook.analysis.dynamic_range.remedies import Remedies, Remedy
from wincook.analysis.dynamic_range.word_widths import IntegerAlgorithm
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


def plain_integers(algorithm: IntegerAlgorithm) -> Plain:
    """Bits of every stage."""
    return {
        "tile": str(algorithm.algorithm.tile),
        "points": [str(points) for points in algorithm.algorithm.points],
        "input_bits": algorithm.input_bits,
        "filter_bits": algorithm.filter_bits,
        "channels": algorithm.ranges.channels,
        "wrap": algorithm.ranges.wrap,
        "denominator": algorithm.denominator,
        "bits": {stage.stage: stage.bits for stage in algorithm.ranges.stages},
        "largest": {stage.stage: str(stage.largest) for stage in algorithm.ranges.stages},
    }
