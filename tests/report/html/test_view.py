from __future__ import annotations

from pathlib import Path

from tests.golden import Golden
from wincook.errors import OutputError
from wincook.report.html.view import view_page, write_view_page
from wincook.report.table import Heading, View, grid, number, table, words

VIEW = View(
    (
        table("errors", "Errors <b>", [words("a"), number("RMS", ".2g")], [("x & y", 0.123)], caption="A note."),
        "",
        grid("AT", "AT (1×2)", [["1/2", "√2"]]),
        Heading("Warnings"),
        "One.\nTwo.",
    )
)


def test_all_parts_stand_on_the_page() -> None:
    text = view_page("wincook analyse", "What was asked.", VIEW)
    for words_of_page in ("Errors &lt;b&gt;", "x &amp; y", "0.12", "A note.", "√2", "Warnings", "One.", "Two."):
        assert words_of_page in text
    assert text.count("<table") == 2
    assert text.count("<thead") == 1
    assert text == view_page("wincook analyse", "What was asked.", VIEW)


def test_a_page_is_written_whole(tmp_path: Path, golden: Golden) -> None:
    path = write_view_page(tmp_path / "view.html", "t", "l", VIEW)
    assert list(tmp_path.iterdir()) == [path]
    with golden.raises(OutputError):
        write_view_page(path / "view.html", "t", "l", VIEW)
