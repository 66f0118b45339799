"""What stands left of a sign: names, types, dimensions, scopes and keys."""

from __future__ import annotations

import pytest

from wincook.interchange.read.syntax.declared.left_side import LeftSide
from wincook.interchange.read.syntax.language import GO, JAVA, C, Language
from wincook.interchange.read.syntax.words import words


def left(text: str, language: Language = C) -> tuple[LeftSide, int]:
    """The reader, and the place of the first sign of assignment, or of the last word."""
    listed = words(text)
    signs = [place for place, word in enumerate(listed) if word.text in {"=", ":=", "<<"}]
    return LeftSide(listed, language), signs[0] if signs else len(listed) - 1


@pytest.mark.parametrize(
    ("text", "name", "kind", "sizes"),
    [
        ("static const float BT[4][3] = {", "BT", ("static", "const", "float"), [["4"], ["3"]]),
        ("let AT: Vec<f32> = vec![", "AT", ("Vec", "f32"), []),
        ("x = 1; localparam signed [7:0] G [0:3] = ", "x", (), []),
        ("float G[4] __attribute__((aligned(16))) = {", "G", ("float",), [["4"]]),
        ("G[i][j] = ", "G", (), [["i"], ["j"]]),
        ("1 = ", "", (), []),
    ],
)
def test_a_declaration_has_a_name_a_type_and_sizes(text: str, name: str, kind: tuple[str, ...], sizes: object) -> None:
    reader, place = left(text)
    declared = reader.read(place)
    assert (declared.name, declared.kind) == (name, kind)
    assert [[word.text for word in dimension] for dimension in declared.dimensions] == sizes


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("struct F23 {", "F23"),
        ("void init(int n) {", "init"),
        ("if (x) {", ""),
        ("F43 = {", "F43"),
        ("public static float[][] Wino::mats() {", "mats"),
    ],
)
def test_a_brace_opens_a_scope_with_a_name(text: str, name: str) -> None:
    listed = words(text)
    assert LeftSide(listed, JAVA).scope_name(len(listed) - 1) == name


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{"BT", {{1}}}', ("BT", 3)),
        ("{Key{3, 2, T::IN}, m}", ("Key_3_2_IN", 10)),
        ("(T::IN, m)", ("IN", 3)),
        ("['BT', m]", ("BT", 3)),
        ("(BT, m)", None),
        ("(x)", None),
        ("{{1}, {2}}", None),
        ("(1, 2)", None),
    ],
)
def test_keys_stand_before_a_comma(text: str, key: tuple[str, int] | None) -> None:
    assert LeftSide(words(text), C).key(0) == key


def test_streams_fill_what_stands_on_the_left() -> None:
    reader, place = left("BT << 1, 2", GO)
    assert reader.streamed(place) == ("BT", [])
    listed = words("G = Mat_<float>(4, 3) << 1")
    name, dimensions = LeftSide(listed, C).streamed(len(listed) - 2)
    assert (name, [word.text for dimension in dimensions for word in dimension]) == ("G", ["4", "3"])
