"""Orders of operations: the same operations and results, with no more values alive than before."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wincook.construct import algorithm
from wincook.program.cost import cost
from wincook.program.ir import Add, Mul, Program
from wincook.program.linear_forms import matrix_of
from wincook.program.passes.registers import fewest_live
from wincook.program.programs import programs_of


@st.composite
def programs(draw: st.DrawFn) -> Program:
    inputs = draw(st.integers(1, 4))
    ops: list[Add | Mul] = []
    for number in range(draw(st.integers(0, 9))):
        earlier = st.integers(0, inputs + number - 1)
        ops.append(draw(st.builds(Add, earlier, earlier) | st.builds(Mul, earlier, st.just(Fraction(3)))))
    values = st.integers(0, inputs + len(ops) - 1)
    return Program("x", "y", inputs, tuple(ops), tuple(draw(st.lists(values, min_size=1, max_size=4))))


@settings(deadline=None)
@given(programs())
def test_the_same_matrix_with_no_more_values_alive(program: Program) -> None:
    ordered = fewest_live(program)
    assert matrix_of(ordered) == matrix_of(program)
    assert Counter(map(type, ordered.ops)) == Counter(map(type, program.ops))
    assert cost(ordered).live <= cost(program).live


def test_sums_wait_until_they_are_read() -> None:
    # All products first are three values beside x1; each can be added as soon as it is made.
    program = Program("x", "y", 2, (*(Mul(0, Fraction(k)) for k in (2, 3, 5)), Add(2, 1), Add(5, 3), Add(6, 4)), (7,))
    assert (cost(program).live, cost(fewest_live(program)).live) == (4, 3)


@pytest.mark.parametrize(
    ("tile", "points", "before", "after"),
    [
        ("F(4,3)", "0, ±1, ±2, ∞", (9, 8), (7, 7)),
        ("F(6,3)", "0, ±1, ±1/2, ±2, ∞", (13, 11), (10, 9)),
    ],
)
def test_transforms_of_data(tile: str, points: str, before: tuple[int, int], after: tuple[int, int]) -> None:
    programs = programs_of(algorithm(tile, points))
    (BT,), (AT,) = programs.input, programs.output
    assert (cost(BT).live, cost(AT).live) == before
    assert (cost(fewest_live(BT)).live, cost(fewest_live(AT)).live) == after
