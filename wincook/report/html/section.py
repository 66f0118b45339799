"""What a section of the page holds. The page knows these values alone, and nothing of what they were made from."""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from wincook.report.figures.canvas import Picture
from wincook.report.table import Table


@dataclass(frozen=True, slots=True)
class Matrix:
    """An exact matrix under its name; of `AT` and `BT` the T is set as an exponent."""

    name: str
    entries: sympy.ImmutableMatrix


@dataclass(frozen=True, slots=True)
class Code:
    """Straight-line code, and what it computes."""

    heading: str
    lines: str


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
