"""Every word that a command prints into a pipe is printed on a terminal of any width, and is whole there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sympy

from wincook.exact.notation import text

Run = Callable[..., tuple[int, str, str]]

COMMANDS = {
    "show": ("show", "F(14,3)", "--programs"),
    "show with roots and symbols": ("show", "F(2x2,3x3)", "-p", "0,±√2/2,∞;0,a,1/a,∞"),
    "verify": ("verify", "F(20,3)"),
    "condition": ("condition", "F(4,3)", "F(14x14,3x3)"),
    "analyse one": ("analyse", "F(2x4,3x3)", "-n", "20"),
    "analyse several": ("analyse", "F(4x4,3x3)", "F(2x2,3x3)", "-f", "float16", "-f", "float32", "-n", "20"),
    "compare": ("compare", "F(4x4,3x3)", "F(2x2,3x3)", "-n", "20", "-f", "float32", "-f", "float16"),
    "tolerance": ("tolerance", "F(4x4,3x3)"),
    "ranges": ("ranges", "F(8x8,3x3)", "--range", "16"),
    "ranges in integers": ("ranges", "F(6x6,3x3)", "--bits", "8"),
    "int8": ("int8", "F(4x4,3x3)", "-n", "1", "--filters", "4"),
    "residues": ("residues", "F(12x12,5x5)", "--bits", "16"),
    "papers": ("reproduce",),
    "reproduce": ("reproduce", "meng2019"),
}
WIDTHS = (1, 60, 200)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_no_width_loses_a_word(run: Run, on_terminal: Callable[..., str], name: str) -> None:
    words = COMMANDS[name]
    piped = run(*words)[1]
    assert not re.search("[─-╿]", piped)
    for columns in WIDTHS:
        shown = on_terminal(*words, columns=columns)
        assert not set(piped.split()) - set(shown.split()), columns
        assert columns < 60 or max(map(len, shown.splitlines())) <= columns
        assert shown == piped or max(map(len, piped.splitlines())) > columns


def test_doctor_on_a_narrow_terminal(on_terminal: Callable[..., str]) -> None:
    shown = on_terminal("doctor", columns=30)
    assert "right" in shown
    assert "…" not in shown


@pytest.mark.parametrize("columns", [20, 80])
def test_all_entries_of_the_json_are_shown(run: Run, on_terminal: Callable[..., str], columns: int) -> None:
    words = ("show", "F(14,3)")
    (axis,) = json.loads(run(*words, "--json")[1])["axes"]
    shown = on_terminal(*words, columns=columns).split()
    for matrix in (axis["AT"], axis["G"], axis["BT"]):
        for entry in (entry for row in matrix for entry in row):
            assert text(sympy.Rational(entry)) in shown


@pytest.mark.parametrize("columns", [20, 60])
def test_all_numbers_of_a_comparison_are_shown(run: Run, on_terminal: Callable[..., str], columns: int) -> None:
    words = COMMANDS["compare"]
    shown = on_terminal(*words, columns=columns).split()
    for record in json.loads(run(*words, "--json")[1]):
        measures = [value for name, value in record.items() if "relative_rms" in name or "per_output" in name]
        assert len(measures) == 7
        assert {f"{value:.3g}" for value in measures} <= set(shown)
        assert {f"{record['speedup']:.2f}", str(record["multiplications"])} <= set(shown)


def test_a_broken_table_repeats_headers_and_names(on_terminal: Callable[..., str]) -> None:
    lines = on_terminal(*COMMANDS["compare"], columns=60).splitlines()
    heads = [line for line in lines if line.startswith("algorithm")]
    assert len(heads) > 1
    assert all("format" in head for head in heads)
    assert sum("float16" in line for line in lines) == 3 * len(heads)  # two algorithms, and direct convolution


def numbers(data: Any) -> Iterator[float]:
    if isinstance(data, dict):
        data = list(data.values())
    for value in data if isinstance(data, list) else [data]:
        if isinstance(value, dict | list):
            yield from numbers(value)
        elif isinstance(value, float):
            yield value


@pytest.mark.slow
@pytest.mark.parametrize("columns", [20, 80])
def test_all_condition_numbers_are_shown(run: Run, on_terminal: Callable[..., str], columns: int) -> None:
    words = COMMANDS["condition"]
    shown = set(on_terminal(*words, columns=columns).split())
    shown_numbers = list(numbers(json.loads(run(*words, "--json")[1])))
    assert len(shown_numbers) == 2 * 14 * 8
    assert {f"{value:.5g}" for value in shown_numbers} <= shown
