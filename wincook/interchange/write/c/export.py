"""The header: includes, matrices, functions, and a guard where it has a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import prod
from textwrap import wrap

from wincook.interchange.write.ascii import ascii_text
from wincook.interchange.write.c.functions import function, tile_function
from wincook.interchange.write.c.numbers import NumberType
from wincook.interchange.write.c.whole import common_denominator, largest_gain, scaled, whole_program
from wincook.interchange.write.document import Document, NamedMatrix, NamedProgram
from wincook.program.ir import Program
from wincook.program.linear_forms import Matrix, matrix_of
from wincook.program.programs import exact

_WIDTH = 100
_UNBROKEN = "\N{NO-BREAK SPACE}"
_STAGES = ("filter", "input", "output")

_QUIET = """\
#ifdef __GNUC__ /* who includes this may use a part of it */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-const-variable"
#pragma GCC diagnostic ignored "-Wunused-function"
#endif"""
_LOUD = """\
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif"""
_CONTRACTION = "bit for bit      with -ffp-contract=off, and without -ffast-math"


def c_export(document: Document, number: NumberType, name: str = "") -> str:
    """Declarations to include, such as `static const float AT[m][R]` and `static void input_transform(…)`.

    Args:
        document: what is shown.
        number: the type of all numbers; residues are integers of 64 bits whatever it is.
        name: with a name, everything starts with it, and there is an include guard.

    Raises:
        FormatError: a number that the type cannot hold.
    """
    modulus, programs = document.algorithm.modulus, document.named_programs
    includes = ["#include <math.h>"] * bool(programs and number.fma)
    includes += ["#include <stddef.h>"] * bool(programs)
    includes += ["#include <stdint.h>"] * bool(modulus or number.is_whole)
    prefix = f"{name}_" if name else ""
    matrices = [_residues(part, prefix) if modulus else _matrix(part, prefix, number) for part in document.matrices]
    parts = ["\n".join(includes)] * bool(includes)
    parts += [_QUIET, *matrices, *_functions(programs, document, prefix, number), _LOUD]
    if name:
        guard = f"{name.upper()}_H"
        parts = [f"#ifndef {guard}\n#define {guard}", *parts, "#endif"]
    contents = "\n\n".join(parts) + "\n"
    header = document.header(contents) + [_CONTRACTION] * bool(programs and number.fma)
    comment = "\n".join(f" * {line}".rstrip() for line in header)
    return f"/*\n{ascii_text(comment)}\n */\n\n{contents}"


def _matrix(named: NamedMatrix, prefix: str, number: NumberType) -> str:
    """The matrix; of integers, times a constant that stands before it."""
    matrix, scale = exact(named.matrix), ""
    name = prefix + named.name
    if number.is_whole:
        factor = common_denominator(matrix)
        matrix = scaled(matrix, factor)
        scale = f"static const {number.spelt} {name}_SCALE = {number.literal(Fraction(factor))};\n"
    rows = [_row(map(number.literal, row)) for row in matrix]
    return scale + _declaration(name, named, number.spelt, rows)


def _residues(named: NamedMatrix, prefix: str) -> str:
    rows = [_row(f"INT64_C({entry})" for entry in row) for row in named.matrix.tolist()]
    return _declaration(prefix + named.name, named, "int64_t", rows)


def _declaration(name: str, named: NamedMatrix, element: str, rows: list[str]) -> str:
    head = f"static const {element} {name}[{named.matrix.rows}][{named.matrix.cols}] = {{"
    return "\n".join([head, *rows, "};"])


def _row(entries: Iterable[str]) -> str:
    """Lines that break between entries only."""
    words = ", ".join(entry.replace(" ", _UNBROKEN) for entry in entries)
    lines = wrap(f"{{{words}}},", _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 5, break_long_words=False)
    return "\n".join(lines).replace(_UNBROKEN, " ")


def _functions(programs: list[NamedProgram], document: Document, prefix: str, number: NumberType) -> Iterator[str]:
    """The function of each program, and one of tiles for each stage."""
    written: dict[str, list[tuple[str, Program]]] = {stage: [] for stage in _STAGES}
    for named in programs:
        program, comment = _program(named, number)
        name = prefix + named.name
        yield function(name, comment, program, number)
        written[named.stage].append((name, program))
    for stage, per_set in written.items():
        if per_set:
            per_axis = per_set * (len(document.algorithm.axes) // len(per_set))
            yield tile_function(f"{prefix}{stage}_tile", _tile_comment(per_axis, number), per_axis, number)


def _program(named: NamedProgram, number: NumberType) -> tuple[Program, str]:
    """The program, and what its function computes; of integers, that of the scaled matrix, and up to which inputs."""
    if not number.is_whole:
        return named.program, named.formula
    matrix: Matrix = matrix_of(named.program)
    factor = common_denominator(matrix)
    program = whole_program(scaled(matrix, factor), named.program.source, named.program.target)
    left, right = named.formula.split(" = ")
    formula = f"{left} = {factor} {right}" if factor > 1 else named.formula
    return program, f"{formula}{_limit([program], number)}"


def _tile_comment(per_axis: list[tuple[str, Program]], number: NumberType) -> list[str]:
    programs = [program for _, program in per_axis]
    source, target = programs[0].source, programs[0].target
    return [
        f"Of a tile, along all axes in turn{_limit(programs, number)}.",
        f"Steps lead to the next place along each axis; places of {target} may be those of {source}.",
    ]


def _limit(programs: list[Program], number: NumberType) -> str:
    """Up to which inputs integers do not overflow in programs one after another."""
    if not number.is_whole:
        return ""
    most = number.largest // prod(map(largest_gain, programs))
    return f", without overflow up to |{programs[0].source}| = {most}"
