"""The source text of programs: hexadecimal floats, and matrices that cannot be read."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.examine import examine, readings_of
from wincook.interchange.read.load import load
from wincook.interchange.read.syntax.declared.values import evaluate

GOOD = """
static const float AT[2][4] = {{1, 1, 1, 0}, {0, 1, -1, -1}};
static const float G[4][3] = {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}};
static const float BT[4][4] = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "matrices.h"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "broken", ["G[4][3] = {{1, 0, 0}, {f(1), 0, 0}};", "G[12] = {1, 0, 0, x};", "G[4][3] = {{1, 0, 0}, {1 0, 0}};"]
)
def test_a_matrix_that_cannot_be_read_is_never_passed_over(broken: str, tmp_path: Path, golden: Golden) -> None:
    """Beside a whole set it is named; under the name of a matrix it may belong to another set, and blocks."""
    kernel = broken.replace("G", "kernel")
    for text, name, blocks in (
        (f"{GOOD}\nfloat {broken}", "G", True),
        (f"float {broken}\n{GOOD}", "G", True),
        (f"{GOOD}\nfloat {kernel}", "kernel", False),
    ):
        path = written(tmp_path, text)
        (result,) = examine(path)
        assert (result.error, len(result.readings)) == (None, 1), text
        (unread,) = result.unjudged
        assert (unread.name, unread.blocks) == (name, blocks), text
        assert re.search(rf"{name} holds '?(f|x|0)", unread.reason)
        if blocks:
            with golden.raises(DataError, match=r"not understood as a whole: G holds '(f|x|0)'"):
                load(path)
        else:
            load(path).verify()
    harmless = f"{GOOD}\nfloat {broken.replace('G', 'table')}\nfloat a[2] = {{x, y}};"
    assert readings_of(written(tmp_path, harmless))[0].matrices.multiplications == 4


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x1.555556p-3f", Fraction(1, 6)),
        ("-0x1.5555555555555p-3", Fraction(-1, 6)),
        ("0x1.8p+1f", 3),
        ("0X.8P0", Fraction(1, 2)),
        ("0x1.002p+0f", 1 + Fraction(1, 2**11)),
        ("0x1p-3f * 0x1p+3", 1),
    ],
)
def test_hexadecimal_floats_are_read(text: str, value: Fraction | int) -> None:
    assert evaluate(text).value == value


@pytest.mark.parametrize("text", ["0x1.5", "0x1p", "0x1p99999", "0x1.gp3", "0x1p+2000", "0x1p+200f"])
def test_what_is_no_hexadecimal_float_is_refused(text: str, golden: Golden) -> None:
    with golden.raises(DataError, match="0x1"):
        evaluate(text)


def test_a_hexadecimal_float_that_rounds_no_simple_number_is_doubted() -> None:
    assert [decimal.exact for decimal in evaluate("0x1.921fb6p+1f").decimals] == [None]
