"""Programs for property tests: any operations, in any order."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub

constants = st.builds(Fraction, st.integers(-6, 6), st.integers(1, 6))


def operations(earlier: st.SearchStrategy[int]) -> st.SearchStrategy[Op]:
    return st.one_of(
        st.builds(Add, earlier, earlier),
        st.builds(Sub, earlier, earlier),
        st.builds(Neg, earlier),
        st.builds(Mul, earlier, constants),
        st.builds(Fma, earlier, constants, earlier),
    )


@st.composite
def programs(draw: st.DrawFn) -> Program:
    inputs = draw(st.integers(1, 4))
    ops: list[Op] = []
    for _ in range(draw(st.integers(0, 8))):
        ops += [draw(operations(st.integers(0, inputs + len(ops) - 1)))]
    values = st.integers(0, inputs + len(ops) - 1)
    return Program("x", "y", inputs, tuple(ops), tuple(draw(st.lists(values, min_size=1, max_size=5))))
