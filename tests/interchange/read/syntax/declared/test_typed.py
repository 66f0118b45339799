"""What types and sizes make of numbers."""

from __future__ import annotations

from fractions import Fraction

from wincook.interchange.read.numbers.cell import Cell, literal
from wincook.interchange.read.syntax.declared.typed import declared_sizes, typed_array, typed_constant
from wincook.interchange.read.syntax.declared.values import Values
from wincook.interchange.read.syntax.language import C
from wincook.interchange.read.syntax.words import words

HALF = literal("0.5")


def test_constants_are_as_their_type_holds_them() -> None:
    assert typed_constant(HALF, ("const", "int")).value == 0
    assert isinstance(typed_constant(Cell(2), ("float",)).value, Fraction)
    assert isinstance(typed_constant(Cell(2), ()).value, int)


def test_arrays_are_cut_padded_and_remarked_upon() -> None:
    array, remarks = typed_array("G", [[HALF, Cell(3)], [Cell(1)]], ("short",), [2, 2])
    assert [cell.value for cell in array.ravel()] == [0, 3, 1, 0]
    assert remarks == ["G is of the type short: its numbers are cut to integers"]
    assert typed_array("G", [Cell(1), Cell(2), Cell(3)], ("float",), [2])[1] == [
        "G is declared for 2 numbers, and holds 3"
    ]
    assert "rounded to float16" in typed_array("G", [literal("1.f") / literal("3")], ("half",), [])[1][0]


def test_sizes_are_known_or_not() -> None:
    values = Values(C, {"N": Cell(3)})
    dimensions = [words("N + 1"), words("0:2")]
    assert declared_sizes(dimensions, values) == [4, 3]
    assert declared_sizes([words("M"), words("2")], values) == []
