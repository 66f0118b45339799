"""What stands in a page or a notebook beside tables and pictures: matrices and code."""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from wincook.report.table import Part


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


Piece = Part | Matrix | Code
