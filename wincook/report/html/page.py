"""Sections as one HTML page.

All of its text is escaped, by jinja2's autoescape; a name that the template uses and nobody gave is an error. The page
forbids the browser to load anything (Content-Security-Policy), so that it can be trusted offline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.table import Column, Table
from rich.text import Text

from wincook.report.figures.theme import DARK, LIGHT
from wincook.report.html.inline import picture_markup
from wincook.report.html.mathml import matrix_markup
from wincook.report.html.section import Section
from wincook.version import __version__


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table of the terminal as plain text; `right` tells which columns hold numbers."""

    title: str
    note: str
    head: tuple[str, ...]
    right: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def page(title: str, lead: str, sections: Sequence[Section]) -> str:
    """The text of the page; the same for the same sections.

    Args:
        title: of the page.
        lead: one paragraph under it.
        sections: each with its own heading; they may hold sections, one level deep.
    """
    environment = Environment(
        loader=PackageLoader("wincook.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html")
    return template.render(
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
        "pictures": [picture_markup(one, f"{key}-p{number}") for number, one in enumerate(section.pictures)],
        "tables": [_grid(one) for one in section.tables],
        "matrices": [(one.name, matrix_markup(one)) for one in section.matrices],
        "sections": [_prepared(one, f"{key}-{number}") for number, one in enumerate(section.sections, start=1)],
    }


def _grid(table: Table) -> _Grid:
    columns = [tuple(_cells(column)) for column in table.columns]
    return _Grid(
        title=_plain(table.title),
        note=_plain(table.caption),
        head=tuple(_plain(column.header) for column in table.columns),
        right=tuple(column.justify == "right" for column in table.columns),
        rows=tuple(zip(*columns, strict=True)),
    )


def _cells(column: Column) -> Iterator[str]:
    return map(_plain, column.cells)


def _plain(words: Any) -> str:
    """Text without its colours; nothing for nothing."""
    return words.plain if isinstance(words, Text) else str(words or "")
