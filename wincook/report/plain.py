"""Values as plain data, ready for JSON: numbers as numbers, exact entries as strings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sympy

from wincook.analysis.analyse import ErrorReport
from wincook.bilinear import BilinearAlgorithm, Proof
from wincook.construct.foreign import Reading
from wincook.judge import Verdict
from wincook.program.cost import cost
from wincook.program.ir import Program
from wincook.program.schedule import Schedule

Plain = dict[str, Any]


def plain_matrix(matrix: sympy.ImmutableMatrix) -> list[list[str]]:
    """Rows of exact entries."""
    return [[str(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)]


def plain_algorithm(algorithm: BilinearAlgorithm) -> Plain:
    """Tile, points, counts and the matrices of every axis."""
    return {
        "tile": str(algorithm.tile),
        "points": [str(points) for points in algorithm.points],
        "multiplications": algorithm.multiplications,
        "least_multiplications": algorithm.least_multiplications,
        "direct_multiplications": algorithm.tile.direct_multiplications,
        "axes": [
            {"AT": plain_matrix(axis.AT), "G": plain_matrix(axis.G), "BT": plain_matrix(axis.BT)}
            for axis in algorithm.axes
        ],
    }


def plain_schedule(programs: Schedule) -> Plain:
    """The programs of every axis as text, with their costs."""
    return {
        "filter": [_plain_program(program) for program in programs.filter],
        "input": [_plain_program(program) for program in programs.input],
        "output": [_plain_program(program) for program in programs.output],
    }


def _plain_program(program: Program) -> Plain:
    return {"code": str(program).splitlines(), "cost": asdict(cost(program))}


def plain_proof(proof: Proof) -> Plain:
    """What was proven."""
    return {
        "tile": str(proof.tile),
        "multiplications": proof.multiplications,
        "identities": proof.identities,
        "proven": True,
    }


def plain_verdict(reading: Reading, verdict: Verdict) -> Plain:
    """What matrices of one axis were found to be, and how they were read."""
    return {
        "tile": str(verdict.tile),
        "multiplications": reading.axis.multiplications,
        "kind": verdict.kind,
        "nearest": verdict.nearest,
        "scale": str(verdict.scale),
        "points": None if verdict.points is None else str(verdict.points),
        "sums": verdict.sums,
        "wrong": len(verdict.wrong),
        "wrong_sums": [str(one) for one in verdict.wrong],
        "inexact": verdict.inexact,
        "products": list(verdict.products),
        "repairs": [
            {
                "mistakes": [str(mistake) for mistake in repair.mistakes],
                "factors": [str(factor) for factor in repair.factors],
            }
            for repair in verdict.repairs
        ],
        "taken_for": dict(reading.taken_for),
        "decimals": {decimal.text: str(decimal.exact) for decimal in reading.taken},
        "inexact_entries": list(reading.doubts),
    }


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
        "bound": _finite(report.bound),
        "predicted": asdict(report.predicted),
        "measured": {name: _finite(number) for name, number in asdict(report.measured).items()},
        "samples": report.samples,
        "seed": report.seed,
    }


def _finite(number: float) -> float | None:
    return number if abs(number) < float("inf") else None
