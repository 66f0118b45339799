"""Literals of any language, and arrays of cells."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell, grid, literal

LITERALS = {
    "1": 1, "1u": 1, "1UL": 1, "0x2": 2, "1_000": 1000, "8'sd3": 3, "1.": 1, ".5": Fraction(1, 2),
    "0.25f": Fraction(1, 4), "1.5h": Fraction(3, 2), "2.f64": 2, "2_f32": 2,
    "1e-1": Fraction(1, 10), "0x1p-2f": Fraction(1, 4),
}  # fmt: skip


@pytest.mark.parametrize("text", LITERALS)
def test_literals_of_many_languages(text: str) -> None:
    assert literal(text).value == LITERALS[text]


def test_an_integer_is_one_only_if_it_is_written_so() -> None:
    assert literal("1").cut_quotient(literal("4")).value == 0
    assert literal("1.f").cut_quotient(literal("4")).value == Fraction(1, 4)
    assert literal("1f").cut_quotient(literal("4")).value == Fraction(1, 4)
    for refused in ("017", "1x", "0x", "1e99"):
        with pytest.raises(DataError):
            literal(refused)


def test_arrays_of_cells_have_the_arithmetic_of_numpy(golden: Golden) -> None:
    array = grid([[Cell(1), Cell(2)], [Cell(3), Cell(4)]])
    scaled = np.asarray(array / np.asarray(Cell(2), object))
    assert [cell.value for cell in scaled.ravel()] == [Fraction(1, 2), 1, Fraction(3, 2), 2]
    with golden.raises(DataError, match=r"1.*2"):
        grid([[Cell(1)], [Cell(1), Cell(2)]])
