"""Programs as float arrays, against small programs read by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_constant import product_factor
from wincook.formats import BFLOAT16, EXACT, FLOAT32
from wincook.program.ir import Add, Fma, Mul, Neg, Program, Sub

THIRD = Fraction(1, 3)

# x0 + x1, x1 - x0, -x0, x0/3, 2·x0/3, x1 + 5·t0, x1 - 5·t0
PROGRAM = Program(
    "x",
    "y",
    2,
    (Add(0, 1), Sub(1, 0), Neg(0), Mul(0, THIRD), Mul(0, 2 * THIRD), Fma(2, Fraction(5), 1), Fma(2, Fraction(-5), 1)),
    (3, 6, 7, 8),
)


def test_forms_and_support_are_those_of_the_values() -> None:
    forms = Forms.of(PROGRAM, FLOAT32)
    assert forms.forms.tolist() == [
        [1, 0],
        [0, 1],
        [1, 1],
        [-1, 1],
        [-1, 0],
        [1 / 3, 0],
        [2 / 3, 0],
        [5, 6],
        [-5, -4],
    ]
    assert forms.support.tolist() == [1, 1, 2, 2, 1, 1, 1, 2, 2]
    assert forms.matrix.tolist() == [[-1, 1], [2 / 3, 0], [5, 6], [-5, -4]]


def test_sums_have_the_scaled_term_left() -> None:
    forms = Forms.of(PROGRAM, FLOAT32)
    sums = zip(forms.sums, forms.scale, forms.left, forms.right, forms.odd, strict=True)
    assert [tuple(map(int, row)) for row in sums] == [
        (2, 1, 0, 1, 1),
        (3, -1, 0, 1, 1),
        (7, 5, 2, 1, 5),
        (8, -5, 2, 1, 5),
    ]
    for value, scale, left, right in zip(forms.sums, forms.scale, forms.left, forms.right, strict=True):
        np.testing.assert_array_equal(forms.forms[value], scale * forms.forms[left] + forms.forms[right])


def test_twins_differ_by_the_sign_of_one_term() -> None:
    assert Forms.of(PROGRAM, FLOAT32).twins.tolist() == [[0, 1], [2, 3]]


def test_products_by_one_significand_have_one_error() -> None:
    """x0/3 and 2·x0/3 round alike: the error of the first changes y1 twice as much, though y1 does not read it."""
    forms = Forms.of(PROGRAM, FLOAT32)
    assert forms.products.tolist() == [5]
    assert forms.factor.tolist() == [product_factor(FLOAT32.nearest(THIRD))]
    of_product = len(forms.sums)
    assert forms.error_gains[of_product].tolist() == [0, 2, 0, 0]
    assert forms.error_gains.shape == (4 + 1 + 2, 4)


def test_slip_is_the_matrix_with_held_constants_less_the_exact_one() -> None:
    off = float(BFLOAT16.nearest(2 * THIRD)) - 2 / 3
    expected = np.array([[0.0, 0.0], [off, 0.0], [0.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(Forms.of(PROGRAM, BFLOAT16).slip, expected, rtol=1e-12)
    assert not Forms.of(PROGRAM, EXACT).slip.any()


def test_sums_of_other_terms_are_no_twins() -> None:
    """x1 - x0/2 beside x0 + x1/2, x0 - x1 beside x1 - x0, and x0 + x1 twice: no two differ by one sign."""
    half = Fraction(1, 2)
    for ops in (
        (Fma(0, -half, 1), Fma(1, half, 0)),
        (Fma(0, half, 1), Fma(1, -half, 0)),
        (Sub(0, 1), Sub(1, 0)),
        (Add(0, 1), Add(1, 0)),
    ):
        assert Forms.of(Program("x", "y", 2, ops, (2, 3)), FLOAT32).twins.tolist() == []
