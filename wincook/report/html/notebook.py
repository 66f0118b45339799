"""Tables, sentences and matrices as a piece of HTML, which a notebook shows in place of the repr."""

from __future__ import annotations

from collections.abc import Iterable

from wincook.report.html.mathml import matrix_markup
from wincook.report.html.pieces import Code, Matrix, Piece
from wincook.report.html.template import template
from wincook.report.table import Heading, Table, View


def fragment(view: View | Iterable[Piece]) -> str:
    """A `div` with the parts in their order; all text is escaped."""
    parts = view.parts if isinstance(view, View) else view
    return template("notebook.html").render(parts=[_named(part) for part in parts if part != ""])


def _named(part: Piece) -> tuple[str, object]:
    """What kind of part it is, and the part as the template shows it."""
    match part:
        case Table():
            return "table", part
        case Heading(words):
            return "heading", words
        case Matrix():
            return "math", matrix_markup(part)
        case Code():
            return "code", f"{part.heading}\n{part.lines}"
        case _:
            return "words", part
