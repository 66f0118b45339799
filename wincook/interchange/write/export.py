"""Matrices and programs for other programs, papers and people: one kind of export per file.

Every text starts with a header: the tile and its points, the version of wincook, and a digest of what follows. The same
algorithm gives the same text.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wincook.arguments import choice
from wincook.bilinear import BilinearAlgorithm
from wincook.errors import FormatError, NotationError
from wincook.exact.notation import text
from wincook.files import write_atomically
from wincook.interchange.write.c import c_export
from wincook.interchange.write.document import Document
from wincook.interchange.write.json import json_export
from wincook.interchange.write.latex import latex_export
from wincook.interchange.write.npz import npz_export
from wincook.interchange.write.python import numpy_export
from wincook.interchange.write.text import ascii_export, unicode_export
from wincook.program.programs import Programs

_TEXTS: dict[str, Callable[[Document], str]] = {
    "text": ascii_export,
    "unicode": unicode_export,
    "latex": latex_export,
    "json": json_export,
    "numpy": numpy_export,
    "c": c_export,
}
_ROUNDED = ("npz", "numpy", "c")
_FLOATING = ("numpy", "c")
_LARGEST_RESIDUE = 2**63 - 1

KINDS = (*_TEXTS, "npz")


def export(algorithm: BilinearAlgorithm, kind: str, programs: Programs | None = None) -> str:
    r"""The matrices, and the programs if they are given, as text of one kind.

    Raises:
        NotationError: an unknown kind, or npz, which is no text; the message lists the known ones.
        FormatError: numbers that the kind cannot hold: symbols, or programs modulo a prime.

    >>> from wincook.construct import algorithm
    >>> print(export(algorithm("F(1,2)"), "unicode").split("\n\n", 1)[1])
    AT = [1  1]
    <BLANKLINE>
        G = ⎡1  0⎤
            ⎣0  1⎦
    <BLANKLINE>
    BT = ⎡1  0⎤
         ⎣0  1⎦
    <BLANKLINE>
    """
    _check(algorithm, kind, programs)
    if kind not in _TEXTS:
        raise NotationError(f"{kind} is no text; give a file for it, with --out FILE, or take {', '.join(_TEXTS)}")
    return _TEXTS[kind](Document(algorithm, programs))


def export_bytes(algorithm: BilinearAlgorithm, kind: str, programs: Programs | None = None) -> bytes:
    """The contents of a file of any kind; errors as for `export`."""
    _check(algorithm, kind, programs)
    document = Document(algorithm, programs)
    return _TEXTS[kind](document).encode() if kind in _TEXTS else npz_export(document)


def write_export(algorithm: BilinearAlgorithm, kind: str, path: Path, programs: Programs | None = None) -> None:
    """Write a file whole or not at all; one that is there is replaced.

    Raises:
        OutputError: the place cannot be written; other errors as for `export`.
    """
    write_atomically(path, export_bytes(algorithm, kind, programs))


def _check(algorithm: BilinearAlgorithm, kind: str, programs: Programs | None) -> None:
    choice("export", kind, KINDS)
    if kind not in _ROUNDED:
        return
    if algorithm.symbols:
        values = ", ".join(f"{symbol}=..." for symbol in algorithm.symbols)
        raise FormatError(f"{kind} needs numbers, and {algorithm.name} has symbols; give them values by at({values})")
    for entry in (entry for axis in algorithm.axes for matrix in (axis.AT, axis.G, axis.BT) for entry in matrix):
        if not entry.is_real:
            raise FormatError(f"{kind} needs real numbers, not {text(entry)} of {algorithm.name}")
    if algorithm.modulus // 2 > _LARGEST_RESIDUE:
        raise FormatError(f"residues modulo {algorithm.modulus} do not fit 64 bits, as {kind} has them; take json")
    if algorithm.modulus and programs is not None and kind in _FLOATING:
        raise FormatError(
            f"programs as {kind} are floating-point code, and {algorithm.name} holds for integers only; "
            "export its matrices, or its programs as text or json"
        )
