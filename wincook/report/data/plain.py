"""Reports and verdicts as plain data, ready for JSON: numbers as numbers, exact entries as strings."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

from wincook.analysis.analyse import ErrorReport
from wincook.bilinear import Proof
from wincook.interchange.read.sets.reading import Reading
from wincook.interchange.write.plain import Plain, plain_matrix
from wincook.judge import Rounding, Verdict


def plain_proof(proof: Proof) -> Plain:
    """What was proven."""
    return {
        "tile": str(proof.tile),
        "multiplications": proof.multiplications,
        "identities": proof.identities,
        "symbols": list(proof.symbols),
        "proven": True,
    }


def plain_verdict(reading: Reading, verdict: Verdict) -> Plain:
    """What matrices of one axis were found to be, and how they were read."""
    return {
        "tile": str(verdict.tile),
        "multiplications": reading.axis.multiplications,
        "kind": verdict.kind,
        "modulus": verdict.modulus,
        "joint": verdict.tile.dimension > 1,
        "nearest": verdict.nearest,
        "scale": str(verdict.scale),
        "points": None if verdict.points is None else str(verdict.points),
        "sums": verdict.sums,
        "wrong": len(verdict.wrong),
        "wrong_sums": [str(one) for one in verdict.wrong],
        "inexact": verdict.inexact,
        "rounding": None if verdict.rounding is None else _plain_rounding(verdict.rounding),
        "products": list(verdict.products),
        "repairs": [
            {
                "mistakes": [str(mistake) for mistake in repair.mistakes],
                "factors": [str(factor) for factor in repair.factors],
            }
            for repair in verdict.repairs
        ],
        "scalings": [
            {"product": scaling.product} | {name: str(getattr(scaling, name)) for name in ("AT", "G", "BT")}
            for scaling in verdict.scalings
        ],
        "taken_for": dict(reading.taken_for),
        "decimals": {decimal.text: str(decimal.exact) for decimal in reading.taken},
        "inexact_entries": list(reading.doubts),
    }


def _plain_rounding(rounding: Rounding) -> Plain:
    """How each matrix is rounded, and the exact ones."""
    exact = {name: plain_matrix(getattr(rounding.exact, name)) for name in ("AT", "G", "BT")}
    return {"to": dict(rounding.rules), "exact": exact}


def plain_report(report: ErrorReport) -> Plain:
    """An error report, theory and sample apart; numbers that are not finite become null."""
    return {
        "tile": str(report.algorithm.tile),
        "points": [str(points) for points in report.algorithm.points],
        "multiplications": report.algorithm.multiplications,
        "format": str(report.precision),
        "channels": report.channels,
        "law": report.law.name,
        "condition": asdict(report.condition),
        "reach": _finite(asdict(report.reach)),
        "bound": _finite(report.bound),
        "predicted": asdict(report.predicted),
        "measured": _finite(asdict(report.measured)),
        "samples": report.samples,
        "seed": report.seed,
        "warnings": list(report.warnings),
    }


def _finite(data: Any) -> Any:
    """Plain data in which numbers that are not finite are None."""
    if isinstance(data, dict):
        return {name: _finite(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not isfinite(data) else data
