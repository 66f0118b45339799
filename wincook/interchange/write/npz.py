"""Matrices and programs as arrays of an npz archive.

AT, G and BT are correctly rounded to float64; residues modulo a prime are int64. Nothing is lost, since `json` holds
the text of the JSON export with all exact numbers. The program of the input transform is held by

    input.operations  int64, one row for each: code, a, b, constant; -1 where there is none
    input.constants   float64, the distinct constants, correctly rounded
    input.outputs     int64, the values that are the outputs
    input.inputs      how many inputs there are; values are numbered, inputs first, then one per operation

and `codes` names the codes, in order. Nothing is pickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import numpy as np
import sympy
from numpy.typing import NDArray

from wincook.arrays import Array
from wincook.exact.number import nearest
from wincook.formats import FLOAT64
from wincook.interchange.write.document import Document
from wincook.interchange.write.json import json_export
from wincook.program.ir import Add, Fma, Mul, Neg, Program, Sub
from wincook.program.programs import exact

Arrays = Mapping[str, Array]

_CODES = {Add: "add", Sub: "sub", Neg: "neg", Mul: "mul", Fma: "fma"}


def npz_export(document: Document) -> bytes:
    """The archive; the same contents give the same bytes."""
    modulus = document.algorithm.modulus
    arrays: dict[str, Array] = {"json": np.array(json_export(document))}
    arrays |= {
        named.name: _residues(named.matrix) if modulus else _rounded(named.matrix) for named in document.matrices
    }
    if document.programs is not None:
        arrays["codes"] = np.array(" ".join(_CODES.values()))
    for named in document.named_programs:
        arrays |= {f"{named.stage}{named.suffix}.{name}": array for name, array in _program(named.program).items()}
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _rounded(matrix: sympy.ImmutableMatrix) -> NDArray[np.float64]:
    return np.array([[float(nearest(entry, FLOAT64)) for entry in row] for row in exact(matrix)], np.float64)


def _residues(matrix: sympy.ImmutableMatrix) -> NDArray[np.int64]:
    return np.array([[int(entry) for entry in row] for row in matrix.tolist()], np.int64)


def _program(program: Program) -> Arrays:
    places = {constant: place for place, constant in enumerate(program.constants)}
    codes = {kind: code for code, kind in enumerate(_CODES)}
    rows = [
        (
            codes[type(op)],
            op.a,
            -1 if isinstance(op, (Neg, Mul)) else op.b,
            places[op.constant] if isinstance(op, (Mul, Fma)) else -1,
        )
        for op in program.ops
    ]
    return {
        "operations": np.array(rows, np.int64).reshape(-1, 4),
        "constants": np.array([float(nearest(constant, FLOAT64)) for constant in program.constants], np.float64),
        "outputs": np.array(program.outputs, np.int64),
        "inputs": np.array(program.inputs),
    }
