"""What a command showed, as a page."""

from __future__ import annotations

from pathlib import Path

from wincook.arguments import words
from wincook.files import given_path, write_atomically
from wincook.report.html.page import page
from wincook.report.html.section import Section
from wincook.report.table import Heading, View


def view_page(title: str, lead: str, view: View) -> str:
    """The text of a page of one view: tables first, then what is said of them.

    Raises:
        NotationError: no view, or a title or lead that is no text.
    """
    title, lead, view = words("title", title, "Ranges"), words("lead", lead, "wincook ranges"), View.of(view)
    sentences = tuple(
        line
        for part in view.parts
        if isinstance(part, Heading | str)
        for line in (part.words if isinstance(part, Heading) else part).splitlines()
        if line.strip()
    )
    return page(title, lead, [Section("Results", tables=view.tables), Section("Remarks", paragraphs=sentences)])


def write_view_page(path: str | Path, title: str, lead: str, view: View) -> Path:
    """Write such a page, whole or not at all.

    Raises:
        NotationError: no path, no view, or a title or lead that is no text.
        OutputError: the file cannot be written.
    """
    path = given_path("path", path)
    write_atomically(path, view_page(title, lead, view).encode(errors="backslashreplace"))
    return path
