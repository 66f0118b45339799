"""Values as plain data, ready for JSON: numbers as numbers, exact entries as strings."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

import sympy

from wincook.analysis.analyse import ErrorReport
from wincook.analysis.condition import Conditions
from wincook.bilinear import BilinearAlgorithm, Proof, Transforms
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


def plain_verdict(axis: Transforms, verdict: Verdict) -> Plain:
    """What matrices of one axis were found to be."""
    return {
        "tile": str(axis.tile),
        "multiplications": axis.multiplications,
        "kind": verdict.kind,
        "scale": str(verdict.scale),
        "points": None if verdict.points is None else str(verdict.points),
        "sums": verdict.sums,
        "wrong": verdict.wrong,
        "mistakes": [str(mistake) for mistake in verdict.mistakes],
    }


def plain_conditions(algorithm: BilinearAlgorithm, numbers: Conditions) -> Plain:
    """Condition numbers under the names of the matrices."""
    points = [str(points) for points in algorithm.points]
    return {"tile": str(algorithm.tile), "points": points, **asdict(numbers)}


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
