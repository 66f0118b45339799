"""Files with matrices: of every suffix, from right ones that were changed in places to mere bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

import wincook as wc
from wincook.errors import WincookError
from wincook.interchange.read.examine import readings_of
from wincook.interchange.write.export import export_bytes
from wincook.judge import judge
from wincook.program.programs import programs_of

Search = Callable[..., None]
Mutated = Callable[..., st.SearchStrategy[Any]]
Rows = list[list[str]]

SUFFIXES = [
    *(
        ".json",
        ".JSON",
        ".npz",
        ".npy",
        ".csv",
        ".tsv",
        ".py",
        ".ipynb",
        ".c",
        ".h",
        ".cc",
        ".cpp",
        ".hpp",
        ".cu",
        ".cl",
    ),
    *(".txt", ".md", ".tex", ".m", ".jl", ".rs", ".go", ".java", ".cs", ".sv", ""),
]
MATRICES: dict[str, Rows] = {
    "AT": [["1", "1", "1", "0"], ["0", "1", "-1", "1"]],
    "G": [["1", "0", "0"], ["0.5", "0.5", "0.5"], ["1/2", "-1/2", "1/2"], ["0", "0", "1"]],
    "BT": [["1", "0", "-1", "0"], ["0", "1", "1", "0"], ["0", "-1", "1", "0"], ["0", "-1", "0", "1"]],
}
NAMES = [
    "AT",
    "G",
    "BT",
    "A",
    "B",
    "A_T",
    "at",
    "bt",
    "g",
    "filter",
    "input",
    "output",
    "wei",
    "x",
    "kernel",
    "AT0",
    "G1",
]
NUMBERS = [
    "0",
    "1",
    "-1",
    "1/2",
    "0.5f",
    "1e-1",
    "1e999",
    "-0.0",
    "sqrt(2)",
    "1.0h",
    "0x1p-1",
    "1_000",
    "nan",
    "i",
    "9" * 5000,
]
SIGNS = [
    *"[](){};,:=*/+-&|<>.\"'`#\\\n\t ",
    "**",
    "//",
    "/*",
    "*/",
    "'''",
    '"""',
    "\\\\",
    "=>",
    "\0",
    "⎡",
    "⎤",
    "\ufeff",
    "\ud7ff",
]
CALLS = [
    "np.array(",
    "torch.tensor(",
    "np.zeros((",
    "np.matrix('",
    ".T",
    "dtype=np.int8",
    " @ ",
    "np.diag(",
    "return ",
    "for i in range(3):",
]
DEEP = ["[" * 5000, "(" * 5000, "{" * 5000, "-" * 5000, "1," * 5000, "a=" * 5000, "/*" * 5000, "\\begin{" * 500]

words = st.sampled_from([*NAMES, *NUMBERS, *SIGNS, *CALLS, *DEEP])
soups = st.lists(words, max_size=60).map("".join)


def listed(rows: Rows, opened: str = "[", closed: str = "]", parted: str = ", ", beside: str = ", ") -> str:
    inner = parted.join(opened + beside.join(row) + closed for row in rows)
    return f"{opened}{inner}{closed}"


def latex(rows: Rows) -> str:
    return r"\begin{pmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{pmatrix}"


def boxed(rows: Rows) -> str:
    return "\n".join(f"⎡{'  '.join(row)}⎤" for row in rows)


WRITTEN: list[Callable[[str, Rows], str]] = [
    lambda name, rows: f"{name} = {listed(rows)}\n",
    lambda name, rows: f"{name} = np.array({listed(rows)}, dtype=np.float32)\n",
    lambda name, rows: f'self.register_buffer("{name}", torch.tensor({listed(rows)}))\n',
    lambda name, rows: f"{name} = np.matrix('{listed(rows, '', '', '; ', ' ')}')\n",
    lambda name, rows: f"{name} = [{listed(rows, '', '', '; ', ' ')}];\n",
    lambda name, rows: f"const float {name}[{len(rows)}][{len(rows[0])}] = {listed(rows, '{', '}')};\n",
    lambda name, rows: f"var {name} = [{len(rows)}][{len(rows[0])}]float32{listed(rows, '{', '}')}\n",
    lambda name, rows: f"constexpr std::array<float, 9> {name}{listed(rows, '', '')};\n",
    lambda name, rows: f"static {name}: [[f32; 3]; 4] = {listed(rows)};\n",
    lambda name, rows: f"\\[ {name} = {latex(rows)} \\]\n",
    lambda name, rows: f"{name} =\n{boxed(rows)}\n",
    lambda name, rows: f"{name}\n" + "\n".join(",".join(row) for row in rows) + "\n",
    lambda name, rows: f'"{name}": {json.dumps(rows)},\n',
    lambda name, rows: f"#define {name} {listed(rows, '{', '}')}\n",
]


def sources() -> list[str]:
    """The same set as many languages write it, and what wincook writes itself."""
    texts = ["".join(write(name, rows) for name, rows in MATRICES.items()) for write in WRITTEN]
    texts += ["{" + texts[-2].rstrip(",\n") + "}", json.dumps(MATRICES), json.dumps({"axes": [MATRICES, MATRICES]})]
    texts.append(json.dumps({"cells": [{"cell_type": "code", "source": texts[0].splitlines(keepends=True)}]}))
    return [*texts, *(own.decode() for own in exports("text", "unicode", "latex", "json", "numpy", "c"))]


def exports(*kinds: str) -> list[bytes]:
    made = [wc.algorithm("F(2,3)"), wc.algorithm("F(2x1,3x2)", "0,±1,inf;0,inf"), wc.construct.modular("F(2,3)", 97)]
    written = [export_bytes(one, kind) for one in made for kind in kinds]
    return written + [
        export_bytes(made[0], kind, programs_of(made[0])) for kind in kinds if kind in {"json", "npz", "c"}
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*was changed after wincook wrote it")
def test_any_file_is_read_or_refused(search: Search, mutated: Mutated, tmp_path: Path) -> None:
    texts = st.one_of(mutated(st.sampled_from(sources()), words), soups).map(lambda text: text.encode(errors="replace"))
    archives = mutated(st.sampled_from(exports("npz")), st.binary(max_size=8))
    contents = st.one_of(texts, texts, archives, st.binary(max_size=300))

    def check(case: tuple[bytes, str]) -> None:
        contents, suffix = case
        path = tmp_path / f"matrices{suffix}"
        path.write_bytes(contents)
        with suppress(WincookError):
            for reading in readings_of(path):
                judge(reading.axis)
        with suppress(WincookError):
            wc.load(path).verify()

    search(st.tuples(contents, st.sampled_from(SUFFIXES)), check, 60, 30_000)
