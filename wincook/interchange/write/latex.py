"""Matrices and programs in LaTeX: `align*` environments, which need the package amsmath."""

from __future__ import annotations

import sympy

from wincook.exact.number import Number
from wincook.interchange.write.ascii import ascii_text
from wincook.interchange.write.document import Document, NamedMatrix, NamedProgram
from wincook.interchange.write.listing import Listing
from wincook.interchange.write.plain import symbolic

_LETTERS = {"AT": "A{}^T", "G": "G{}", "BT": "B{}^T"}


def latex_export(document: Document) -> str:
    """One environment for the matrices, and one for each program."""
    parts = [_aligned([_matrix(part) for part in document.matrices])]
    parts += [f"% {part.name}: {part.formula}\n{_program(part)}" for part in document.named_programs]
    contents = "\n\n".join(parts) + "\n"
    header = [ascii_text(f"% {line}".rstrip()) for line in document.header(contents)]
    return "\n".join([*header, "", contents])


def _aligned(lines: list[str]) -> str:
    return "\n".join([r"\begin{align*}", " \\\\\n".join(lines), r"\end{align*}"])


def _matrix(named: NamedMatrix) -> str:
    """An array: unlike bmatrix it has no largest number of columns, and signs stand under one another."""
    rows = " \\\\\n".join(" & ".join(map(sympy.latex, row)) for row in named.matrix.tolist())
    letter = _LETTERS[named.letters].format(f"_{{{named.suffix}}}" if named.suffix else "")
    columns = "r" * named.matrix.cols
    return f"{letter} &= \\left[\\begin{{array}}{{{columns}}}\n{rows}\n\\end{{array}}\\right]"


def _program(named: NamedProgram) -> str:
    listing = _LatexListing(named.program)
    computed = {name for name, _ in listing.statements}
    lines = [f"{name} &= {expression}" for name, expression in listing.statements]
    targets = (listing.name(named.program.target, place) for place in range(len(listing.outputs)))
    copies = zip(targets, listing.outputs, strict=True)
    return _aligned(lines + [f"{target} &= {value}" for target, value in copies if target not in computed])


class _LatexListing(Listing):
    def name(self, letter: str, place: int) -> str:
        return f"{letter}_{{{place}}}"

    def product(self, a: str, constant: Number) -> str:
        value = symbolic(constant)
        written = sympy.latex(value)
        return rf"\left({written}\right) {a}" if value.is_Add else rf"{written} \, {a}"

    def fused(self, a: str, constant: Number, b: str) -> str:
        return rf"\operatorname{{fma}}\left({a},\, {sympy.latex(symbolic(constant))},\, {b}\right)"
