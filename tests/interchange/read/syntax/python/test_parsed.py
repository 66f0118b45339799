"""Modules of Python 2 and notebooks are parsed without the lines that only these have."""

from __future__ import annotations

import ast

import pytest

from wincook.interchange.read.syntax.python.parsed import parsed
from wincook.interchange.read.syntax.python.shapes import shows_matrix


def test_lines_of_python_2_and_of_notebooks_are_left_out() -> None:
    text, tree = parsed("x = 1\nif x:\n    print 'a'\n!ls\ny = 2")
    assert text == "x = 1\nif x:\n    pass\npass\ny = 2"
    assert [type(node).__name__ for node in tree.body] == ["Assign", "If", "Pass", "Assign"]


@pytest.mark.parametrize("text", ["x = ", "float x[2] = {1, 2};", "print 1\n" * 50])
def test_other_languages_are_no_python(text: str) -> None:
    with pytest.raises(SyntaxError):
        parsed(text)


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("f([[1, 2], [x, 4]])", False),
        ("f([[1, 2], [3, 4]])", True),
        ("[1, x, y, z]", True),
        ("[x, y, z, w]", False),
        ("[1, 2, 3]", False),
        ("scale * [[1/2, 0], [0, -1]]", True),
    ],
)
def test_rows_of_numbers_look_like_a_matrix(text: str, shows: bool) -> None:
    assert shows_matrix(ast.parse(text, mode="eval").body) == shows
