"""Ranges of integers: notation, limits, and arrays that leave them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.construct.residue.integer_range import Span
from wincook.errors import DataError, FormatError, NotationError

INT64 = st.integers(-(2**63), 2**63 - 1)


@given(INT64, INT64)
def test_what_prints_parses(a: int, b: int) -> None:
    span = Span(min(a, b), max(a, b))
    assert Span.of(str(span)) == Span.of(span) == span
    assert span.magnitude == max(abs(a), abs(b))


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("int8", -128, 127), ("uint8", 0, 255), (" int64 ", -(2**63), 2**63 - 1), ("−8 .. +7", -8, 7), ("5..5", 5, 5)],
    ids=["int8", "uint8", "int64", "minus", "one"],
)
def test_types_and_pairs_are_read(text: str, least: int, most: int) -> None:
    assert Span.of(text) == Span(least, most)


@pytest.mark.parametrize("text", ["", "float32", "uint64", "8", "-8...7", "1.5..2", "a..b", "1..2..3"])
def test_other_text_is_refused(text: str, golden: Golden) -> None:
    with golden.raises(NotationError, match=r"-8\.\.7.*int8.*uint8"):
        Span.of(text)


def test_empty_and_too_wide_ranges_are_refused(golden: Golden) -> None:
    with golden.raises(FormatError, match=r"7\.\.-8"):
        Span.of("7..-8")
    with golden.raises(FormatError, match="int64"):
        Span.of(f"0..{2**63}")


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([1, 8]), r"8.*-8\.\.7"),
        (np.array([-9, 1]), "-9"),
        (np.array([2**64 - 1], dtype=np.uint64), "18446744073709551615"),
        (np.array([0.0]), "float64"),
        (np.array([True]), None),
        (np.array([1], dtype=object), None),
        (np.array(["1"]), "<U1"),
    ],
    ids=["above", "below", "unsigned", "float", "bool", "object", "text"],
)
def test_arrays_outside_are_refused(array: Any, message: str | None, golden: Golden) -> None:
    with golden.raises(DataError, match=message):
        Span(-8, 7).checked(array, "d")


def test_arrays_inside_pass() -> None:
    for array in (np.array([-8, 7], dtype=np.int8), np.array([7], dtype=np.uint64), np.zeros((0, 3), dtype=int)):
        Span(-8, 7).checked(array, "d")
