from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.errors import NotationError, OutputError, WincookError, one_line, quoted


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("F(4;3)", "'F(4;3)'"),
        ("two  blanks", "'two  blanks'"),
        ("", "''"),
        (None, "None"),
        (float("nan"), "nan"),
        (Path("a/b.h"), "'a/b.h'"),
        ("\x1b[31mred\x1b[0m\n\u202e\udcff", r"'\x1b[31mred\x1b[0m\n\u202e\udcff'"),
        (np.zeros((2, 2)), "array([[0., 0.], [0., 0.]])"),
        ([1, "two", None], "[1, 'two', None]"),
    ],
)
def test_a_value_is_quoted_in_one_printable_line(value: object, words: str) -> None:
    assert quoted(value) == words


def test_an_integer_beyond_all_print_is_told_by_its_bits() -> None:
    assert quoted(10**5000) == "a number of 16610 bits"
    assert quoted([10**5000]) == "<list>"
    assert len(quoted(-(10**4000))) <= 60


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10**6,
        "\0" * 10**6,
        b"\0" * 10**5,
        [["x" * 100] * 100] * 100,
        {str(i): "x" * 100 for i in range(100)},
        np.full((100, 100), 1.25),
        Path("x" * 500),
        Unprintable(),
    ],
)
@pytest.mark.parametrize("most", [20, 60])
def test_no_quotation_is_long(value: object, most: int) -> None:
    words = quoted(value, most)
    assert 0 < len(words) <= most
    assert words.isprintable()


def test_the_ends_of_what_is_long_are_kept() -> None:
    words = quoted("begin" + "x" * 1000 + "end")
    assert words.startswith("'begin")
    assert words.endswith("end'")
    assert "…" in words


def test_every_message_of_the_family_is_one_short_line() -> None:
    error = NotationError("a\nb \x1b[2J " + "x" * 10**5 + "; give less")
    assert str(error).startswith("a b \\x1b[2J x")
    assert str(error).endswith("; give less")
    assert len(str(error)) <= 500
    assert str(OutputError("cannot write x: full")) == "cannot write x: full"


def test_one_line_keeps_what_fits() -> None:
    assert one_line("±1/2, ∞", 7) == "±1/2, ∞"
    assert one_line("", 7) == ""


F23 = wc.algorithm("F(2,3)")
CALLS: dict[str, Callable[[Any], object]] = {
    "tile": wc.Tile.of,
    "algorithm": wc.algorithm,
    "points": wc.Points.parse,
    "at": lambda text: F23.at(**{text: 1}),
    "format": wc.Format.of,
    "precision": wc.Precision.of,
    "stage": lambda text: wc.Precision.of(f"U={text}"),
    "law": lambda text: wc.analyse(F23, law=text),
    "gauge": lambda text: wc.gauge(F23, text),
    "basis": lambda text: wc.construct.change_basis(F23, text),
    "reference": lambda text: wc.tolerance(F23, against=text),
    "range": lambda text: wc.construct.residue_system("F(2,3)", inputs=text),
    "layout": lambda text: wc.Layer(2, 2, (3, 3), (3, 3), layout=text),
    "target": lambda text: wc.compile(wc.Layer(2, 2, (8, 8), (3, 3)), target=text),
    "style": wc.program.Style,
    "file": wc.load,
}


@pytest.mark.parametrize("text", ["ξ" * 10**5, "ξ, " * 10**4], ids=["word", "words"])
@pytest.mark.parametrize("name", CALLS)
def test_no_message_repeats_more_than_200_characters(name: str, text: str) -> None:
    with pytest.raises(WincookError) as caught:
        CALLS[name](text)
    assert str(caught.value).count("ξ") <= 200
    assert len(str(caught.value)) <= 500
