"""Sections as one HTML page.

All of its text is escaped, by jinja2's autoescape; a name that the template uses and nobody gave is an error. The page
forbids the browser to load anything (Content-Security-Policy), so that it can be trusted offline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from wincook.report.figures.theme import DARK, LIGHT
from wincook.report.html.inline import picture_markup
from wincook.report.html.mathml import matrix_markup
from wincook.report.html.section import Section
from wincook.report.html.template import template
from wincook.version import __version__


def page(title: str, lead: str, sections: Sequence[Section]) -> str:
    """The text of the page; the same for the same sections.

    Args:
        title: of the page.
        lead: one paragraph under it.
        sections: each with its own heading; they may hold sections, one level deep.
    """
    return template("page.html").render(
        title=title,
        lead=lead,
        sections=[_prepared(section, f"s{number}") for number, section in enumerate(sections, start=1)],
        light=LIGHT.colours,
        dark=DARK.colours,
        version=__version__,
    )


def _prepared(section: Section, key: str) -> dict[str, Any]:
    """The fields of a section, as the template shows them, and its id."""
    shown = {field.name: getattr(section, field.name) for field in fields(section)}
    return shown | {
        "id": key,
        "pictures": [picture_markup(picture, f"{key}-p{number}") for number, picture in enumerate(section.pictures)],
        "matrices": [(matrix.name, matrix_markup(matrix)) for matrix in section.matrices],
        "sections": [_prepared(inner, f"{key}-{number}") for number, inner in enumerate(section.sections, start=1)],
    }
