"""A tolerance, and the steps that lead to it."""

from __future__ import annotations

from wincook.analysis.bounds.tolerance import Tolerance
from wincook.report.table import View, number, table, words


def tolerance_view(tolerance: Tolerance) -> View:
    """The two numbers as a test takes them, and the steps as sentences."""
    numbers = table(
        "tolerance",
        str(tolerance),
        [words("algorithm"), words("format"), number("atol", "g"), number("rtol", "g")],
        [(tolerance.algorithm.name, str(tolerance.precision), tolerance.atol, tolerance.rtol)],
    )
    return View((numbers, *(f"{place}. {step}" for place, step in enumerate(tolerance.why, start=1))))
