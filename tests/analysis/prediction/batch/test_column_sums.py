"""Errors of modelled outputs, against the same sums as a program, rounded as `predict` has it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from wincook.analysis.prediction import propagation
from wincook.analysis.prediction.batch.column_sums import errors_of_columns, partners_of
from wincook.analysis.prediction.batch.rounding import Rounding, rounding_of
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_constant import ROUNDING
from wincook.formats import FLOAT32
from wincook.program.cost import cost
from wincook.program.programs import program_of

MATRICES = {
    "F(2,3)": [[1, 1, 1, 0], [0, 1, -1, 1]],
    "pairs": [[1, 1, 1, 1, 0], [0, 1, 3, -3, 0], [0, 1, 9, 9, 1]],
    "two pairs": [[1, 1, 1, 1], [1, -1, 3, -3], [1, 1, 9, 9], [1, -1, 27, -27]],
    "a common constant": [[3, -3, 3, 0]],
    "a common constant in one of two rows": [[5, 0, -5], [1, 7, 3]],
    "all are -1": [[-1, -1, -1]],
    "1 after -1": [[-1, 1, 0], [5, 1, -1]],
    "-1 among others": [[-1, 3, 5], [7, -1, 3]],
    "2 twice": [[2, 2, 0], [0, 2, 3]],
    "no constant of 1": [[3, 5, 7]],
    "one product": [[0, 3, 0], [-1, 0, 0]],
}


def modelled(rows: list[list[Fraction]], moments: np.ndarray) -> tuple[np.ndarray, np.ndarray, Rounding]:
    """The variances of the outputs in units of c·u², what the format makes of the constants, and the counts."""
    A = np.array(rows, float)
    rounding, slip, errors = rounding_of(FLOAT32.precision), np.zeros(A.shape), np.zeros(len(A))
    rounding.counts[:] = 0
    partners = np.zeros(A.shape[1], np.int64)
    partners_of(A, partners)
    errors_of_columns(A, moments, partners, slip, rounding, errors, np.zeros(A.shape[1]))
    return errors, slip, rounding


@pytest.mark.parametrize("name", MATRICES)
def test_products_make_the_errors_that_are_predicted(name: str) -> None:
    rows = [list(map(Fraction, row)) for row in MATRICES[name]]
    program, R = program_of(tuple(map(tuple, rows)), "M", "y"), len(rows[0])
    root = np.random.default_rng(R).standard_normal((R, R))
    moments, seen = root @ root.T, propagation.sights([np.eye(len(rows))])
    expected = propagation.error((Forms.of(program, FLOAT32),), FLOAT32, ((moments,),), seen).variance
    errors, slip, rounding = modelled(rows, moments)
    np.testing.assert_allclose(errors * ROUNDING * float(FLOAT32.unit_roundoff) ** 2, expected, rtol=0.02)
    assert not slip.any()
    counted = cost(program)
    assert rounding.counts.tolist() == [counted.sums, counted.multiplications]


@pytest.mark.parametrize("name", MATRICES)
def test_slips_are_what_the_constants_of_the_program_are_off(name: str) -> None:
    """Over 3, no constant but a ratio is held by the format."""
    rows = [[Fraction(c, 3) for c in row] for row in MATRICES[name]]
    program = program_of(tuple(map(tuple, rows)), "M", "y")
    _, slip, _ = modelled(rows, np.eye(len(rows[0])))
    np.testing.assert_allclose(slip, Forms.of(program, FLOAT32).slip, rtol=1e-6, atol=1e-16)
