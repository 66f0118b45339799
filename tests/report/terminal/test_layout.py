from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wincook.interchange.write.ascii import ascii_text
from wincook.report.table import Column, Heading, Table, View, grid, number, table, words
from wincook.report.terminal.layout import Layout

WORDS = st.text("ab 12/", max_size=12)


def example() -> Table:
    return table(
        "errors",
        "Errors of all",
        [words("algorithm"), number("largest of them", "g"), number("RMS", "g")],
        [("F(4,3) on points", 1.25e-07, 3), ("F(2,3)", 1, 4.5)],
        caption="A sentence below.",
    )


def test_without_a_width_all_stands_in_lines() -> None:
    assert Layout().text(example()).splitlines() == [
        "Errors of all",
        "algorithm         largest of them  RMS",
        "F(4,3) on points         1.25e-07    3",
        "F(2,3)                          1  4.5",
        "A sentence below.",
    ]


def test_a_narrow_terminal_gets_blocks_of_columns() -> None:
    assert Layout(20, strong=lambda line: f"*{line}").text(example()).splitlines() == [
        "*Errors of all",
        "*algorithm    largest",
        "*             of them",
        "F(4,3) on   1.25e-07",
        "points",
        "F(2,3)             1",
        "",
        "*algorithm   RMS",
        "F(4,3) on     3",
        "points",
        "F(2,3)      4.5",
        "A sentence below.",
    ]


def test_a_grid_says_which_columns_a_block_has() -> None:
    lines = Layout(13).text(grid("AT", "AT (1×4)", [["1/16", "2", "-3/128", "4"]])).splitlines()
    assert lines == ["AT (1×4)", "  columns 0 to 1", "    1/16  2", "  columns 2 to 3", "    -3/128  4"]


def test_text_is_escaped_and_never_markup() -> None:
    view = View(("[/b] [red]x", "\x1b[31m\udcff", grid("i", "[i]", [["[/]\x07"]])))
    assert Layout().text(view).splitlines() == ["[/b] [red]x", "\\x1b[31m\\udcff", "[i]", "    [/]\\x07"]


def test_columns_stay_in_line_in_ascii() -> None:
    rows = [["√2", "1"], ["1/2", "±3"]]
    assert Layout(spell=ascii_text).text(grid("x", "×", rows)).splitlines() == [
        "x",
        "    sqrt(2)    1",
        "        1/2  +-3",
    ]


def test_what_goes_on_is_indented() -> None:
    assert Layout(12).text("  t0 = fma(d0, 1, d2)").splitlines() == ["  t0 =", "    fma(d0,", "    1, d2)"]


def test_a_heading_stands_out() -> None:
    assert Layout(strong=lambda line: f"*{line}").text(View((Heading("Warnings"), "none"))) == "*Warnings\nnone\n"


@pytest.mark.slow
@given(st.integers(1, 60), st.integers(0, 2), st.lists(st.lists(WORDS, min_size=4, max_size=4), max_size=4))
def test_no_word_is_lost_or_cut(width: int, names: int, rows: list[list[str]]) -> None:
    headers = ("one column", "two", "three of a kind", "4")
    columns = [Column(header, (header,), left=place < names, key=place < names) for place, header in enumerate(headers)]
    lines = Layout(width).text(table("t", "the title", columns, rows, caption="and more")).splitlines()
    shown = {word for line in lines for word in line.split()}
    words = ["the title one column two three of a kind 4 and more", *(cell for row in rows for cell in row)]
    assert shown == set(" ".join(words).split())
