import itertools
from decimal import Decimal
from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.arguments import (
    LARGEST,
    choice,
    flag,
    fraction,
    instance,
    is_sequence,
    items,
    real_number,
    whole_number,
    words,
)
from wincook.errors import DataError, NotationError, ShapeError, TargetError

INTEGERS = (int, np.int8, np.int64, np.uint64, sympy.Integer, np.array)
REALS = (
    int,
    float,
    np.float16,
    np.float64,
    np.longdouble,
    np.array,
    Fraction,
    Decimal,
    sympy.Float,
    ml_dtypes.bfloat16,
)


@pytest.mark.parametrize("kind", INTEGERS)
def test_every_kind_of_integer_is_pythons(kind: Any) -> None:
    number = whole_number("C", kind(3))
    assert (number, type(number)) == (3, int)


@pytest.mark.parametrize(
    "value", [1.5, 3.0, True, np.bool_(True), "3", None, [3], np.array([3]), 3j, Fraction(3), b"3"]
)
def test_what_is_no_integer_is_named(value: Any, golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"C =.*1"):
        whole_number("C", value)


def test_integers_out_of_range_are_refused_with_the_limit_they_break(golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"C = 0.*1"):
        whole_number("C", 0)
    with golden.raises(ShapeError, match=rf"^C = {LARGEST + 1} .*, at most {LARGEST}$"):
        whole_number("C", LARGEST + 1)
    with golden.raises(TargetError, match=r"bits = 9.*2.*8"):
        whole_number("bits", 9, 2, 8, TargetError)
    with golden.raises(ShapeError, match=r"C = a.*16610"):
        whole_number("C", 10**5000)
    assert whole_number("seed", 10**100, 0, None) == 10**100
    assert whole_number("C", LARGEST) == LARGEST
    assert whole_number("p", -7, None) == -7


@given(st.integers())
def test_integers_within_limits_pass_and_others_do_not(number: int) -> None:
    if 1 <= number <= LARGEST:
        assert whole_number("C", number) == number
    else:
        with pytest.raises(ShapeError):
            whole_number("C", number)


@pytest.mark.parametrize("kind", REALS)
def test_every_kind_of_real_number_is_a_float(kind: Any) -> None:
    number = real_number("p", kind(2))
    assert (number, type(number)) == (2.0, float)
    assert fraction("p", kind(2)) == 2


@pytest.mark.parametrize(
    "value", ["2", None, True, 1j, np.complex64(1), float("nan"), float("inf"), 10**400, [1.0], np.ones(1), sympy.oo]
)
def test_what_is_no_real_number_is_named(value: Any, golden: Golden) -> None:
    with golden.raises(NotationError, match="p ="):
        real_number("p", value)


def test_limits_of_real_numbers_are_named_and_kept(golden: Golden) -> None:
    assert real_number("p", 0, least=0, below=1) == 0
    for value in (1, -0.5, "x"):
        with golden.raises(NotationError, match=r"0.*1"):
            real_number("p", value, least=0, below=1)
    assert real_number("p", 100, above=0, most=100) == 100
    for value in (0, 100.5):
        with golden.raises(DataError, match=r"0.*100"):
            real_number("p", value, above=0, most=100, error=DataError)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_fraction_that_it_is(value: float) -> None:
    assert fraction("x", value) == Fraction(value) == fraction("x", np.float64(value))


def test_a_choice_is_one_of_its_words(golden: Golden) -> None:
    assert choice("layout", np.str_("NCHW"), ("NCHW", "NHWC")) == "NCHW"
    assert choice("norm", np.int64(2), (1, 2, "inf")) == 2
    for value in ("nchw", None, True, 3, ["NCHW"], np.array(["NCHW", "x"])):
        with golden.raises(NotationError, match="1"):
            choice("layout", value, ("NCHW", "NHWC", 1))


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("balnce", "; did you mean balance?"),
        ("INTEGER", "; did you mean integer?"),
        ("x", ""),
        ("b" * 10_000, ""),
        (3, ""),
    ],
)
def test_what_was_probably_meant_is_told(value: object, hint: str) -> None:
    with pytest.raises(NotationError) as refused:
        choice("gauge", value, ["balance", "integer"])
    assert str(refused.value).endswith(f"known are balance, integer{hint}")


def test_a_flag_is_true_or_false(golden: Golden) -> None:
    assert flag("fma", np.bool_(False)) is False
    for value in (1, 0, "no", None, np.array([True])):
        with golden.raises(NotationError):
            flag("fma", value)


def test_text_and_values_of_one_kind(golden: Golden) -> None:
    assert words("name", "mine", "x") == "mine"
    with golden.raises(NotationError, match=r"name = 3.*'x'"):
        words("name", 3, "x")
    assert instance("name", 3, int, "count") == 3
    with golden.raises(DataError, match="name = '3'"):
        instance("name", "3", int, "count", DataError)


@pytest.mark.parametrize("values", [[1, 2], (1, 2), np.array([1, 2]), range(1, 3), {1: 0, 2: 0}.keys(), iter([1, 2])])
def test_items_of_whatever_has_an_order(values: Any) -> None:
    if isinstance(values, dict | type({}.keys())):
        with pytest.raises(ShapeError):
            items("sizes", values, "(1, 2)")
    else:
        assert items("sizes", values, "(1, 2)") == (1, 2)


@pytest.mark.parametrize("values", [3, None, "12", b"12", {1, 2}, {1: 2}, np.array(3)])
def test_what_has_no_items_is_named(values: Any, golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"\(1.*2\)"):
        items("sizes", values, "(1, 2)")


def test_endless_items_end(golden: Golden) -> None:
    with golden.raises(ShapeError, match="4096"):
        items("sizes", itertools.count(), "(1, 2)")
    assert items("letters", {"G"}, "()", ordered=False) == ("G",)


def test_texts_and_arrays_without_axes_are_single() -> None:
    assert [is_sequence(value) for value in ((1,), np.ones(1), "12", 3, np.array(3), None)] == [
        True,
        True,
        *[False] * 4,
    ]
