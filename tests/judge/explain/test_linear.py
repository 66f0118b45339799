"""Linear algebra modulo primes, small and large, against all combinations and against sympy."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy.polys.domains import GF
from sympy.polys.matrices import DomainMatrix

from wincook.arrays import Array
from wincook.judge.explain.linear import annihilator, array_of, echelon, rank, solution, times

PRIMES = [2, 7, 2_147_483_647, 2**61 - 1]


@st.composite
def matrices(draw: st.DrawFn, rows: int | None = None) -> tuple[list[list[int]], int]:
    prime = draw(st.sampled_from(PRIMES))
    height, width = rows or draw(st.integers(1, 5)), draw(st.integers(1, 5))
    entries = st.integers(0, prime - 1) | st.integers(0, 1)
    row = st.lists(entries, min_size=width, max_size=width)
    matrix = draw(st.lists(row, min_size=height, max_size=height))
    if draw(st.booleans()):
        matrix[-1] = [sum(column) % prime for column in zip(*matrix, strict=True)]
    return matrix, prime


@pytest.mark.slow
@given(matrices())
def test_the_echelon_form_is_that_of_sympy(case: tuple[list[list[int]], int]) -> None:
    matrix, prime = case
    reduced, pivots = echelon(array_of(matrix, prime), prime)
    field = GF(prime, symmetric=False)
    theirs, places = DomainMatrix(matrix, (len(matrix), len(matrix[0])), GF(prime)).convert_to(field).rref()
    assert tuple(pivots) == places
    assert reduced.tolist() == [[int(x) % prime for x in row] for row in theirs.to_list()[: len(pivots)]]
    assert rank(array_of(matrix, prime), prime) == len(places)


@pytest.mark.slow
@given(matrices())
def test_annihilators_are_all_that_give_nothing(case: tuple[list[list[int]], int]) -> None:
    entries, prime = case
    matrix = array_of(entries, prime)
    rows_outside = annihilator(matrix, prime)
    assert (
        len(rows_outside)
        == len(matrix) - rank(matrix, prime)
        == (rank(rows_outside, prime) if len(rows_outside) else 0)
    )
    assert not times(rows_outside, matrix, prime).any()


@pytest.mark.slow
@given(matrices(), st.data())
def test_solutions_solve(case: tuple[list[list[int]], int], data: st.DataObject) -> None:
    entries, prime = case
    rows = array_of(entries, prime)
    multiples = array_of(data.draw(st.lists(st.integers(0, prime - 1), min_size=len(rows), max_size=len(rows))), prime)
    wanted = times(multiples[None], rows, prime)[0]
    x: Any = solution(rows, wanted, prime)
    assert (times(x[None], rows, prime)[0] == wanted).all()


def test_what_has_no_solution_has_none() -> None:
    rows = array_of([[1, 2, 3], [0, 1, 1]], 5)
    assert solution(rows, array_of([1, 0, 0], 5), 5) is None
    span = {tuple((a * rows[0] + b * rows[1]) % 5) for a, b in product(range(5), repeat=2)}
    for wanted in product(range(5), repeat=3):
        assert (solution(rows, np.array(wanted), 5) is not None) == (wanted in span)


@pytest.mark.parametrize("prime", PRIMES[2:])
def test_the_largest_residues_do_not_overflow(prime: int) -> None:
    most = array_of([[prime - 1] * 300], prime)
    column: Array = most.T
    assert times(most, column, prime).tolist() == [[300 % prime]]
