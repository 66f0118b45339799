"""Rounded arithmetic and programs on data as callers give them: the same bits as inside, and errors that tell."""

from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.errors import DataError, NotationError, ShapeError, WincookError
from wincook.formats import FORMATS
from wincook.precision import Precision
from wincook.program import Exact, Rounded, accumulate, add, evaluate, evaluate_axes, fma, interpret, round_to, rounding

PROGRAMS = wc.programs_of(wc.gauge("F(4,3)", "integer"))
(FILTERS,) = PROGRAMS.filter
WRONG: Any = "y0 = x0"


@pytest.mark.parametrize("name", FORMATS)
def test_the_bits_are_those_of_the_inner_functions(name: str) -> None:
    fmt, rng = FORMATS[name], np.random.default_rng(0)
    a, b, c = (rounding.round_to(rng.standard_normal(200), fmt) for _ in range(3))
    np.testing.assert_array_equal(round_to(3 * a.astype(float), name), rounding.round_to(3 * a.astype(float), fmt))
    np.testing.assert_array_equal(add(a, b, name), rounding.add(a, b, fmt))
    np.testing.assert_array_equal(fma(a, b, c, name), rounding.fma(a, b, c, fmt))
    policy = Precision.uniform(fmt)
    np.testing.assert_array_equal(accumulate(c, a, b, name), rounding.accumulate(c, a, b, policy))
    taps = [a[:50], b[:50], c[:50]]
    for given, expected in zip(
        evaluate(FILTERS, taps, Rounded(fmt)), interpret.evaluate(FILTERS, taps, Rounded(fmt)), strict=True
    ):
        np.testing.assert_array_equal(given, expected)


def test_lists_numbers_and_narrow_types_are_taken() -> None:
    assert round_to(0.1, "float16").shape == ()
    assert round_to([[0.1]], "exact")[0, 0] == Fraction(0.1)
    assert add([1, 2], 0.5, "float16").tolist() == [1.5, 2.5]
    assert fma([Fraction(1, 4)], 2, 10**5000, "float32").tolist() == [np.inf]
    assert add(np.array([1, 2], ml_dtypes.bfloat16), [1.0, 1.0], "bfloat16").tolist() == [2.0, 3.0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: add([1, 2], [1, 2, 3], "float16"), r"a \(2,\), b \(3,\) do not broadcast"),
        (lambda: round_to(["a"], "float16"), "values has element type"),
        (lambda: round_to([1.0], "float61"), "unknown format 'float61'"),
        (lambda: evaluate(FILTERS, [1, 2], Exact()), "2 inputs do not fit a program of 3"),
        (lambda: evaluate(FILTERS, [1, 2, 3], WRONG), "must have the methods add, sub, neg, mul, fma"),
        (lambda: evaluate(WRONG, [1, 2, 3], Exact()), "must be a Program"),
        (
            lambda: evaluate_axes(PROGRAMS.input, np.ones((2, 5)), Exact()),
            r"shape \(2, 5\) does not fit programs of \(6,\) inputs",
        ),
    ],
)
def test_messages_name_what_is_wrong(call: Any, words: str, golden: Golden) -> None:
    with golden.raises(WincookError, match=words):
        call()


def test_what_an_arithmetic_of_ones_own_refuses_stays_its_error() -> None:
    class Refusing(Exact):
        def mul(self, a: Any, constant: Any, /) -> Any:
            raise NotationError("not today")

    with pytest.raises(NotationError, match="not today"):
        evaluate(FILTERS, [1, 2, 3], Refusing())
    with pytest.raises(DataError, match="the arithmetic Exact cannot work with such inputs"):
        evaluate(FILTERS, [None] * 3, Exact())
    with pytest.raises(ShapeError):
        evaluate_axes(FILTERS, np.ones(0), Exact())
    with pytest.raises(ShapeError):
        evaluate_axes([FILTERS, FILTERS], np.ones(3), Exact())


def test_tensors_may_be_lists_and_hold_only_real_numbers() -> None:
    numbers: Any = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    expected = evaluate_axes(PROGRAMS.input, np.array(numbers), Rounded(FORMATS["float32"]))
    np.testing.assert_array_equal(evaluate_axes(PROGRAMS.input, numbers, Rounded(FORMATS["float32"])), expected)
    with pytest.raises(DataError, match="tensor has element type complex"):
        evaluate_axes(PROGRAMS.input, np.ones(6, complex), Exact())
    exact = np.array([Fraction(k, 3) for k in range(6)], dtype=object)
    assert evaluate_axes(PROGRAMS.input, exact, Exact()).dtype == object
