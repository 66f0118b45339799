"""What stands right of a sign of assignment: rows below one another, rows cut short, what looks like a matrix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wincook.interchange.read.numbers.cell import Cell, Grid, grid
from wincook.interchange.read.syntax.declared.values import Value
from wincook.interchange.read.syntax.words import Word, matching

_FEWEST_IN_A_ROW, FEWEST_IN_ALL = 2, 4
_MOST_NUMBERS = 50_000
_SIDES = 2  # rows and columns


def stacked_rows(listed: list[Word]) -> list[Word]:
    """Bracketed rows one below the other as one list: `[1 0]`, `[   ]`, `[0 1]` is `[[1 0], [0 1]]`."""
    groups: list[list[Word]] = []
    at = 0
    while at < len(listed) and listed[at].text == "[":
        end = matching(listed, at)
        groups.append(listed[at : end + 1])
        at = end + 1
    below = all(group[0].starts_line for group in groups[1:])
    if at < len(listed) or len(groups) < _FEWEST_IN_A_ROW or not below:
        return listed
    rows = [Word("[")]
    for group in groups:
        if len(group) > _FEWEST_IN_A_ROW:
            rows += [*group, Word(",")]
    return [*rows, Word("]")]


def padded(value: Value, sizes: Sequence[int]) -> Grid:
    """The array of a value: what the rows of an initialiser leave out is zero; so is the end of a flat one.

    Raises:
        DataError: rows of different lengths where no sizes are declared.
    """
    if len(sizes) == _SIDES and value and all(isinstance(row, list) for row in value):
        longest = max(len(row) for row in value)
        value = [[*row, *[Cell(0)] * (longest - len(row))] for row in value]
    elif sizes and value and not any(isinstance(item, list) for item in value):
        missing = int(np.prod(sizes)) - len(value)
        value = [*value, *[Cell(0)] * (missing if 0 < missing < _MOST_NUMBERS else 0)]
    array = grid(value)
    return array[0] if array.ndim > _SIDES and len(array) == 1 else array  # {{{…}}} of std::array


def shows_matrix(listed: Sequence[Word]) -> bool:
    """Whether the words are a list with rows of numbers, or with enough numbers for a matrix."""
    counts: list[int] = []
    rows = entries = commas = 0
    for word in listed:
        commas += word.text == ","
        if word.kind == "SIGN" and word.text in "[{":
            counts.append(0)
        elif word.kind == "SIGN" and word.text in "]}" and counts:
            count = counts.pop()
            rows += bool(counts) and count >= _FEWEST_IN_A_ROW
            entries = max(entries, count)
        elif word.kind == "NUMBER" and counts:
            counts[-1] += 1
    most = max([entries, *counts], default=0)
    return rows >= _FEWEST_IN_A_ROW or most >= FEWEST_IN_ALL or (most > 0 and commas >= FEWEST_IN_ALL - 1)
