"""Tiles: reading, printing, sizes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from tests.hang import at_once
from wincook.errors import NotationError, WincookError
from wincook.tile import Tile

sizes = st.integers(1, 99)
axes = st.lists(st.tuples(sizes, sizes), min_size=1, max_size=4)
strided_axes = st.lists(st.tuples(sizes, sizes, st.integers(1, 4)), min_size=1, max_size=4)


@given(strided_axes)
def test_parse_reads_back_what_print_writes(triples: list[tuple[int, int, int]]) -> None:
    outputs, taps, strides = zip(*triples, strict=True)
    tile = Tile(outputs, taps, strides)
    assert Tile.parse(str(tile)) == tile
    assert eval(repr(tile), {"Tile": Tile}) == tile  # noqa: S307 (what it prints is a call)


@given(strided_axes)
def test_inputs_reach_from_the_first_output_to_the_last(triples: list[tuple[int, int, int]]) -> None:
    outputs, taps, strides = zip(*triples, strict=True)
    tile = Tile(outputs, taps, strides)
    read = [{s * i + j for i in range(m) for j in range(r)} for m, r, s in triples]
    assert tile.inputs == tuple(max(places) + 1 for places in read)
    assert tile.steps == tuple(m * s for m, _, s in triples)
    for axis, (m, r, s) in zip(tile.axes, triples, strict=True):
        assert sum(phase.taps[0] for phase in axis.phases) == r
        assert [phase.outputs for phase in axis.phases] == [(m,)] * min(r, s)


@pytest.mark.parametrize(
    ("text", "strides", "printed"),
    [
        ("F(4,3)/2", (2,), "F(4,3)/2"),
        ("F(4x4,3x3)/2", (2, 2), "F(4x4,3x3)/2"),
        ("4×4, 3×3 / 2×2", (2, 2), "F(4x4,3x3)/2"),
        ("F(4x4,3x3)/2x1", (2, 1), "F(4x4,3x3)/2x1"),
        ("F(4x4,3x3)/1", (1, 1), "F(4x4,3x3)"),
    ],
)
def test_strides_follow_the_tile(text: str, strides: tuple[int, ...], printed: str) -> None:
    assert Tile.parse(text).strides == strides
    assert str(Tile.parse(text)) == printed


@pytest.mark.parametrize(
    "text",
    ["F(4,3)/", "F(4,3)/0", "F(4,3)/2/2", "F(4,3)/2x2", "F(4x4,3x3)/2x2x2", "F(4,3)/-2", "F(4,3)/1.5", "F(4,3/2)"],
)
def test_wrong_strides_are_named(text: str, golden: Golden) -> None:
    with golden.raises(NotationError):
        Tile.parse(text)


def test_a_tile_with_strides_is_named_where_only_others_will_do(golden: Golden) -> None:
    assert Tile.of_unit_stride("F(4,3)", "are cut") == Tile((4,), (3,))
    with golden.raises(NotationError):
        Tile.of_unit_stride("F(4x4,3x3)/2x1", "are cut")


@given(axes)
def test_axes_and_sizes_follow_from_m_and_r(pairs: list[tuple[int, int]]) -> None:
    tile = Tile(tuple(m for m, _ in pairs), tuple(r for _, r in pairs))
    assert tile.dimension == len(pairs)
    assert tile.inputs == tuple(m + r - 1 for m, r in pairs)
    assert [(axis.outputs, axis.taps) for axis in tile.axes] == [((m,), (r,)) for m, r in pairs]
    direct = 1
    for m, r in pairs:
        direct *= m * r
    assert tile.direct_multiplications == direct


@pytest.mark.parametrize(
    ("text", "outputs", "taps"),
    [
        ("F(4,3)", (4,), (3,)),
        ("F(2x4,1x3)", (2, 4), (1, 3)),
        ("F(2×4,1×3)", (2, 4), (1, 3)),
        ("F(2X4,1*3)", (2, 4), (1, 3)),
        ("  f ( 2 x 2 x 2 , 3 x 3 x 3 )\n", (2, 2, 2), (3, 3, 3)),
        ("F(1,1)", (1,), (1,)),
        ("F(4, 3)", (4,), (3,)),
        ("f(4,3)", (4,), (3,)),
        ("F(4×4, 3×3)", (4, 4), (3, 3)),
        ("4,3", (4,), (3,)),
        ("4x4,3x3", (4, 4), (3, 3)),
        ("4x4, 3x3", (4, 4), (3, 3)),
        ("(4x4,3x3)", (4, 4), (3, 3)),
        ("F4x4,3x3", (4, 4), (3, 3)),
        ("f 2×2×2,3×3×3", (2, 2, 2), (3, 3, 3)),
    ],
)
def test_a_tile_is_read_however_people_write_it(text: str, outputs: tuple[int, ...], taps: tuple[int, ...]) -> None:
    assert Tile.parse(text) == Tile(outputs, taps)


def test_a_tile_prints_in_the_notation() -> None:
    assert str(Tile((2, 4), (1, 3))) == "F(2x4,1x3)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "F",
        "4",
        "4,3)",
        "F4,3)",
        "4x4",
        "4,3,2",
        "0.5,3",
        "f43.json",
        "F()",
        "F(4)",
        "F(,3)",
        "F(4,)",
        "F[4,3]",
        "F(4,3,2)",
        "F(4.0,3)",
        "F(a,3)",
        "F(4x,3)",
        "F(4 4,3)",
        "F(4y4,3y3)",
        "F(4,3)F(4,3)",
        "F(4,3",
        "G(4,3)",
        "F(4--4,3)",
        "F(∞,3)",
        "F(4x4;3x3)",
    ],
)
def test_unreadable_text_is_named_with_a_valid_example(text: str) -> None:
    with pytest.raises(NotationError) as caught:
        Tile.parse(text)
    assert repr(text) in str(caught.value)
    assert "F(4,3)" in str(caught.value)


@pytest.mark.parametrize("text", ["F(4x4,3)", "F(4,3x3)", "F(2x2x2,3x3)"])
def test_axes_that_do_not_match_are_named_with_a_valid_example(text: str) -> None:
    with pytest.raises(NotationError) as caught:
        Tile.parse(text)
    assert text in str(caught.value)
    assert "F(4x4,3x3)" in str(caught.value)


def test_a_tile_without_axes_is_refused(golden: Golden) -> None:
    with golden.raises(NotationError):
        Tile((), ())


@pytest.mark.parametrize(
    ("text", "fault"),
    [("F(0,3)", "m = 0"), ("F(4,0)", "r = 0"), ("F(-2,3)", "m = -2"), ("F(4x4,3x-1)", "r = -1")],
)
def test_a_size_below_1_is_named(text: str, fault: str) -> None:
    with pytest.raises(NotationError) as caught:
        Tile.parse(text)
    assert text in str(caught.value)
    assert fault in str(caught.value)
    assert "at least 1" in str(caught.value)


def test_of_takes_a_tile_or_its_text() -> None:
    tile = Tile((4,), (3,))
    assert Tile.of(tile) is tile
    assert Tile.of("F(4,3)") == tile


def test_a_notation_error_is_a_wincook_error_and_a_value_error() -> None:
    assert issubclass(NotationError, WincookError)
    assert issubclass(NotationError, ValueError)


@pytest.mark.parametrize(
    "text", ["F(٤,3)", "F(４,3)", "F(4²,3)", "F(1_0,3)", "F(4.5,3)", "F(1e1,3)", "F(0x4,0x3)", "F(-4,3)"]
)
def test_sizes_are_read_in_ascii_digits_alone(text: str) -> None:
    with pytest.raises(NotationError):
        Tile.parse(text)


@pytest.mark.parametrize(
    ("outputs", "taps", "why"),
    [
        (1.5, (3,), r"outputs = 1\.5.*\(4,\).*\(4.*4\)"),
        (4, 3, "outputs = 4"),
        ((1.5,), (3,), r"m = 1\.5"),
        ((4,), (True,), "r = True"),
        ((4,), "3", "taps = '3'"),
        ((4,), (None,), "r = None"),
        ((float("nan"),), (3,), "m = nan"),
        ((10**30,), (3,), None),
        (None, None, "outputs = None"),
    ],
    ids=str,
)
def test_sizes_of_wrong_types_are_refused(outputs: Any, taps: Any, why: str | None, golden: Golden) -> None:
    with golden.raises(NotationError, match=why):
        Tile(outputs, taps)


def test_any_kind_of_integer_is_a_size() -> None:
    tile = Tile([np.int64(4), 2], np.array([3, 3]))  # type: ignore[arg-type]
    assert tile == Tile((4, 2), (3, 3))
    assert {type(size) for size in (*tile.outputs, *tile.taps)} == {int}
    assert hash(tile) == hash(Tile((4, 2), (3, 3)))


@pytest.mark.parametrize("given", [None, 4, (4, 3), b"F(4,3)"], ids=str)
def test_what_is_no_tile_is_refused(given: Any) -> None:
    with pytest.raises(NotationError, match="as a tile: write F"):
        Tile.of(given)


@pytest.mark.parametrize("text", [" " * 20_000, "F" + "\t" * 20_000, "F(2," + " " * 20_000, "1" * 20_000])
def test_thousands_of_blanks_are_no_tile_and_take_no_time(text: str) -> None:
    with at_once(), pytest.raises(NotationError, match="cannot read"):
        Tile.parse(text)
