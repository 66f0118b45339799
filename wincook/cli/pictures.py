"""Pictures beside an answer: whether one can be drawn is known before the work begins."""

from __future__ import annotations

from pathlib import Path

from wincook.files import check_place
from wincook.report.figures.theme import Theme


def check_picture(path: Path | None, theme: str = "light") -> None:
    """See that a picture can be drawn, if one is asked for; what draws is imported only then.

    Raises:
        NotationError: an unknown theme.
        OutputError: a file of another kind, or that cannot be written.
    """
    Theme.of(theme)
    if path is not None:
        from wincook.report.figures.canvas import ending

        ending(path)
        check_place(path)
