"""Matrices and programs to read: in ASCII, and in Unicode with roots and drawn brackets."""

from __future__ import annotations

from collections.abc import Callable

import sympy

from wincook.exact.notation import text
from wincook.interchange.write.ascii import ascii_text
from wincook.interchange.write.document import Document


def ascii_export(document: Document) -> str:
    """Rows of aligned entries under the name and shape of each matrix, and the statements of the programs."""
    blocks = []
    for named in document.matrices:
        rows = _aligned(named.matrix, str)
        blocks.append(
            "\n".join([f"{named.name} ({named.matrix.rows}x{named.matrix.cols})", *(f"    {row}" for row in rows)])
        )
    return _page(document, blocks, ascii_text)


def unicode_export(document: Document) -> str:
    """Each matrix in drawn brackets, its name before the middle row; and the programs."""
    blocks = []
    for named in document.matrices:
        rows = _bracketed(_aligned(named.matrix, text))
        name = f"{named.name} = "
        names = [name if place == (len(rows) - 1) // 2 else " " * len(name) for place in range(len(rows))]
        blocks.append("\n".join(before + row for before, row in zip(names, rows, strict=True)))
    return _page(document, blocks, str)


def _page(document: Document, blocks: list[str], write: Callable[[str], str]) -> str:
    for named in document.named_programs:
        lines = (f"    {line}" for line in str(named.program).splitlines())
        blocks.append("\n".join([f"{named.name}: {named.formula}", *lines]))
    contents = write("\n\n".join(blocks)) + "\n"
    return write("\n".join(document.header(contents))) + "\n\n" + contents


def _aligned(matrix: sympy.ImmutableMatrix, write: Callable[[sympy.Expr], str]) -> list[str]:
    cells = [[write(entry) for entry in row] for row in matrix.tolist()]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]


def _bracketed(rows: list[str]) -> list[str]:
    if len(rows) == 1:
        return [f"[{rows[0]}]"]
    first, *middle, last = rows
    return [f"⎡{first}⎤", *(f"⎢{row}⎥" for row in middle), f"⎣{last}⎦"]
