"""Errors of modelled chains, against the same sums as a program, rounded as `predict` has it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from wincook.analysis.prediction import propagation, rounding_constant, twins
from wincook.analysis.prediction.batch.rounding import ADDITIONS, PRODUCTS, Rounding
from wincook.analysis.prediction.batch.sum_chains import errors_of_rows
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_constant import FINEST, ROUNDING, product_factor
from wincook.formats import FLOAT32
from wincook.program.cost import cost
from wincook.program.programs import program_of

# What each matrix is for; the place of the row of -a for each row.
MATRICES = {
    "chains": ([[0, 1, 1, 0], [0, 4, -2, 1], [1, 0, 0, 0]], [-1, -1, -1]),
    "a common constant": ([[3, -3, 3, 0]], [-1]),
    "a pair": ([[1, 3, 9, 0], [1, -3, 9, 0]], [1, 0]),
    "a pair of opposite signs": ([[-1, 3, -9, 27], [1, 3, 9, 27]], [1, 0]),
    "a pair with a divided part": ([[1, 6, 1, 12], [1, -6, 1, -12]], [1, 0]),
    "a pair without a unit": ([[3, 10, 3, 0], [3, -10, 3, 0]], [1, 0]),
    "a pair of equal parts": ([[5, 5, 5, 5], [5, -5, 5, -5]], [1, 0]),
    "a negative part": ([[-7, 3, -7, 3], [-7, -3, -7, -3]], [1, 0]),
}


def _rounding() -> Rounding:
    products = np.array([product_factor(Fraction(odd)) for odd in range(1, FINEST + 1, 2)] + [1.0])
    split = 2.0 ** (53 - FLOAT32.precision) + 1
    return Rounding(split, rounding_constant.tables(), twins.tables(), products, np.zeros(2, np.int64))


@pytest.mark.parametrize("name", MATRICES)
def test_white_data_make_the_errors_that_are_predicted(name: str) -> None:
    """Constants that float32 holds; y sees the rows by a random matrix A, times random numbers of moments S."""
    rows, partner = MATRICES[name]
    program = program_of(tuple(tuple(map(Fraction, row)) for row in rows), "x", "y")
    rng = np.random.default_rng(len(rows))
    A, root = rng.standard_normal((3, len(rows))), rng.standard_normal((len(rows), len(rows)))
    S, forms = root @ root.T, Forms.of(program, FLOAT32)
    white = ((np.eye(len(rows[0])),),)
    expected = propagation.error((forms,), FLOAT32, white, propagation.sights([A], ((S,),))).variance.sum()
    rounding = _rounding()
    weights = (A.T @ A * S)[None]
    errors = errors_of_rows(np.array(rows, float), np.array(partner), weights, 1, rounding)
    u = float(FLOAT32.unit_roundoff)
    assert errors[0, 0] * ROUNDING * u**2 == pytest.approx(expected, rel=0.02)
    counted = cost(program)
    assert rounding.counts[ADDITIONS] == counted.sums
    assert rounding.counts[PRODUCTS] == counted.multiplications
