"""Values of initialisers: arithmetic, lists, casts, calls, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell
from wincook.interchange.read.syntax.declared.values import Values
from wincook.interchange.read.syntax.language import JULIA, RUST, C, Language
from wincook.interchange.read.syntax.words import words


def value(text: str, language: Language = C) -> Any:
    def plain(read: Any) -> Any:
        return [plain(item) for item in read] if isinstance(read, list) else read.value

    return plain(Values(language, {"sq2": Cell(Fraction(7, 5))}).read(words(text, quotes=language.quotes)))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1/2", 0),
        ("1.f/2", Fraction(1, 2)),
        ("-3/2", -1),
        ("(float)1 / 2", Fraction(1, 2)),
        ("(int)1.5f", 1),
        ("sq2 * 2", Fraction(14, 5)),
        ("sqrtf(4.f) - 1", 1),
        ("{{1, 2}, {3,}}", [[1, 2], [3]]),
        ("{1, 2}[1]", 2),
        ("std::array<int, 2>{1.5, 2}", [1, 2]),
        ("INT64_C(7)", 7),
    ],
)
def test_values_of_c(text: str, result: object) -> None:
    assert value(text) == result


def test_arrays_and_quotients_of_other_languages(golden: Golden) -> None:
    assert value("[1 0; 0 1] / 2", JULIA) == [[Fraction(1, 2), 0], [0, Fraction(1, 2)]]
    assert value("[1 2; 3 4]'", JULIA) == [[1, 3], [2, 4]]
    assert value("1 // 2", JULIA) == Fraction(1, 2)
    with golden.raises(DataError):
        value("[0.0; 12]", RUST)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{1, 2", None),
        ("{1 2}", "'2'"),
        ("f(1)", None),
        ("{1} * 2", None),
        ("x", None),
        ("{1}[3]", r"3.*1"),
        ("(" * 30 + "1" + ")" * 30, None),
        ("", None),
    ],
)
def test_what_is_not_understood_is_named(text: str, told: str | None, golden: Golden) -> None:
    with golden.raises(DataError, match=told):
        value(text)
