"""Words of a text, heads and casts, and blanks that part numbers."""

from __future__ import annotations

import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.syntax.words import after_type, matching, name_at, partners, plain, text_at, words


def texts(text: str, *, blanks: bool = False) -> list[str]:
    return [f"{word.kind[0]}:{word.text}" for word in plain(words(text), blanks=blanks)]


def test_words_have_kinds_and_lines() -> None:
    listed = words('AT[2] =\n  "x" -0.5f')
    assert [(word.text, word.kind, word.line) for word in listed] == [
        ("AT", "NAME", 1),
        ("[", "SIGN", 1),
        ("2", "NUMBER", 1),
        ("]", "SIGN", 1),
        ("=", "SIGN", 1),
        ('"x"', "STRING", 2),
        ("-", "SIGN", 2),
        ("0.5f", "NUMBER", 2),
    ]
    assert [word.starts_line for word in listed].count(True) == 2
    assert (text_at(listed, 5), name_at(listed, 5), text_at(listed, 99), name_at(listed, -1)) == ("", "x", "", "")


def test_brackets_have_partners() -> None:
    listed = words("f({[1]}, (2)) [")
    assert partners(listed)[1] == matching(listed, 1) == len(listed) - 2
    assert partners(listed)[-1] == len(listed)


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("std::array<float, 4>{1}", ["H:std::array < float , 4 >"]),
        ("new float[4,4] {1}", ["H:new float [ 4 , 4 ]"]),
        ("[4][4]float32{1}", ["H:[ 4 ] [ 4 ] float32"]),
        ("vec![1]", ["H:vec !"]),
        ("(float)1 / 2", ["C:float"]),
        ("(const half[4]){1}", ["C:const half [ 4 ]"]),
        ("(x)[1]", []),
    ],
)
def test_types_before_lists_are_one_word(text: str, heads: list[str]) -> None:
    assert [word for word in texts(text) if word[0] in "HC"] == heads


def test_blanks_part_numbers_and_lines_part_rows(golden: Golden) -> None:
    assert texts("[1 -2\n0 1]", blanks=True) == ["S:[", "N:1", "S:,", "S:-", "N:2", "S:;", "N:0", "S:,", "N:1", "S:]"]
    assert texts("[1 - 2]", blanks=True) == ["S:[", "N:1", "S:-", "N:2", "S:]"]
    with golden.raises(DataError):
        texts("new float[4]")
    assert after_type(words("Vec<Vec<f32>> x"), 0) == 7
