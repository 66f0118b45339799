"""Programs as values and as text."""

from fractions import Fraction
from typing import Any

import pytest

from tests.golden import Golden
from wincook.errors import NotationError
from wincook.program.interpret import Exact, evaluate
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub, operands, terms

HALF, THIRD = Fraction(1, 2), Fraction(-1, 3)
EVERY_KIND = Program(
    "x", "y", 2, (Add(0, 1), Sub(1, 0), Neg(2), Mul(3, HALF), Fma(4, THIRD, 5), Mul(6, HALF)), (7, 0, 4, 4, 6)
)


def test_a_program_prints_one_assignment_per_line() -> None:
    assert str(EVERY_KIND).splitlines() == [
        "t0 = x0 + x1",
        "t1 = x1 - x0",
        "t2 = -t0",
        "t3 = t1 · 1/2",
        "y4 = fma(t2, -1/3, t3)",
        "y0 = y4 · 1/2",
        "y1 = x0",
        "y2 = t2",
        "y3 = t2",
    ]


def test_constants_are_distinct_and_in_order_of_first_use() -> None:
    assert EVERY_KIND.constants == (HALF, THIRD)


@pytest.mark.parametrize(
    ("op", "read"),
    [
        (Add(1, 2), (1, 2)),
        (Sub(2, 1), (2, 1)),
        (Neg(3), (3,)),
        (Mul(4, HALF), (4,)),
        (Fma(5, HALF, 6), (5, 6)),
    ],
)
def test_operands_are_the_values_read(op: Op, read: tuple[int, ...]) -> None:
    assert operands(op) == read


def test_equal_programs_are_one_dictionary_key() -> None:
    again = Program("x", "y", 2, (Add(0, 1),), (2,))
    assert {Program("x", "y", 2, (Add(0, 1),), (2,)): "found"}[again] == "found"


@pytest.mark.parametrize("op", EVERY_KIND.ops, ids=str)
def test_terms_sum_up_to_what_the_operation_computes(op: Op) -> None:
    values = [Fraction(7 * i * i + 3) for i in range(8)]
    (computed,) = evaluate(Program("x", "y", 8, (op,), (8,)), values, Exact())
    assert sum((constant * values[value] for value, constant in terms(op)), Fraction(0)) == computed


@pytest.mark.parametrize(
    ("ops", "outputs", "words"),
    [
        ((Add(0, 2),), (2,), "operation 0"),  # reads itself
        ((Neg(-1),), (2,), "operation 0"),
        ((Mul(0, 0.5),), (2,), "operation 0"),  # type: ignore[arg-type]
        ((Neg(0), "x0 + x1"), (2,), "operation 1"),
        ((Neg(0),), (3,), "outputs"),
        ((Neg(0),), (0, 4), "outputs"),
        ((Neg(0),), (-1,), "outputs"),
        ((Add(0, 3),), (2,), "operation 0"),
        ([Neg(0)], (2,), "tuples"),
    ],
)
def test_programs_of_what_is_not_there_are_refused(ops: Any, outputs: Any, words: str, golden: Golden) -> None:
    with golden.raises(NotationError, match=words):
        Program("x", "y", 2, ops, outputs)
