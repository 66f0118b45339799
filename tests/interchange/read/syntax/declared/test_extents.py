"""How far values reach, and where lists begin."""

from __future__ import annotations

import pytest

from wincook.interchange.read.syntax.declared.extents import Extents
from wincook.interchange.read.syntax.language import GO, PROSE, SCRIPT, C, Language
from wincook.interchange.read.syntax.words import words


@pytest.mark.parametrize(
    ("text", "value", "language"),
    [
        ("{1, 2}, b = 3;", "{ 1 , 2 }", C),
        ("{1}\n/ 2; x", "{ 1 } / 2", C),
        ("[1]\nx = 2", "[ 1 ]", SCRIPT),
        ("[1] *\n2\nx", "[ 1 ] * 2", SCRIPT),
        ("[1]\n[2]\nx", "[ 1 ] [ 2 ]", GO),
        ("[1 0] (4x3) is", "[ 1 0 ]", PROSE),
        ("[1 0] where", "[ 1 0 ]", PROSE),
        ("1.0 as f32", "1.0", C),
        ("vector<int>{1}; x", "vector < int > { 1 }", C),
    ],
)
def test_a_value_ends_where_its_statement_does(text: str, value: str, language: Language) -> None:
    listed = words(text)
    assert " ".join(word.text for word in listed[: Extents(listed, language).end(0)]) == value


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("[1]", True),
        ("np.array([1])", True),
        ("vec![1]", True),
        ("new float[4] {1}", True),
        ("1 + [2]", False),
        ("x;", False),
    ],
)
def test_a_list_begins_with_or_without_a_head(text: str, begins: bool) -> None:
    assert Extents(words(text), C).begins_list(0) == begins


@pytest.mark.parametrize(
    ("text", "initialises"),
    [
        ("const Mat BT {{1}}", True),
        ("Mat BT {-1, 2}", True),
        ("float BT [2] {1}", True),
        ("struct BT {1}", False),
        ("return BT {{1}}", False),
        ("BT {{1}}", False),
    ],
)
def test_a_brace_behind_a_typed_name_initialises_it(text: str, initialises: bool) -> None:
    listed = words(text)
    place = next(at for at, word in enumerate(listed) if word.text == "{")
    assert Extents(listed, C).initialises(place) == initialises


def test_a_list_that_is_never_closed_breaks_off() -> None:
    listed = words("{{1, 2}, {3")
    extents = Extents(listed, C)
    assert extents.breaks_off(0, extents.end(0), 4)
