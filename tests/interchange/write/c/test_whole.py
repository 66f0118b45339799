"""Programs of whole numbers apply the matrices that they are made for."""

from __future__ import annotations

from fractions import Fraction

import pytest

import wincook as wc
from wincook.interchange.write.c.whole import common_denominator, largest_gain, scaled, whole_program
from wincook.program.ir import Fma, Program, Sub
from wincook.program.linear_forms import matrix_of
from wincook.program.programs import exact


@pytest.mark.parametrize("tile", ["F(2,3)", "F(6,3)", "F(4,5)"])
def test_programs_have_whole_constants_and_apply_the_scaled_matrix(tile: str) -> None:
    (axis,) = wc.algorithm(tile).axes
    for letters in ("AT", "G", "BT"):
        matrix = exact(getattr(axis, letters))
        whole = scaled(matrix, common_denominator(matrix))
        program = whole_program(whole, "x", "y")
        assert matrix_of(program) == whole
        assert all(isinstance(constant, Fraction) and constant.denominator == 1 for constant in program.constants)


def test_rows_of_zeros_and_of_single_entries_are_programs_too() -> None:
    whole = tuple(tuple(map(Fraction, row)) for row in ((0, 0, 0), (0, 1, 0), (0, 0, -1), (3, 0, 0), (9, -1, 5)))
    assert matrix_of(whole_program(whole, "x", "y")) == whole


def test_a_gain_counts_what_stands_between() -> None:
    large = Program("x", "y", 2, (Fma(0, Fraction(100), 1), Sub(2, 2)), (3,))
    assert largest_gain(large) == 101
