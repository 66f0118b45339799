"""Values as plain data, ready for JSON: numbers as numbers, exact entries as strings."""

from __future__ import annotations

import re
from dataclasses import asdict
from math import isfinite
from typing import Any

import sympy

from wincook.analysis.analyse import ErrorReport
from wincook.bilinear import BilinearAlgorithm, Proof, Transforms
from wincook.exact.number import Algebraic, Number
from wincook.interchange.read.sets.reading import Reading
from wincook.judge import Rounding, Verdict
from wincook.program.cost import cost
from wincook.program.ir import Fma, Mul, Op, Program
from wincook.program.schedule import Schedule

Plain = dict[str, Any]


def symbolic(number: Number) -> sympy.Expr:
    """A constant of a program as a sympy number."""
    if isinstance(number, Algebraic):
        return number.field.to_sympy(number.element)
    return sympy.Rational(number.numerator, number.denominator)


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀ", "0123456789+-T")
_RADICAND = re.compile(r"\d+|sqrt\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SPELT = str.maketrans(
    {"±": "+-", "∞": "inf", "√": "sqrt", "·": "*", "×": "x", "÷": "/", "−": "-", "–": "-", "—": "-", "…": "..."}
    | {"≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "’": "'", "★": "*", "⊙": "*", "‖": "||"}
    | {"κ": "kappa", "σ": "sigma", "ρ": "rho", "Σ": "sum", "Π": "prod", "∂": "d"}
    | {"░": ".", "▒": ":", "▓": "*", "█": "#"}
)


def ascii_text(words: str) -> str:
    r"""Text in ASCII alone: points and numbers as `Points.parse` takes them, the rest as it is commonly spelt.

    What has no such spelling is given by its code.

    >>> print(ascii_text("0, ±1/2, ±2√2, ∞; κ∞ ≤ 2·10⁻³, ‖·‖₁ of x²+1: ü"))
    0, +-1/2, +-2*sqrt(2), inf; kappa_inf <= 2*10^-3, norm_1 of x^2+1: \xfc
    """
    if words.isascii():
        return words
    words = words.replace("κ∞", "kappa_inf").replace("‖·‖∞", "norm_inf").replace("‖·‖", "norm").replace("·", "*")
    words = re.sub(r"(?<=[\w)])√", "*√", words)
    while "√" in words:  # the last one first: it stands within the others
        before, _, after = words.rpartition("√")
        radicand = _RADICAND.match(after)
        words = f"{before}sqrt({radicand[0]}){after[radicand.end() :]}" if radicand else f"{before}sqrt{after}"
    words = re.sub("[⁰¹²³⁴-⁹⁺⁻ᵀ]+", lambda raised: f"^{raised[0].translate(_RAISED)}", words)
    words = re.sub("[₀-₉]+", lambda lowered: f"_{lowered[0].translate(_LOWERED)}", words)
    return words.translate(_SPELT).encode("ascii", "backslashreplace").decode()


def plain_matrix(matrix: sympy.ImmutableMatrix) -> list[list[str]]:
    """Rows of exact entries."""
    return [[str(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)]


def plain_algorithm(algorithm: BilinearAlgorithm) -> Plain:
    """Tile, kind, points, counts and the matrices of every axis, or of the joint set."""
    return {
        "tile": str(algorithm.tile),
        "kind": algorithm.kind,
        "modulus": algorithm.modulus,
        "joint": algorithm.joint,
        "points": [str(points) for points in algorithm.points],
        "symbols": list(algorithm.symbols),
        "multiplications": algorithm.multiplications,
        "least_multiplications": algorithm.least_multiplications,
        "direct_multiplications": algorithm.tile.direct_multiplications,
        "axes": [_plain_transforms(axis) for axis in algorithm.axes],
    }


def _plain_transforms(axis: Transforms) -> Plain:
    """The matrices; and those of which they are products, if they are, from left to right."""
    matrices: Plain = {name: plain_matrix(getattr(axis, name)) for name in ("AT", "G", "BT")}
    factors = {name: getattr(axis, f"{name}_factors") for name in matrices}
    products = {name: [plain_matrix(factor) for factor in found] for name, found in factors.items() if found}
    return matrices | ({"factors": products} if products else {})


def plain_schedule(programs: Schedule) -> Plain:
    """The programs of every axis: operations, text and cost."""
    return {
        "filter": [_plain_program(program) for program in programs.filter],
        "input": [_plain_program(program) for program in programs.input],
        "output": [_plain_program(program) for program in programs.output],
    }


def _plain_program(program: Program) -> Plain:
    """Values are numbered, first the inputs, then one per operation; `outputs` are numbers of values."""
    return {
        "inputs": program.inputs,
        "operations": [_plain_operation(op) for op in program.ops],
        "outputs": list(program.outputs),
        "code": str(program).splitlines(),
        "cost": asdict(cost(program)),
    }


def _plain_operation(op: Op) -> Plain:
    exact = {"constant": str(symbolic(op.constant))} if isinstance(op, (Mul, Fma)) else {}
    return {"op": type(op).__name__.lower(), **{name: getattr(op, name) for name in op.__slots__}, **exact}


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
