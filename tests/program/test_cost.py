"""Costs of small programs, counted by hand."""

from fractions import Fraction

import pytest

from wincook.program.cost import Cost, cost
from wincook.program.ir import Add, Fma, Mul, Neg, Program, Sub

HALF, TWO = Fraction(1, 2), Fraction(2)


def test_every_kind_of_operation_is_counted() -> None:
    ops = (Add(0, 1), Sub(2, 0), Neg(3), Mul(4, HALF), Fma(5, TWO, 0), Mul(6, HALF), Add(7, 1))
    counted = cost(Program("x", "y", 2, ops, (8,)))
    assert counted == Cost(additions=3, multiplications=2, fmas=1, negations=1, constants=2, live=3)
    assert counted.operations == 7


@pytest.mark.parametrize(
    ("program", "live"),
    [
        # Nothing to do: all inputs that are wanted stay.
        (Program("x", "y", 3, (), (0, 1, 2)), 3),
        (Program("x", "y", 3, (), (1,)), 1),
        # A chain of sums: one input fewer after each.
        (Program("x", "y", 4, (Add(0, 1), Add(4, 2), Add(5, 3)), (6,)), 4),
        # A butterfly: both inputs are needed until the second operation, beside the first result.
        (Program("x", "y", 2, (Add(0, 1), Sub(0, 1)), (2, 3)), 3),
        # x0 is read once more at the end: t0, t1 and x0 are alive together.
        (Program("x", "y", 1, (Neg(0), Mul(0, TWO), Add(1, 2), Add(3, 0)), (4,)), 3),
        # An output computed first stays to the end.
        (Program("x", "y", 2, (Neg(0), Mul(1, TWO), Mul(3, HALF)), (2, 4)), 2),
        # The same value twice as an output is one value.
        (Program("x", "y", 1, (Neg(0),), (1, 1)), 1),
    ],
)
def test_live_is_the_largest_number_of_values_needed_later(program: Program, live: int) -> None:
    assert cost(program).live == live


def test_a_program_without_operations_costs_nothing() -> None:
    assert cost(Program("x", "y", 1, (), (0,))).operations == 0
