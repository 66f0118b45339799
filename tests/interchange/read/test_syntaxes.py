"""Any set in any syntax: shuffled, turned, permuted and scaled it holds; with one entry changed it never does."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.construct.rescale.named import rescale
from wincook.interchange.read.examine import Examined, examine
from wincook.judge import judge

Rows = Sequence[Sequence[sympy.Rational]]
Writer = Callable[[str, Rows], str]

NAMES = {
    "AT": ("AT", "outputTransform", "otm"),
    "G": ("G", "filterTransform", "ktm"),
    "BT": ("BT", "inputTransform", "itm"),
}


def cells(rows: Rows, number: Callable[[sympy.Rational], str], brackets: str = "[]", parted: str = ", ") -> str:
    """Rows in brackets, between brackets."""
    start, end = brackets[0], brackets[1]
    return start + parted.join(start + parted.join(map(number, row)) + end for row in rows) + end


def quotient(entry: sympy.Rational) -> str:
    """A quotient that no language cuts."""
    return f"{entry.p}.0/{entry.q}" if entry.q > 1 else str(entry)


def c_float(entry: sympy.Rational) -> str:
    return f"{entry.p}.f / {entry.q}" if entry.q > 1 else f"{entry.p}.0f"


def numerals(rows: Rows) -> np.ndarray:
    return np.array([[float(entry) for entry in row] for row in rows])


def c_nested(name: str, rows: Rows) -> str:
    return f"static const float {name}[{len(rows)}][{len(rows[0])}] = {cells(rows, c_float, '{}')};"


def c_flat(name: str, rows: Rows) -> str:
    body = ", ".join(c_float(entry) for row in rows for entry in row)
    return f"const float {name}[{len(rows)} * {len(rows[0])}] = {{{body}}};"


def c_partial(name: str, rows: Rows) -> str:
    """Zeros at the end of a row are left out, as long as one entry is left."""
    kept = [list(row[: max((k + 1 for k, entry in enumerate(row) if entry), default=1)]) for row in rows]
    return f"float {name}[{len(rows)}][{len(rows[0])}] = {cells(kept, c_float, '{}')};"


def blanks(rows: Rows, number: Callable[[sympy.Rational], str] = quotient) -> str:
    return "; ".join(" ".join(map(number, row)) for row in rows)


def rust(name: str, rows: Rows) -> str:
    body = cells(rows, lambda entry: f"{entry.p}.0 / {entry.q}.0" if entry.q > 1 else f"{entry.p}.0")
    return f"pub const {name}: [[f32; {len(rows[0])}]; {len(rows)}] = {body};"


def systemverilog(name: str, rows: Rows) -> str:
    body = cells(rows, quotient, "{}").replace("{", "'{")
    return f"localparam real {name} [{len(rows)}][{len(rows[0])}] = {body};"


def latex(name: str, rows: Rows) -> str:
    body = " \\\\ ".join(" & ".join(map(sympy.latex, row)) for row in rows)
    return f"\\[ {name} = \\begin{{bmatrix}} {body} \\end{{bmatrix}} \\]"


def markdown(name: str, rows: Rows) -> str:
    return f"Here is {name}:\n\n```python\n{name} = {cells(rows, str)}\n```\n"


TEXTS: dict[str, tuple[str, Writer]] = {
    "C nested": (".h", c_nested),
    "C flat": (".c", c_flat),
    "C partial": (".cpp", c_partial),
    "std::array": (
        ".cpp",
        lambda n, r: f"std::array<std::array<float, {len(r[0])}>, {len(r)}> {n} = {{{cells(r, c_float, '{}')}}};",
    ),
    "Python list": (".py", lambda n, r: f"{n} = {cells(r, str)}"),
    "Python tuple": (".py", lambda n, r: f"{n} = {cells(r, str, '()').replace('), (', ',), (').replace('))', ',),)')}"),
    "numpy": (".py", lambda n, r: f"{n} = np.array({cells(r, str)}, dtype=np.float32)"),
    "numpy matrix": (".py", lambda n, r: f"{n} = np.matrix('{blanks(r, lambda x: repr(float(x)))}')"),
    "torch": (".py", lambda n, r: f"{n} = torch.tensor({cells(r, str)}, dtype=torch.float32)"),
    "register_buffer": (".py", lambda n, r: f"self.register_buffer('{n}', torch.tensor({cells(r, str)}))"),
    "Julia": (".jl", lambda n, r: f"const {n} = [{blanks(r)}]"),
    "Matlab": (".m", lambda n, r: f"{n} = [{blanks(r)}];"),
    "Rust": (".rs", rust),
    "Go": (".go", lambda n, r: f"var {n} = [{len(r)}][{len(r[0])}]float32{cells(r, quotient, '{}')}"),
    "Java": (".java", lambda n, r: f"static final float[][] {n} = {cells(r, c_float, '{}')};"),
    "C#": (".cs", lambda n, r: f"static readonly float[,] {n} = {cells(r, c_float, '{}')};"),
    "SystemVerilog": (".sv", systemverilog),
    "LaTeX": (".tex", latex),
    "sympy": (".txt", lambda n, r: f"{n} =\n{sympy.pretty(sympy.Matrix(r), use_unicode=True, num_columns=10_000)}\n"),
    "numpy print": (".txt", lambda n, r: f"{n}:\n{np.array2string(numerals(r), max_line_width=10_000)}\n"),
    "Markdown": (".md", markdown),
    "Markdown blanks": (".md", lambda n, r: f"    {n} = [{blanks(r, str)}]\n"),
    "CSV": (".csv", lambda n, r: "\n".join([n, *(", ".join(map(str, row)) for row in r)]) + "\n"),
}


def json_text(named: dict[str, Rows]) -> str:
    return json.dumps({name: [[str(entry) for entry in row] for row in rows] for name, rows in named.items()})


def notebook(named: dict[str, Rows]) -> str:
    cells_of = [
        {"cell_type": "code", "source": [f"{name} = np.array({cells(rows, str)})\n", "x = 1"], "outputs": []}
        for name, rows in named.items()
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells_of})


WHOLE: dict[str, tuple[str, Callable[[dict[str, Rows]], str]]] = {
    "JSON": (".json", json_text),
    "notebook": (".ipynb", notebook),
}
SYNTAXES = [*TEXTS, *WHOLE]


def written(syntax: str, named: dict[str, Rows], folder: Path) -> Path:
    if syntax in WHOLE:
        suffix, write_all = WHOLE[syntax]
        text = write_all(named)
    else:
        suffix, write = TEXTS[syntax]
        text = "\n".join(write(name, rows) for name, rows in named.items())
    path = folder / f"set{suffix}"
    path.write_text(text + "\n", encoding="utf-8")
    return path


@st.composite
def drawn_sets(draw: st.DrawFn) -> tuple[wc.Transforms, dict[str, str]]:
    """A correlation whose products are permuted and scaled, and a name for each matrix, in any order."""
    axis = wc.algorithm(draw(st.sampled_from(["F(2,2)", "F(2,3)", "F(3,3)", "F(3,2)", "F(4,3)"]))).axes[0]
    products = axis.G.rows
    order = draw(st.permutations(range(products)))
    scale = st.sampled_from([sympy.Integer(1), sympy.Integer(-1), sympy.Integer(2), sympy.Rational(1, 4)])
    scales = draw(st.lists(scale, min_size=products, max_size=products))
    axis = rescale(wc.Transforms(axis.AT[:, order], axis.G[order, :], axis.BT[order, :]), scales, scales)
    which = draw(st.integers(0, 2))
    return axis, {letter: NAMES[letter][which] for letter in draw(st.permutations(list(NAMES)))}


def holds(results: Sequence[Examined]) -> bool:
    """Whether `wincook verify` would end with 0."""
    return all(
        result.error is None
        and not any(item.blocks for item in result.unjudged)
        and not any(judge(reading.axis).wrong for reading in result.readings)
        for result in results
    )


@pytest.mark.slow
@pytest.mark.parametrize("syntax", SYNTAXES)
@settings(max_examples=8)
@given(data=st.data())
def test_any_set_holds_in_any_syntax(
    tmp_path_factory: pytest.TempPathFactory, syntax: str, data: st.DataObject
) -> None:
    axis, names = data.draw(drawn_sets())
    turned = {letter: data.draw(st.booleans()) for letter in names}
    named = {
        name: (getattr(axis, letter).T if turned[letter] else getattr(axis, letter)).tolist()
        for letter, name in names.items()
    }
    results = examine(written(syntax, named, tmp_path_factory.getbasetemp()))
    assert holds(results), results
    ((reading,),) = (result.readings for result in results)
    verdict = judge(reading.axis)
    assert (verdict.kind, verdict.scale) == ("correlation", 1)
    assert reading.matrices.multiplications == axis.multiplications


@pytest.mark.slow
@pytest.mark.parametrize("syntax", SYNTAXES)
@settings(max_examples=8)
@given(data=st.data())
def test_no_set_with_a_changed_entry_holds(
    tmp_path_factory: pytest.TempPathFactory, syntax: str, data: st.DataObject
) -> None:
    axis, names = data.draw(drawn_sets())
    letter = data.draw(st.sampled_from(sorted(names)))
    matrix = getattr(axis, letter).as_mutable()
    row, column = data.draw(st.integers(0, matrix.rows - 1)), data.draw(st.integers(0, matrix.cols - 1))
    matrix[row, column] += data.draw(st.sampled_from([1, -1, sympy.Rational(1, 2), 3]))
    changed = {n: (matrix if n == letter else getattr(axis, n)).tolist() for n in names}
    results = examine(written(syntax, {names[n]: changed[n] for n in names}, tmp_path_factory.getbasetemp()))
    assert not holds(results), results
