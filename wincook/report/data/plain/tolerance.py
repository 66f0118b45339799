"""A tolerance, ready for JSON."""

from __future__ import annotations

from wincook.analysis.bounds.tolerance import Tolerance
from wincook.interchange.write.plain import Plain


def plain_tolerance(tolerance: Tolerance) -> Plain:
    """The two numbers, what they hold for, and why."""
    return {
        "tile": str(tolerance.algorithm.tile),
        "points": [str(points) for points in tolerance.algorithm.points],
        "format": str(tolerance.precision),
        "channels": tolerance.channels,
        "range": tolerance.d_max,
        "filter_range": tolerance.g_max,
        "law": None if not tolerance.p else tolerance.law.name,
        "probability": tolerance.p,
        "rigorous": not tolerance.p,
        "outputs": tolerance.outputs,
        "against": tolerance.against,
        "atol": tolerance.atol,
        "rtol": tolerance.rtol,
        "why": list(tolerance.why),
    }
