"""Algorithms and programs as plain data, ready for JSON: exact entries as strings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sympy

from wincook.bilinear import BilinearAlgorithm, Transforms
from wincook.exact.number import Algebraic, Number
from wincook.program.cost import cost
from wincook.program.ir import Fma, Mul, Op, Program
from wincook.program.programs import Programs

Plain = dict[str, Any]


def symbolic(number: Number) -> sympy.Expr:
    """A constant of a program as a sympy number."""
    if isinstance(number, Algebraic):
        return number.field.to_sympy(number.element)
    return sympy.Rational(number.numerator, number.denominator)


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
        "axes": [plain_transforms(axis) for axis in algorithm.axes],
    }


def plain_transforms(axis: Transforms) -> Plain:
    """The matrices; and those of which they are products, if they are, from left to right."""
    matrices: Plain = {name: plain_matrix(getattr(axis, name)) for name in ("AT", "G", "BT")}
    factors = {name: getattr(axis, f"{name}_factors") for name in matrices}
    products = {name: [plain_matrix(factor) for factor in product] for name, product in factors.items() if product}
    return matrices | ({"factors": products} if products else {})


def plain_programs(programs: Programs) -> Plain:
    """The programs of every axis: operations, text and cost."""
    return {
        "filter": [plain_program(program) for program in programs.filter],
        "input": [plain_program(program) for program in programs.input],
        "output": [plain_program(program) for program in programs.output],
    }


def plain_program(program: Program) -> Plain:
    """One program. Values are numbered, first the inputs, then one per operation; `outputs` are numbers of values."""
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
