"""Rows below one another, rows cut short, and what looks like a matrix."""

from __future__ import annotations

import pytest

from wincook.interchange.read.numbers.cell import Cell
from wincook.interchange.read.syntax.declared.right_side import padded, shows_matrix, stacked_rows
from wincook.interchange.read.syntax.words import words


def test_rows_on_lines_of_their_own_are_one_list() -> None:
    stacked = stacked_rows(words("[1 0]\n[0 1]"))
    assert " ".join(word.text for word in stacked) == "[ [ 1 0 ] , [ 0 1 ] , ]"
    beside = words("[1 0] [0 1]")
    assert stacked_rows(beside) == beside


@pytest.mark.parametrize(
    ("rows", "sizes", "entries"),
    [
        ([[1], [2, 3]], [2, 2], [1, 0, 2, 3]),
        ([1, 2], [2, 2], [1, 2, 0, 0]),
        ([[[1, 2]]], [], [1, 2]),
    ],
)
def test_what_an_initialiser_leaves_out_is_zero(rows: object, sizes: list[int], entries: list[int]) -> None:
    def cells(value: object) -> object:
        return [cells(item) for item in value] if isinstance(value, list) else Cell(value)

    assert [cell.value for cell in padded(cells(rows), sizes).ravel()] == entries


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("{{1, x}, y}", False),
        ("{{1, 2}, {2, 3}}", True),
        ("{1, 2, 3, 4}", True),
        ("{x, y}", False),
        ("f(1, 2)", False),
    ],
)
def test_rows_of_numbers_look_like_a_matrix(text: str, shows: bool) -> None:
    assert shows_matrix(words(text)) == shows
