"""Blocks of sums over three values, by the lines of a plane."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest

from tests.near import near
from wincook.program.linear_forms import Matrix
from wincook.program.passes.blocks import _least_error, share_lines
from wincook.program.passes.plane import AXES, Point, fewest_lines, primitive
from wincook.program.sums import Sums, dot_products, matrix_of_sums


def matrix_of_rows(*rows: str) -> Matrix:
    return tuple(tuple(Fraction(word) for word in row.split()) for row in rows)


def additions(sums: Sums) -> int:
    return sum(len(terms) - 1 for terms in sums.sums if terms)


def test_the_filters_of_f43_take_five_additions() -> None:
    matrix = matrix_of_rows("1 0 0", "1 1 1", "1 -1 1", "1 2 4", "1 -2 4", "0 0 1")
    sums = share_lines(dot_products(matrix))
    assert additions(sums) == 5
    assert matrix_of_sums(sums) == matrix


def test_values_that_but_two_sums_read_belong_to_the_block() -> None:
    """x0 + x1 is shared, though x2 stands in two rows only: 2 + 2 + 1 additions as written."""
    matrix = matrix_of_rows("1 1 1", "1 1 -1", "1 1 0")
    sums = share_lines(dot_products(matrix))
    assert (additions(dot_products(matrix)), additions(sums)) == (5, 3)
    assert matrix_of_sums(sums) == matrix


def test_a_term_of_its_own_is_added_to_the_block() -> None:
    # The even rows of BT of F(6,3): three of three terms, one with d0 besides; 2 + 2 + 2 + 3 additions as written.
    matrix = matrix_of_rows("0 1 -17/4 1", "0 4 -5 1", "0 1/4 -5/4 1", "-1 21/4 -21/4 1")
    sums = share_lines(dot_products(matrix))
    assert (additions(dot_products(matrix)), additions(sums)) == (9, 8)
    assert matrix_of_sums(sums) == matrix


def test_multiples_within_a_block_are_no_additions() -> None:
    matrix = matrix_of_rows("1 2 3", "-2 -4 -6", "0 1 3/2", "1/2 1 3/2")
    sums = share_lines(dot_products(matrix))
    assert additions(sums) == 2
    assert matrix_of_sums(sums) == matrix


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 1, 1), (1, -1, 1)],
        [(1, 1, 1), (1, -1, 1), (1, 2, 4), (1, -2, 4)],
        [(1, 3, 9), (2, 1, 5)],
        [(-2, -5, -1), (-5, -5, -1), (5, -6, -1)],
    ],
)
def test_steps_have_the_least_error_of_all_ways_and_pairs(rows: list[Point]) -> None:
    """Each rounding is as large as its point; errors of the terms come along, and axes have none."""
    ways = fewest_lines(frozenset(map(primitive, rows)))

    def total(steps: Sequence[tuple[Point, Point, Point]]) -> float:
        errors = dict.fromkeys(AXES, 0.0)
        for point, p, q in steps:
            solved = np.linalg.lstsq(np.array([p, q], float).T, np.array(point, float), rcond=None)[0]
            errors[point] = float(abs(solved[0]) * errors[p] + abs(solved[1]) * errors[q] + np.linalg.norm(point))
        return sum(float(error / np.linalg.norm(point)) for point, error in errors.items())

    def choices(way: tuple[Point, ...]) -> Iterator[list[tuple[Point, Point, Point]]]:
        pairs = [
            [
                (way[place], p, q)
                for p, q in combinations(way[:place], 2)
                if not np.linalg.det([p, q, way[place]]).round(9)
            ]
            for place in range(3, len(way))
        ]
        yield from map(list, product(*pairs))

    least = min(total(steps) for way in ways for steps in choices(way))
    assert total(_least_error(ways)) == near(least, rel=1e-12)
