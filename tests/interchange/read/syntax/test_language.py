"""What is known of languages by the ends of file names."""

from __future__ import annotations

import re

import pytest

from wincook.interchange.read.syntax.language import PROSE, language_of


@pytest.mark.parametrize(
    ("suffix", "cuts", "ends_at_line", "arrays", "preprocessed"),
    [
        (".cu", True, False, False, True),
        (".java", True, False, False, False),
        (".go", True, True, False, False),
        (".js", False, True, False, False),
        (".jl", False, True, True, False),
        (".M", False, True, True, False),
    ],
)
def test_languages_differ(suffix: str, cuts: bool, ends_at_line: bool, arrays: bool, preprocessed: bool) -> None:
    language = language_of(suffix)
    assert (language.cuts, language.ends_at_line, language.arrays, language.preprocessed) == (
        cuts,
        ends_at_line,
        arrays,
        preprocessed,
    )


def test_what_is_not_known_is_prose() -> None:
    assert language_of(".unknown") is PROSE
    assert language_of("") is PROSE


@pytest.mark.parametrize(
    ("suffix", "comment"), [(".c", "/* a\nb */"), (".jl", "#= a\nb =#"), (".m", "% a"), (".py", "# a")]
)
def test_comments_are_found(suffix: str, comment: str) -> None:
    assert re.fullmatch("|".join(language_of(suffix).comments), comment, re.DOTALL)
