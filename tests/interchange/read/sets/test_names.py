"""What names say of matrices, and how unlike two of them are."""

from __future__ import annotations

import pytest

from wincook.interchange.read.sets.names import distance, is_transposed, label, letters_of_names
from wincook.interchange.read.tables import Unread


def item(name: str, *scope: str) -> Unread:
    return Unread(name, "", is_matrix=True, scope=scope)


@pytest.mark.parametrize(
    ("name", "letter", "sure"),
    [
        ("AT", "A", True),
        ("winograd_G", "G", True),
        ("self.B_T", "B", True),
        ("kernelTransform", "G", True),
        ("data_transform", "B", True),
        ("input", "B", False),
        ("g", "G", False),
        ("colour", "", False),
        ("G_data", "G", True),
    ],
)
def test_a_name_says_a_letter_surely_or_not(name: str, letter: str, sure: bool) -> None:
    assert label(item(name))[:2] == (letter, sure)


def test_words_and_scopes_set_names_apart() -> None:
    assert distance(item("AT_4"), item("G_4")) == (0, 0)
    assert distance(item("AT_4"), item("G_2")) == (2, 0)
    assert distance(item("AT", "F23"), item("G", "F43")) == (0, 2)
    assert [is_transposed(name) for name in ("B_T", "BT", "B", "G")] == [True, True, False, False]


def test_letters_that_are_a_set_together() -> None:
    assert letters_of_names(["i_4x4[1]", "f_4x4[1]", "o_4x4[1]", "i_4x4[0]"]) == {
        "i_4x4[1]": "B",
        "f_4x4[1]": "G",
        "o_4x4[1]": "A",
    }
    assert letters_of_names(["x", "w_4", "y"]) == {}
