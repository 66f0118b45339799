"""`wincook verify` on files and texts: the exit code, and what is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from wincook.cli.group import command_named
from wincook.errors import WincookError


class Said(NamedTuple):
    """The exit code of the command, and its answer and error as one line of single blanks."""

    code: int
    text: str


Verify = Callable[[Sequence[Path | str]], Said]


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    """`wincook verify FILE...`: what the command prints, and the code with which it ends."""
    verify = command_named("verify")

    def run(paths: Sequence[Path | str]) -> Said:
        error = ""
        try:
            code = verify([str(path) for path in paths], standalone_mode=False) or 0
        except WincookError as raised:
            code, error = 2, str(raised)
        return Said(code, " ".join(f"{capsys.readouterr().out} {error}".split()))

    return run


@pytest.fixture
def verify_text(verify: Verify, tmp_path: Path) -> Callable[[str, str], Said]:
    """The same for the text of one file, whose name ends in the suffix."""

    def run(text: str, suffix: str) -> Said:
        path = tmp_path / f"matrices{suffix}"
        path.write_text(text, encoding="utf-8")
        return verify([path])

    return run


RIGHT, WRONG, UNJUDGED, NOTHING = "right", "wrong", "unjudged", "nothing"


@pytest.fixture
def judged(verify_text: Callable[[str, str], Said]) -> Callable[..., None]:
    """Asserts the verdict on a text: `right`, `wrong`, `unjudged`, `nothing`, or one of `wrong|unjudged`; and words."""

    def check(text: str, suffix: str, verdict: str, *told: str) -> None:
        said = verify_text(text, suffix)
        holds = "hold exactly" in said.text
        got = {
            RIGHT: said.code == 0 and holds,
            WRONG: said.code == 1 and re.search("sums are (wrong|off)", said.text) is not None,
            UNJUDGED: said.code == 1 and " not judged: " in f" {said.text}",
            NOTHING: said.code == 2 and not holds,
        }
        assert any(got[wanted] for wanted in verdict.split("|")), said
        for words in told:
            assert words in said.text

    return check
