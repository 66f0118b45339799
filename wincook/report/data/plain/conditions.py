"""Condition numbers and norms, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wincook.analysis.conditioning.condition import Condition, Conditions
from wincook.analysis.conditioning.gauges import GaugedConditions
from wincook.interchange.write.plain import Plain
from wincook.report.data.values import finite
from wincook.report.tables.conditions import GAUGES


def plain_gauged_conditions(conditions: GaugedConditions) -> Plain:
    """All of them under the names of gauges and matrices; a number beyond float64 is null."""
    return {
        "tile": str(conditions.algorithm.tile),
        "points": [str(points) for points in conditions.algorithm.points],
        **{gauge: _gauge(getattr(conditions, gauge)) for gauge in GAUGES},
        "vandermonde": _condition(conditions.vandermonde),
        "vandermonde_finite": _condition(conditions.vandermonde_finite),
        "without_vandermonde": conditions.without_vandermonde or None,
    }


def _gauge(conditions: Conditions) -> Plain:
    return {letter: _condition(getattr(conditions, letter)) for letter in ("AT", "G", "BT", "product")}


def _condition(condition: Condition | None) -> Any:
    return None if condition is None else finite(asdict(condition))
