"""Interpretation of programs: exact, over axes, rounded, symbolic."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from tests.program.drawn_programs import constants, programs
from wincook.errors import FormatError
from wincook.formats import BFLOAT16, EXACT, FLOAT16, FLOAT32, FLOAT64, FLOATS, INT8, Format
from wincook.program.interpret import Exact, Rounded, evaluate, evaluate_axes
from wincook.program.ir import Add, Fma, Mul, Neg, Program, Sub
from wincook.program.linear_forms import matrix_of


def run_as_text(program: Program, inputs: list[Fraction]) -> list[Fraction]:
    """What the printed program computes when Python reads it."""
    text = re.sub(r"· (\S+)", r"* Fraction('\1')", str(program))
    text = re.sub(r", (\S+),", r", Fraction('\1'),", text)
    names: dict[str, Any] = {"Fraction": Fraction, "fma": lambda a, constant, b: a * constant + b}
    names |= {f"x{i}": value for i, value in enumerate(inputs)}
    exec(text, names)  # noqa: S102 (our own text)
    return [names[f"y{i}"] for i in range(len(program.outputs))]


def unit_responses(program: Program) -> list[list[Fraction]]:
    """The matrix by its columns: the outputs for each unit vector."""
    units = [[Fraction(int(i == j)) for i in range(program.inputs)] for j in range(program.inputs)]
    responses = [evaluate(program, unit, Exact()) for unit in units]
    return [list(row) for row in zip(*responses, strict=True)]


@pytest.mark.slow
@given(programs(), st.lists(constants, min_size=4, max_size=4))
def test_exact_evaluation_is_what_the_printed_program_computes(program: Program, x: list[Fraction]) -> None:
    inputs = x[: program.inputs]
    assert evaluate(program, inputs, Exact()) == run_as_text(program, inputs)


def test_exact_evaluation_takes_sympy_symbols() -> None:
    x, y = sympy.symbols("x y")
    program = Program("x", "y", 2, (Mul(0, Fraction(1, 3)), Fma(1, Fraction(-2), 2), Neg(3)), (4,))
    (result,) = evaluate(program, [x, y], Exact())
    assert sympy.expand(result + x / 3 - 2 * y) == 0


@pytest.mark.slow
@given(programs(), programs(), st.integers(1, 3))
def test_evaluate_axes_applies_the_kronecker_product(first: Program, second: Program, samples: int) -> None:
    rng = np.random.default_rng(0)
    tensor = rng.integers(-9, 10, (samples, first.inputs, second.inputs)).astype(object)
    A, B = (np.array(matrix_of(program), object).reshape(-1, program.inputs) for program in (first, second))
    obtained = evaluate_axes([first, second], tensor, Exact())
    assert obtained.shape == (samples, len(first.outputs), len(second.outputs))
    for result, sample in zip(obtained, tensor, strict=True):
        assert (result == A @ sample @ B.T).all()


def test_evaluate_axes_runs_the_first_axis_first() -> None:
    # In float16, 2048 + 1 is 2048: adding down the columns first keeps the ones together.
    total = Program("x", "y", 2, (Add(0, 1),), (2,))
    tensor = np.array([[2048, 1], [0, 1]], np.float32)
    assert evaluate_axes([total, total], tensor, Rounded(FLOAT16)) == [[2050]]
    assert evaluate_axes([total, total], tensor.T, Rounded(FLOAT16)) == [[2048]]


@given(
    st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=3, max_size=3),
    st.sampled_from([FLOAT32, FLOAT64]),
)
def test_rounded_add_sub_neg_mul_are_numpys(numbers: list[float], fmt: Format) -> None:
    a, b, c = (np.array([x], fmt.dtype) for x in numbers)
    rounded = Rounded(fmt)
    with np.errstate(over="ignore"):
        assert rounded.add(a, b) == a + b
        assert rounded.sub(a, b) == a - b
        assert rounded.neg(a) == -a
        assert rounded.mul(a, Fraction(float(c[0]))) == a * c


@pytest.mark.parametrize("fmt", FLOATS.values(), ids=str)
def test_rounded_constants_are_the_nearest_in_the_format(fmt: Format) -> None:
    constant = Rounded(fmt).constant(Fraction(1, 3))
    assert Fraction(float(constant)) == fmt.nearest(Fraction(1, 3))
    third = Rounded(fmt).mul(np.ones(1, constant.dtype), Fraction(1, 3))
    assert third == constant
    assert third.dtype == constant.dtype


def test_a_constant_too_large_for_the_format_is_refused(golden: Golden) -> None:
    with golden.raises(FormatError, match=r"70000.*float16"):
        Rounded(FLOAT16).constant(Fraction(70000))


@pytest.mark.parametrize("fmt", [fmt for fmt in FLOATS.values() if fmt.precision >= BFLOAT16.precision], ids=str)
def test_rounded_is_exact_while_nothing_needs_rounding(fmt: Format) -> None:
    program = Program(
        "x",
        "y",
        2,
        (Add(0, 1), Sub(0, 1), Neg(2), Mul(3, Fraction(1, 4)), Fma(4, Fraction(3), 5)),
        (2, 3, 4, 5, 6),
    )
    rng = np.random.default_rng(1)
    x = rng.integers(-8, 9, (2, 50))
    carrier = Rounded(fmt).constant(Fraction(1)).dtype
    obtained = evaluate(program, list(x.astype(carrier)), Rounded(fmt))
    expected = evaluate(program, list(x.astype(object)), Exact())
    np.testing.assert_array_equal(np.stack(obtained), np.stack(expected).astype(carrier))


def test_rounded_fma_rounds_once_and_the_constant_first() -> None:
    third = BFLOAT16.nearest(Fraction(1, 3))
    a, b = np.array([3.0], np.float32), np.array([-1.0], np.float32)
    # 3 · bfloat16(1/3) - 1 is not 0, and small enough to be held exactly.
    assert Rounded(BFLOAT16).fma(a, Fraction(1, 3), b) == float(3 * third - 1) != 0


def test_integers_take_only_integer_constants(golden: Golden) -> None:
    assert Rounded(INT8).mul(np.array([3.0, 100.0]), Fraction(-5)).tolist() == [-15, -127]
    with golden.raises(FormatError, match=r"1/3.*int8"):
        Rounded(INT8).constant(Fraction(1, 3))
    with golden.raises(FormatError, match=r"128.*int8"):
        Rounded(INT8).constant(Fraction(128))


@pytest.mark.slow
@given(programs(), st.lists(constants, min_size=4, max_size=4))
def test_rounding_to_the_exact_format_is_exact(program: Program, x: list[Fraction]) -> None:
    inputs = [np.array([value], object) for value in x[: program.inputs]]
    results = evaluate(program, inputs, Rounded(EXACT))
    assert [result[0] for result in results] == evaluate(program, x[: program.inputs], Exact())
