"""Errors of modelled chains, against the same sums as a program, rounded as `predict` has it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tests.near import near
from wincook.analysis.prediction import propagation
from wincook.analysis.prediction.batch.rounding import ADDITIONS, PRODUCTS, rounding_of
from wincook.analysis.prediction.batch.row_sums import errors_of_rows
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_constant import ROUNDING
from wincook.formats import FLOAT32
from wincook.program.cost import cost
from wincook.program.programs import program_of

MATRICES = {
    "chains": [[0, 1, 1, 0], [0, 4, -2, 1], [1, 0, 0, 0]],
    "a common constant": [[3, -3, 3, 0]],
    "a pair": [[1, 3, 9, 0], [1, -3, 9, 0]],
    "a pair of opposite signs": [[-1, 3, -9, 27], [1, 3, 9, 27]],
    "a pair with a divided part": [[1, 6, 1, 12], [1, -6, 1, -12]],
    "a pair without a unit": [[3, 10, 3, 0], [3, -10, 3, 0]],
    "a pair of equal parts": [[5, 5, 5, 5], [5, -5, 5, -5]],
    "a negative part": [[-7, 3, -7, 3], [-7, -3, -7, -3]],
    "a part that begins with -1": [[1, -1, 5, 3], [1, 1, 5, -3]],
    "a part that begins with 3 and has a -1": [[1, 3, 5, -1], [1, -3, 5, 1]],
    "a common constant beside a 1": [[3, 3, 1, 0], [3, 3, -1, 0]],
    "a common constant beside a -1": [[5, 5, -1, -1], [5, 5, 1, 1]],
    "two rows that are one but for their sign": [[1, 3, -5], [-1, -3, 5]],
    "two equal rows": [[0, 2, 1, 5], [0, 2, 1, 5]],
    "a pair apart": [[1, 3, 9], [7, 5, 1], [1, -3, 9], [0, 0, 1]],
}


@pytest.mark.parametrize(("mean", "zeros", "within"), [(0.0, 0.0, 0.02), (0.0, 0.5, 0.02), (0.5, 0.0, 0.1)])
@pytest.mark.parametrize("name", MATRICES)
def test_data_make_the_errors_that_are_predicted(name: str, mean: float, zeros: float, within: float) -> None:
    """Constants that float32 holds; y sees the rows by a random matrix A, times random numbers of moments S."""
    rows = MATRICES[name]
    program = program_of(tuple(tuple(map(Fraction, row)) for row in rows), "x", "y")
    rng = np.random.default_rng(len(rows))
    A, root = rng.standard_normal((3, len(rows))), rng.standard_normal((len(rows), len(rows)))
    S, forms = root @ root.T, Forms.of(program, FLOAT32)
    moments = ((np.eye(len(rows[0])) + mean**2,),)
    seen = propagation.sights([A], ((S,),))
    expected = propagation.error((forms,), FLOAT32, moments, seen, zeros=zeros).variance.sum()
    rounding, slip, errors = rounding_of(FLOAT32.precision, zeros), np.zeros(np.shape(rows)), np.zeros((5, len(rows)))
    rounding.counts[:] = 0
    errors_of_rows(np.array(rows, float), slip, rounding, np.zeros((6, 8)), errors)
    places, partners, W = range(len(rows)), errors[2].astype(int), A.T @ A * S
    own, shared = errors[0] + mean**2 * errors[1], errors[3] + mean**2 * errors[4]
    total = sum(own[k] * W[k, k] + 2 * shared[k] * W[k, partners[k]] for k in places)
    assert total == near(expected / ROUNDING / float(FLOAT32.unit_roundoff) ** 2, rel=within)
    assert not slip.any()
    counted = cost(program)
    assert rounding.counts.tolist() == [counted.sums, counted.multiplications]
    assert (ADDITIONS, PRODUCTS) == (0, 1)


@pytest.mark.parametrize("name", MATRICES)
def test_slips_are_what_the_constants_of_the_program_are_off(name: str) -> None:
    """Over 3, no constant but a ratio is held by the format."""
    rows = [[Fraction(c, 3) for c in row] for row in MATRICES[name]]
    program = program_of(tuple(map(tuple, rows)), "x", "y")
    slip, errors = np.zeros((len(rows), len(rows[0]))), np.zeros((5, len(rows)))
    errors_of_rows(np.array(rows, float), slip, rounding_of(FLOAT32.precision), np.zeros((6, 8)), errors)
    np.testing.assert_allclose(slip, Forms.of(program, FLOAT32).slip, rtol=1e-6, atol=1e-16)
