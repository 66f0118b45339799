"""Numerals: what Python's decimals read alike, and what they would read though people would not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from tests.hang import at_once
from wincook.errors import NotationError
from wincook.exact.numeral import numeral, whole

digits = st.text("0123456789", min_size=1, max_size=30)
mantissas = (
    digits
    | st.builds("{}.".format, digits)
    | st.builds(".{}".format, digits)
    | st.builds("{}.{}".format, digits, digits)
)
exponents = st.just("") | st.builds(
    "{}{}{}".format, st.sampled_from("eE"), st.sampled_from(["", "+", "-"]), st.integers(0, 400)
)
signs = st.sampled_from(["", "+", "-"])


@given(st.builds("{}{}{}".format, signs, mantissas, exponents))
def test_numerals_have_the_value_that_decimals_have(text: str) -> None:
    assert numeral(text) == Fraction(Decimal(text))


@given(st.text(st.sampled_from("0123456789.eE+-_ x\N{MINUS SIGN}²½１٣") | st.characters(), max_size=8))
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    try:
        value = numeral(text)
    except NotationError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 (either outcome is right, for some text)
    else:
        assert value == Fraction(Decimal(text.strip().replace("\N{MINUS SIGN}", "-")))
        assert text.isascii() or "\N{MINUS SIGN}" in text or not text.strip().isascii() or text.strip() != text
        assert "_" not in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "e",
        "1e",
        "- 1",
        "1\n2",
        "1e+",
        ".e1",
        "1.2.3",
        "--1",
        "+-1",
        "1_000",
        "0x10",
        "1 2",
        "1e 3",
        "1,5",
        "٣",
        "１",
        "²",
        "½",
        "oo",
        "inf",
        "nan",
        "1/2",
        "1d5",
        "2f",
        "1e5e5",
        "1e5.0",
    ],
)
def test_what_is_no_numeral_is_named(text: str, golden: Golden) -> None:
    with golden.raises(NotationError, match=r"12.*-0\.5.*1e-3"):
        numeral(text)


@pytest.mark.parametrize(
    "text", ["1e999999999", "1e-999999999", "1e1001", "9" * 1001, "1" * 10**6, "1e" + "9" * 10**6, "0e1001"]
)
def test_what_is_too_large_is_refused_at_once(text: str, golden: Golden) -> None:
    with at_once(), golden.raises(NotationError, match="1,000") as caught:
        numeral(text)
    assert len(str(caught.value)) < 200


def test_limits_leave_room_for_every_float() -> None:
    for value in (5e-324, 1.7976931348623157e308, 2.0**-1074, 0.1):
        assert float(numeral(repr(value))) == value
        assert numeral(format(Decimal(value), "f") if value > 1e-300 else f"{Decimal(value):e}") == Fraction(value)
    assert numeral("1e0000000000000001000") == Fraction(10) ** 1000


def test_whole_numbers(golden: Golden) -> None:
    assert [whole(text) for text in ("12", "1e6", "2.0", "-3", "0.5e1")] == [12, 10**6, 2, -3, 5]
    with golden.raises(NotationError, match=r"'1\.5'.*12.*1e6"):
        whole("1.5")
