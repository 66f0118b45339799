from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sympy

import wincook as wc
from tests.golden import Golden
from wincook.errors import OutputError, ShapeError
from wincook.report.figures.canvas import Picture
from wincook.report.figures.theme import DARK, LIGHT
from wincook.report.html.page import page
from wincook.report.html.pieces import Code, Matrix
from wincook.report.html.reports import render, write_page
from wincook.report.html.section import Section
from wincook.report.table import remark, table, words

HOSTILE = "<script>alert('&\"1\"')</script>"
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Node:
    def __init__(self, tag: str, attributes: dict[str, str | None], parent: Node | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node] = []
        self.words = ""

    def all(self, tag: str) -> list[Node]:
        return [node for child in self.children for node in ([child] if child.tag == tag else []) + child.all(tag)]

    @property
    def text(self) -> str:
        return self.words + "".join(child.text for child in self.children)


class Tree(HTMLParser):
    """Refuses whatever is not closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = self.open = Node("", {}, None)
        self.feed(text)
        self.close()
        assert self.open is self.root, f"{self.open.tag} is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"{tag} has an attribute twice"
        node = Node(tag, dict(attrs), self.open)
        self.open.children.append(node)
        if tag not in VOID:
            self.open = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.children.append(Node(tag, dict(attrs), self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes {self.open.tag}"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.words += data

    def everything(self, node: Node | None = None) -> list[Node]:
        node = node or self.root
        return [node for child in node.children for node in (child, *self.everything(child))]


@pytest.fixture(scope="module")
def report_page() -> str:
    algorithms = [wc.algorithm("F(2x2,3x3)"), wc.algorithm("F(2x3,1x3)", "0,inf;0,±√2,1,inf")]
    return render([wc.analyse(algorithm, fmt, samples=8) for algorithm in algorithms for fmt in ("float32", "float16")])


@pytest.fixture(scope="module")
def hostile_page(pictures: dict[str, Picture]) -> str:
    grid = table("hostile", HOSTILE, [words(HOSTILE), remark("b")], [(HOSTILE, HOSTILE)], caption=HOSTILE)
    section = Section(
        HOSTILE,
        paragraphs=(HOSTILE,),
        pictures=(pictures["ulps"], pictures["map 1-D"]),
        tables=(grid,),
        matrices=(Matrix(HOSTILE, sympy.ImmutableMatrix([[sympy.Symbol(HOSTILE)]])),),
        programs=(Code(HOSTILE, HOSTILE),),
    )
    return page(HOSTILE, HOSTILE, [section, Section("Outer", sections=(section,))])


@pytest.mark.slow
def test_the_page_needs_nothing_from_outside(report_page: str, hostile_page: str) -> None:
    for text in (report_page, hostile_page):
        assert "://" not in text
        for node in Tree(text).everything():
            assert not {"src", "srcset", "action", "onload", "onclick"} & node.attributes.keys()
            assert node.tag not in {"script", "iframe", "object", "img", "base"}
            target = node.attributes.get("href") or "#"
            inline = (node.tag, target.split(",")[0]) in {("link", "data:"), ("image", "data:image/png;base64")}
            assert inline or target.startswith("#")
        assert "default-src 'none'" in text
        assert "@import" not in text
        assert not re.search(r"url\((?!#)", text)


@pytest.mark.slow
def test_ids_are_unique_and_every_reference_has_its_target(report_page: str, hostile_page: str) -> None:
    for text in (report_page, hostile_page):
        nodes = Tree(text).everything()
        ids = Counter(node.attributes["id"] for node in nodes if "id" in node.attributes)
        assert set(ids.values()) == {1}
        named = {
            node.attributes["href"] or "" for node in nodes if node.tag in {"a", "use"} and "href" in node.attributes
        }
        named |= {f"#{target}" for target in re.findall(r"url\(#([^)]+)\)", text)}
        named |= {f"#{target}" for label in re.findall(r'aria-labelledby="([^"]+)"', text) for target in label.split()}
        assert len(named) > 20
        assert {target.removeprefix("#") for target in named} <= ids.keys()


def test_tables_have_captions_and_pictures_have_words(report_page: str, hostile_page: str) -> None:
    for text in (report_page, hostile_page):
        tree = Tree(text)
        tables, pictures = tree.root.all("table"), tree.root.all("svg")
        assert len(tables) >= 2
        assert len(pictures) >= 2
        for node in tables:
            assert node.children[0].tag == "caption"
            assert node.children[0].text.strip()
            assert len({len(row.children) for row in node.all("tr")}) == 1
        for node in pictures:
            assert node.attributes["role"] == "img"
            assert [child.tag for child in node.children[:2]] == ["title", "desc"]
            assert all(child.text for child in node.children[:2])
            assert len(node.all("path")) > 20


def test_hostile_words_stay_words(hostile_page: str) -> None:
    tree = Tree(hostile_page)
    assert not tree.root.all("script")
    for tag in ("title", "h1", "h2", "p", "caption", "td", "th", "a", "code", "mi"):
        texts = [node.text for node in tree.root.all(tag)]
        assert any(HOSTILE in text for text in texts), tag


def test_colours_follow_the_theme_of_the_reader(report_page: str) -> None:
    head, _, body = report_page.partition("</style>")
    for theme in (LIGHT, DARK):
        assert all(f"--{name}: {colour};" in head for name, colour in theme.colours.items())
        assert not any(colour in body for colour in theme.colours.values())
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", report_page)) <= LIGHT.colours.keys()
    assert "fill: var(--paper)" in body


def number(cell: Node) -> Fraction:
    """A cell of a matrix, by the meaning of MathML's elements."""
    (child,) = cell.children
    sign = 1
    if child.tag == "mrow" and child.children[0].text == "−":
        sign, child = -1, child.children[1]
    parts = [Fraction(node.text.replace("−", "-")) for node in ([child] if child.tag == "mn" else child.children)]
    return sign * (parts[0] if child.tag == "mn" else parts[0] / parts[1])


def test_matrices_say_what_they_are(lavin: wc.Transforms) -> None:
    matrices = {name: getattr(lavin, name) for name in ("AT", "G", "BT")}
    text = page("t", "l", [Section("s", matrices=tuple(Matrix(name, matrix) for name, matrix in matrices.items()))])
    for math, (name, matrix) in zip(Tree(text).root.all("math"), matrices.items(), strict=True):
        assert math.attributes["alttext"] == f"{name}, {matrix.rows} rows, {matrix.cols} columns"
        rows = [[number(cell) for cell in row.children] for row in math.all("mtr")]
        assert rows == [[Fraction(int(entry.p), int(entry.q)) for entry in row] for row in matrix.tolist()]


def test_a_page_of_reports_has_all_that_is_known(report_page: str) -> None:
    tree = Tree(report_page)
    titles = [node.text for node in tree.root.all("h2")]
    assert titles == [
        "Overview",
        "F(2x2,3x3) on {0, ±1, ∞}",
        "F(2x3,1x3) on {0, ∞; 0, ±√2, 1, ∞}",
    ]
    assert [node.text for node in tree.root.all("nav")[0].all("a") if node.text in titles] == titles
    captions = " ".join(node.text for node in tree.root.all("caption"))
    assert all(words in captions for words in ("Comparison", "Theory", "Sample", "Condition numbers", "Operations"))
    assert len(tree.root.all("math")) == 3 + 2 * 3
    assert tree.root.all("msqrt")
    assert "t0 = M0 + M1" in tree.root.all("code")[2].text
    assert "identities hold exactly" in report_page


@pytest.mark.slow
def test_the_same_sections_make_the_same_page(pictures: dict[str, Picture]) -> None:
    sections = [Section("s", pictures=(pictures["ulps"],))]
    assert page("t", "l", sections) == page("t", "l", sections)


@pytest.mark.slow
def test_a_page_is_written_whole(tmp_path: Path, golden: Golden) -> None:
    report = wc.analyse(wc.algorithm("F(2,3)"), samples=4)
    path = write_page(tmp_path / "report.html", [report], title="Mine")
    assert "<h1>Mine</h1>" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]
    with golden.raises(OutputError):
        write_page(path / "report.html", [report])
    with golden.raises(ShapeError):
        render([])


def test_an_empty_table_is_a_table() -> None:
    empty = table("nothing", "nothing", [], [])
    assert "nothing" in page("t", "l", [Section("s", tables=(empty,))])
