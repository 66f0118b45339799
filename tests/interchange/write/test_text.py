from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sympy
from sympy.parsing.sympy_parser import implicit_multiplication, parse_expr, standard_transformations

import wincook as wc
from wincook.exact.notation import read
from wincook.interchange.write.ascii import ascii_text
from wincook.interchange.write.c.export import c_export
from wincook.interchange.write.c.numbers import TYPES
from wincook.interchange.write.document import Document
from wincook.interchange.write.export import export
from wincook.interchange.write.latex import latex_export
from wincook.interchange.write.python import numpy_export
from wincook.interchange.write.text import ascii_export, unicode_export
from wincook.program.ir import Add, Neg, Program, Sub

Rows = list[list[sympy.Expr]]
_STAGES = {"G": ("filter", "g", "U"), "BT": ("input", "d", "V"), "AT": ("output", "M", "y")}


def expected(algorithm: wc.BilinearAlgorithm) -> list[Rows]:
    sets = algorithm.axes[:1] if len(set(algorithm.axes)) == 1 else algorithm.axes
    matrices = (getattr(axis, name) for axis in sets for name in ("AT", "G", "BT"))
    return [matrix.applyfunc(sympy.expand).tolist() for matrix in matrices]


def number(words: str) -> sympy.Expr:
    value = parse_expr(words, transformations=(*standard_transformations, implicit_multiplication))
    return value if value.is_Rational else sympy.expand(value)


def from_latex(words: str) -> str:
    plain = words.replace(r"\left", "").replace(r"\right", "").replace(r"\,", " ").replace(r"\operatorname{fma}", "fma")
    plain = re.sub(r"_\{(\d+)\}", r"\1", plain)
    while r"\frac" in plain or r"\sqrt" in plain:
        plain = re.sub(r"\\sqrt\{([^{}\\]*)\}", r" sqrt(\1) ", plain)
        plain = re.sub(r"\\frac\{([^{}\\]*)\}\{([^{}\\]*)\}", r"((\1)/(\2))", plain)
    return plain


@pytest.mark.slow
def test_ascii_matrices_read_back_exactly(algorithm: wc.BilinearAlgorithm) -> None:
    text = export(algorithm, "text", wc.programs_of(algorithm))
    assert text.isascii()
    blocks = re.findall(r"^[AGB]T?\d? \((\d+)x(\d+)\)\n((?:    .*\n)+)", text, re.MULTILINE)
    entries = [[re.split(r"  +", line.strip()) for line in rows.splitlines()] for _, _, rows in blocks]
    assert [[[number(entry) for entry in row] for row in rows] for rows in entries] == expected(algorithm)
    assert all(len({len(line) for line in rows.splitlines()}) == 1 for _, _, rows in blocks)


def test_unicode_matrices_read_back_exactly(algorithm: wc.BilinearAlgorithm) -> None:
    lines = export(algorithm, "unicode").splitlines()
    rows = [re.split(r"  +", line[1:-1].strip()) for line in re.findall(r"[\[⎡⎢⎣].*[\]⎤⎥⎦]", "\n".join(lines[6:]))]
    assert [[sympy.expand(read(entry)) for entry in row] for row in rows] == [
        row for rows in expected(algorithm) for row in rows
    ]


@pytest.mark.slow
def test_latex_matrices_read_back_exactly(algorithm: wc.BilinearAlgorithm) -> None:
    text = export(algorithm, "latex")
    blocks = re.findall(r"\\begin\{array\}\{(r+)\}\n(.*?)\n\\end\{array\}", text, re.DOTALL)
    entries = [[row.split("&") for row in rows.split("\\\\\n")] for _, rows in blocks]
    assert [[[number(from_latex(entry)) for entry in row] for row in rows] for rows in entries] == expected(algorithm)
    assert [len(columns) for columns, _ in blocks] == [len(rows[0]) for rows in expected(algorithm)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["text", "latex"])
@pytest.mark.parametrize("points", ["0, ±1, ±2, ∞", "0, ±√2/2, ±√2, ∞"])
def test_programs_read_back_as_the_matrices(kind: str, points: str) -> None:
    algorithm = wc.algorithm("F(4,3)", points)
    text = export(algorithm, kind, wc.programs_of(algorithm))
    for letters, (stage, source, target) in _STAGES.items():
        matrix = getattr(algorithm.axes[0], letters)
        block = text.partition(f"{stage}_transform: ")[2].partition("\n\n")[0]
        inputs = sympy.symbols([f"{source}{place}" for place in range(matrix.cols)])
        values = {str(symbol): symbol for symbol in inputs} | {"fma": lambda a, constant, b: a * constant + b}
        for line in block.splitlines()[1:]:
            if "=" in line:
                name, words = from_latex(line.replace("&", "").removesuffix("\\\\")).split("=")
                rules = (*standard_transformations, implicit_multiplication)
                values[name.strip()] = parse_expr(words.strip(), values, transformations=rules)
        entries = sympy.Matrix([values[f"{target}{place}"] for place in range(matrix.rows)])
        assert (entries - matrix * sympy.Matrix(inputs)).expand().is_zero_matrix


def test_values_have_the_same_names_in_every_language() -> None:
    """An output that occurs twice, and one that is an input, have no operation of their own."""
    twice = Program("g", "U", 2, (Neg(0), Add(2, 1), Sub(2, 1)), (2, 3, 2, 1))
    algorithm = wc.algorithm("F(1,2)")
    programs = replace(wc.programs_of(algorithm), filter=(twice,))
    document = Document(algorithm, programs)  # as an export would refuse it: U is not G g
    for write in (ascii_export, unicode_export, latex_export):
        text = from_latex(write(document).replace("&", "").replace("\\\\", ""))
        lines = text.partition("filter_transform: ")[2].partition("\n\n")[0].splitlines()
        statements = [" ".join(line.split()) for line in lines[1:] if " = " in line]
        statements = [line for line in statements if not line.startswith("t2")]  # which nothing reads
        assert statements == ["t0 = -g0", "U1 = t0 + g1", "U0 = t0", "U2 = t0", "U3 = g1"]
    c, numpy = c_export(document, TYPES["float"]), numpy_export(document)
    assert [line for line in c.splitlines() if line.startswith("    U[")] == [
        f"    U[{place}] = {name};" for place, name in enumerate(("t0", "U1", "t0", "g1"))
    ]
    assert "return np.stack([t0, U1, t0, g1])" in numpy
    assert "t2" not in c + numpy


@pytest.mark.parametrize("item", ["±1/2", "√2/2", "±3√5/4", "1/2+√3/2", "2√(1+√2)", "a·b", "x^2+√2x+1", "∞"])
def test_points_in_ascii_are_the_same_points(item: str) -> None:
    points = wc.Points.parse(f"0, {item}")
    written = ascii_text(str(points))
    assert written.isascii()
    assert wc.Points.parse(written) == points
