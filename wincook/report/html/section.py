"""What a section of the page holds. The page knows these values alone, and nothing of what they were made from."""

from __future__ import annotations

from dataclasses import dataclass

from wincook.report.figures.canvas import Picture
from wincook.report.html.pieces import Code, Matrix
from wincook.report.table import Table


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Shown in the order of the fields."""

    title: str
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    matrices: tuple[Matrix, ...] = ()
    programs: tuple[Code, ...] = ()
    sections: tuple[Section, ...] = ()
