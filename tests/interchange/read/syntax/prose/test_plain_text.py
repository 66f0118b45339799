"""Documents: LaTeX, what programs print, rows under names, tables, notebooks, and files of one matrix each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import wincook as wc

AXIS = wc.algorithm("F(2,3)").axes[0]
NAMES = ("AT", "G", "BT")


def rows(name: str) -> list[list[sympy.Rational]]:
    return getattr(AXIS, name).tolist()  # type: ignore[no-any-return]


def joined(name: str, between: str, parted: str, *, start: str = "", end: str = "") -> str:
    return start + parted.join(between.join(map(str, row)) for row in rows(name)) + end


def latex(name: str, environment: str = "bmatrix") -> str:
    body = " \\\\ ".join(" & ".join(map(sympy.latex, row)) for row in rows(name))
    return f"\\begin{{{environment}}} {body} \\end{{{environment}}}"


def lines(name: str) -> str:
    return joined(name, " ", "\n")


def array(name: str) -> Any:
    return np.array([[float(x) for x in row] for row in rows(name)])


def numbered(form: Any) -> str:
    return "\n\n".join(form(name) for name in NAMES)


def table(name: str) -> str:
    size = len(rows(name)[0])
    body = "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows(name))
    return f"{name}:\n\n|{' |' * size}\n|{'---|' * size}\n{body}"


DOCUMENTS = {
    "bmatrix.tex": numbered(lambda n: f"\\[ {n[0]}^T = {latex(n)} \\]" if n != "G" else f"\\[ G = {latex(n)} \\]"),
    "matrix.tex": numbered(lambda n: f"{n} = \\left[{latex(n, 'matrix')}\\right]"),
    "pmatrix.md": numbered(lambda n: f"$${n} = {latex(n, 'pmatrix')}$$"),
    "array.tex": numbered(
        lambda n: f"${n} = \\left[\\begin{{array}}{{ccc}} {latex(n)[15:-13]} \\end{{array}}\\right]$"
    ),
    "short.tex": numbered(lambda n: f"${n} = {latex(n)}$").replace("\\frac{1}{2}", "\\frac12"),
    "tfrac.tex": numbered(lambda n: f"${n} = {latex(n)}$").replace("\\frac", "\\tfrac"),
    "pretty.txt": numbered(lambda n: f"{n} = \n{sympy.pretty(getattr(AXIS, n), use_unicode=True)}"),
    "ascii_pretty.txt": numbered(lambda n: f"{n} = \n{sympy.pretty(getattr(AXIS, n), use_unicode=False)}"),
    "sympy.txt": numbered(lambda n: f"{n} = {getattr(AXIS, n)!r}".replace("ImmutableDenseMatrix", "Matrix")),
    "numpy.txt": numbered(lambda n: f"{n}:\n{array(n)}"),
    "repr.txt": numbered(lambda n: f"{n} = {array(n)!r}"),
    "rows.txt": numbered(lambda n: f"{n}\n{lines(n)}"),
    "columns.txt": numbered(lambda n: f"{n} =\n" + "\n".join("\t".join(map(str, row)) for row in rows(n))),
    "semicolons.md": numbered(lambda n: f"`{n} = [{joined(n, ' ', '; ')}]`"),
    "commas.md": numbered(lambda n: f"    {n} = [{joined(n, ',', '; ')}]"),
    "brackets.txt": numbered(lambda n: f"{n} = [{joined(n, ', ', '], [', start='[', end=']')}]"),
    "minus.md": numbered(lambda n: f"{n} = [{joined(n, ' ', '; ')}]").replace("-", "−"),
    "table.md": numbered(table),
    "fence.md": f"# F(2,3)\n\n```python\n{numbered(lambda n: f'{n} = np.array({rows(n)})')}\n```\n\nTable 3: 1 2 3\n",
    "comment.c": "int k = 3;\n" + numbered(lambda n: f"// {n}\n// " + lines(n).replace("\n", "\n// ")) + "\n",
    "block.c": "/*\n" + numbered(lambda n: f"{n} =\n{sympy.pretty(getattr(AXIS, n), use_unicode=True)}") + "\n*/\n",
    "yaml": numbered(lambda n: f"{n}:\n" + "\n".join(f"  - {[float(x) for x in row]}" for row in rows(n))),
    "toml": numbered(lambda n: f"{n} = {[[float(x) for x in row] for row in rows(n)]}"),
    "csv": numbered(lambda n: f"{n}\n{joined(n, ',', chr(10))}"),
    "tsv": numbered(lambda n: f"{n}\n" + "\n".join("\t".join(map(str, row)) for row in rows(n))),
    "json": json.dumps({n: [[str(x) for x in row] for row in rows(n)] for n in NAMES}),
    "floats.json": json.dumps({n: array(n).tolist() for n in NAMES}),
    "ipynb": json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {"cell_type": "code", "metadata": {}, "outputs": [], "source": [f"{n} = {rows(n)}\n", "print(1)"]}
                for n in NAMES
            ],
        }
    ),
}
# Forms that no one is bound to read: they are refused, and never misread.
MAY_BE_REFUSED = {"ascii_pretty.txt", "yaml", "table.md"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_read(judged: Any, name: str) -> None:
    wanted = "right|nothing" if name in MAY_BE_REFUSED else "right"
    judged(DOCUMENTS[name], f".{name.rsplit('.', maxsplit=1)[-1]}", wanted)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_sign_that_is_lost_is_found(judged: Any, name: str) -> None:
    """The first sign in the file is one of AT."""
    text = DOCUMENTS[name]
    place = min(k for k in (text.find("-1"), text.find("−1")) if k >= 0)
    text = text[:place] + " " * (name.endswith("pretty.txt") or name == "block.c") + text[place + 1 :]
    wanted = "wrong|nothing" if name in MAY_BE_REFUSED else "wrong"
    judged(text, f".{name.rsplit('.', maxsplit=1)[-1]}", wanted)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_matrix_that_breaks_off_is_never_made_up(verify_text: Any, name: str) -> None:
    """The last matrix has lost its last row or its end; what is left is not proven without a word."""
    text = DOCUMENTS[name].rstrip("`$*/\n ")
    said = verify_text(text[: int(len(text) * 0.93)], f".{name.rsplit('.', maxsplit=1)[-1]}")
    assert said.code != 0 or "BT is not in the file" in said.text or name == "fence.md", said


def test_numbers_that_are_left_out_are_no_matrix(judged: Any) -> None:
    printed = np.array2string(array("BT"), threshold=3, edgeitems=1)
    assert "..." in printed
    judged(f"AT:\n{array('AT')}\nG:\n{array('G')}\nBT:\n{printed}\n", ".txt", "unjudged|nothing", "BT")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
@pytest.mark.parametrize("suffix", [".csv", ".npy", ".txt", ".py"])
def test_files_of_one_matrix_each_are_taken_together(
    verify: Any, tmp_path: Path, suffix: str, order: tuple[int, ...]
) -> None:
    paths = [tmp_path / f"{NAMES[k]}{suffix}" for k in order]
    for path in paths:
        if suffix == ".npy":
            np.save(path, array(path.stem))
        elif suffix == ".py":
            path.write_text(f"{path.stem} = {rows(path.stem)}\n", encoding="utf-8")
        else:
            start = f"{path.stem} = [" if suffix == ".txt" else ""
            body = joined(path.stem, " ", "; ", end="]") if start else joined(path.stem, ",", "\n")
            path.write_text(start + body + "\n", encoding="utf-8")
    said = verify(paths)
    assert (said.code, "24 sums hold exactly" in said.text) == (0, True), said
    alone = verify(paths[:1])
    assert (alone.code, "hold exactly" in alone.text) == (2, False), alone
