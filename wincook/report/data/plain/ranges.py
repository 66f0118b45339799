"""Ranges, remedies and widths of integers, ready for JSON."""

from __future__ import annotations

from wincook.analysis.dynamic_range.ranges import Ranges
from wincook.analysis.dynamic_range.remedies import Remedies
from wincook.analysis.dynamic_range.word_widths import IntegerAlgorithm
from wincook.interchange.write.plain import Plain


def plain_ranges(ranges: Ranges, remedies: Remedies) -> Plain:
    """Every stage, exact magnitudes as strings; faults and remedies."""
    return {
        "tile": str(ranges.algorithm.tile),
        "points": [str(points) for points in ranges.algorithm.points],
        "format": str(ranges.precision),
        "channels": ranges.channels,
        "inputs": str(ranges.inputs),
        "filters": str(ranges.filters),
        "law": ranges.law.name,
        "stages": [
            {
                "stage": stage.stage,
                "format": str(stage.format),
                "largest": str(stage.largest),
                "constant": str(stage.constant),
                "typical": stage.typical,
                "least": stage.least,
                "overflow": stage.overflow,
                "underflow": stage.underflow,
            }
            for stage in ranges.stages
        ],
        "faults": list(remedies.faults),
        "remedies": list(remedies.remedies),
    }


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
