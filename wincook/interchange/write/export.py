"""Matrices and programs for other programs, papers and people: one kind of export per file.

Every text starts with a header: the tile and its points, the version of wincook, and a digest of what follows. The same
algorithm gives the same text.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wincook.arguments import choice, instance
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import AlgorithmError, FormatError, NotationError, quoted
from wincook.exact.notation import text
from wincook.files import given_path, write_atomically
from wincook.identifier import identifier
from wincook.interchange.write.c.export import c_export
from wincook.interchange.write.c.numbers import TYPES
from wincook.interchange.write.document import Document
from wincook.interchange.write.json import json_export
from wincook.interchange.write.latex import latex_export
from wincook.interchange.write.npz import npz_export
from wincook.interchange.write.python import numpy_export
from wincook.interchange.write.text import ascii_export, unicode_export
from wincook.program.linear_forms import matrix_of
from wincook.program.programs import Programs, exact

_TEXTS: dict[str, Callable[[Document], str]] = {
    "text": ascii_export,
    "unicode": unicode_export,
    "latex": latex_export,
    "json": json_export,
    "numpy": numpy_export,
}
_C = "c"
_ROUNDED = ("npz", "numpy", _C)
_FLOATING = ("numpy", _C)
_LARGEST_RESIDUE = 2**63 - 1

_USUAL, _OF_RESIDUES = "float", "int64"  # types of C

KINDS = (*_TEXTS, _C, "npz")
NUMBER_TYPES = tuple(TYPES)


def export(
    algorithm: Subject,
    kind: str,
    programs: Programs | None = None,
    *,
    name: str | None = None,
    number_type: str | None = None,
) -> str:
    r"""The matrices, and the programs if they are given, as text of one kind.

    Args:
        algorithm: what is exported.
        kind: one of `KINDS`.
        programs: those of the algorithm, if they are wanted too.
        name: of c: what all names start with, a C identifier; then there is an include guard, too.
        number_type: of c: float, double, int32 or int64, which have all matrices times their common denominators.

    Raises:
        NotationError: an unknown kind, or npz, which is no text; the message lists the known ones. No algorithm, or
            something else than programs. A name that is no C identifier, an unknown type, or either with another kind.
        AlgorithmError: programs of other matrices.
        FormatError: numbers that the kind cannot hold: symbols, or programs modulo a prime; in integers, roots.

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
    document = _document(algorithm, kind, programs)
    if kind == "npz":
        texts = ", ".join(known for known in KINDS if known != kind)
        raise NotationError(f"{kind} is no text; give a file for it, with --out FILE, or take {texts}")
    return _text(document, kind, name, number_type)


def export_bytes(
    algorithm: Subject,
    kind: str,
    programs: Programs | None = None,
    *,
    name: str | None = None,
    number_type: str | None = None,
) -> bytes:
    """The contents of a file of any kind; errors as for `export`."""
    document = _document(algorithm, kind, programs)
    if kind == "npz":
        _check_unnamed(kind, name, number_type)
        return npz_export(document)
    return _text(document, kind, name, number_type).encode()


def write_export(
    algorithm: Subject,
    kind: str,
    path: str | Path,
    programs: Programs | None = None,
    *,
    name: str | None = None,
    number_type: str | None = None,
) -> None:
    """Write a file whole or not at all; one that is there is replaced.

    Raises:
        OutputError: the place cannot be written; other errors as for `export`.
    """
    path = given_path("path", path)
    write_atomically(path, export_bytes(algorithm, kind, programs, name=name, number_type=number_type))


def _text(document: Document, kind: str, name: str | None, number_type: str | None) -> str:
    if kind != _C:
        _check_unnamed(kind, name, number_type)
        return _TEXTS[kind](document)
    if document.algorithm.modulus and number_type not in {None, _OF_RESIDUES}:
        raise FormatError(f"residues are {_OF_RESIDUES}, not {quoted(number_type)}; leave the type out")
    number = TYPES[choice("type", _USUAL if number_type is None else number_type, TYPES)]
    return c_export(document, number, "" if name is None else identifier(name))


def _check_unnamed(kind: str, name: str | None, number_type: str | None) -> None:
    if name is not None or number_type is not None:
        raise NotationError(f"a name and a type of numbers are for c, and the kind is {kind}; leave them out")


def _document(subject: Subject, kind: str, programs: Programs | None) -> Document:
    """What is exported, as far as the kind can hold it and the programs are those of the algorithm."""
    choice("export", kind, KINDS)
    algorithm = algorithm_of(subject)
    _check_numbers(algorithm, kind, programs)
    if programs is not None:
        programs = instance("programs", programs, Programs, "make them with wincook.programs_of(algorithm)")
        _check_programs(algorithm, programs)
    return Document(algorithm, programs)


def _check_programs(algorithm: BilinearAlgorithm, programs: Programs) -> None:
    for stage, letters in (("filter", "G"), ("input", "BT"), ("output", "AT")):
        applied = [matrix_of(program) for program in getattr(programs, stage)]
        if applied != [exact(getattr(axis, letters)) for axis in algorithm.axes]:
            raise AlgorithmError(
                f"the {stage} programs are those of other matrices than the {letters} of {algorithm.name}; make them "
                "with wincook.programs_of(algorithm)"
            )


def _check_numbers(algorithm: BilinearAlgorithm, kind: str, programs: Programs | None) -> None:
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
