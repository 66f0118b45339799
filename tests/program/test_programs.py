"""Programs: proven programs that convolve exactly, at known costs."""

import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import sympy

from tests.golden import Golden
from wincook import direct
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.errors import AlgorithmError, LimitError
from wincook.factor import INFINITY
from wincook.points import Points
from wincook.program import programs as module
from wincook.program.cost import cost
from wincook.program.interpret import Exact, evaluate_axes
from wincook.program.ir import Add, Program
from wincook.program.linear_forms import matrix_of
from wincook.program.passes.expand import expand
from wincook.program.programs import exact, operations_per_tile, program_of, programs_of
from wincook.program.style import AIMS, BALANCED, FEWEST_ADDITIONS, ORDERS, PASSES, Style
from wincook.program.sums import Sums
from wincook.tile import Tile
from wincook.transforms import Transforms

F43 = algorithm("F(4,3)", "0, ±1, ±2, ∞")


def integers(rng: random.Random, shape: tuple[int, ...]) -> Array:
    values = np.empty(shape, object)
    for place in np.ndindex(*shape):
        values[place] = rng.randint(-(10**20), 10**20)
    return values


STYLES = [Style(aim, order, fma) for aim in AIMS for order in ORDERS for fma in (True, False)]


def convolve_tile(chosen: BilinearAlgorithm, d: Array, g: Array, style: Style = BALANCED) -> Array:
    """y = AT [(G g) ⊙ (BT d)] by the programs."""
    programs = programs_of(chosen, style)
    U = evaluate_axes(programs.filter, g, Exact())
    V = evaluate_axes(programs.input, d, Exact())
    return evaluate_axes(programs.output, U * V, Exact())


@pytest.mark.parametrize(
    ("tile", "points"),
    [
        ("F(1,1)", "∞"),
        ("F(1,4)", "0, ±1, 2"),
        ("F(5,1)", "∞, 0, ±1, -3"),
        ("F(2,3)", "0, ±1, ∞"),
        ("F(4,3)", "0, ±1, ±2, ∞"),
        ("F(8,3)", "0, ±1, ±1/2, ±2, 3/4, -4/3, ∞"),
        ("F(14,3)", None),
        ("F(2x2,3x3)", "0, ±1, ∞"),
        ("F(2x4,1x3)", "0, ∞; 0, ±1/2, ±2, ∞"),
        ("F(3x2,2x5)", "1, ∞, -1/3, 4; 0, ±1, ±3/2, ∞"),
        ("F(6x6,3x3)", None),
        ("F(2x2x2,3x3x3)", None),
        ("F(4x1x3,3x2x2)", "0, ±1, ±2, ∞; 5, ∞; ±1/2, -7, 0"),
    ],
)
def test_programs_convolve_integers_exactly(tile: str, points: str | None) -> None:
    rng = random.Random(tile)
    chosen = algorithm(tile, points)
    d, g = integers(rng, chosen.tile.inputs), integers(rng, chosen.tile.taps)
    assert (convolve_tile(chosen, d, g) == direct.correlate(d, g)).all()


@pytest.mark.slow
@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_random_tiles_convolve_integers_exactly(dimension: int) -> None:
    rng = random.Random(dimension)
    pool = sorted({sympy.Rational(p, q) for p in range(-8, 9) for q in range(1, 9)})
    for _ in range(10):
        m = tuple(rng.randint(1, 4) for _ in range(dimension))
        r = tuple(rng.randint(1, 4) for _ in range(dimension))
        tile = Tile(m, r)
        chosen = algorithm(tile, [Points(tuple(rng.sample([*pool, INFINITY], n))) for n in tile.inputs])
        d, g = integers(rng, tile.inputs), integers(rng, tile.taps)
        assert (convolve_tile(chosen, d, g) == direct.correlate(d, g)).all()


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_programs_of_every_style_convolve_integers_exactly(style: Style) -> None:
    rng = random.Random(str(style))
    for chosen in (F43, algorithm("F(4x2,3x3)", "0, ±1, 1/3, -4, ∞; 0, ±1, ∞")):
        d, g = integers(rng, chosen.tile.inputs), integers(rng, chosen.tile.taps)
        assert (convolve_tile(chosen, d, g, style) == direct.correlate(d, g)).all()


def test_many_samples_are_convolved_at_once() -> None:
    rng = random.Random(0)
    d, g = integers(rng, (3, 5, 6)), integers(rng, (3,))
    assert (convolve_tile(F43, d, g) == direct.correlate(d, g)).all()


def test_the_programs_are_those_of_the_matrices() -> None:
    chosen = algorithm("F(4x2,3x3)")
    programs = programs_of(chosen)
    for k, axis in enumerate(chosen.axes):
        stages = (programs.filter[k], axis.G), (programs.input[k], axis.BT), (programs.output[k], axis.AT)
        for program, matrix in stages:
            assert sympy.Matrix(matrix_of(program)) == sympy.Matrix(matrix)


def test_programs_print_under_the_letters_of_the_formula() -> None:
    programs = programs_of(F43)
    letters = [(stage[0].source, stage[0].target) for stage in (programs.filter, programs.input, programs.output)]
    assert letters == [("g", "U"), ("d", "V"), ("M", "y")]


def test_a_schedule_is_made_once() -> None:
    assert programs_of(F43) is programs_of(algorithm("F(4,3)", "0, ±1, ±2, ∞"))


def test_f23_costs_what_winograd_counts() -> None:
    programs = programs_of(algorithm("F(2,3)", "0, ±1, ∞"))
    (G,), (BT,), (AT,) = map(cost, programs.filter), map(cost, programs.input), map(cost, programs.output)
    assert (BT.additions, BT.operations) == (4, 4)
    assert (AT.additions, AT.operations) == (4, 4)
    # (g0 + g2) ± g1, each halved; the sign of -g0 is the price of BT's plain 1.
    assert (G.additions, G.multiplications, G.fmas, G.negations) == (3, 2, 0, 1)


def test_f23_squared_costs_what_lavin_counts() -> None:
    # Lavin and Gray, section 4.1: 32 operations for the data, 24 for the inverse transform of F(2x2,3x3).
    programs = programs_of(algorithm("F(2x2,3x3)", "0, ±1, ∞"))
    assert operations_per_tile(programs.input) == 32
    assert operations_per_tile(programs.output) == 24


def test_operations_per_tile_shrink_or_grow_along_the_axes() -> None:
    pair = Program("x", "y", 2, (Add(0, 1),), (2,))  # 2 → 1, one operation
    chain = Program("x", "y", 3, (Add(0, 1), Add(1, 2), Add(0, 2)), (3, 4, 5, 0))  # 3 → 4, three operations
    assert operations_per_tile((pair,)) == 1
    assert operations_per_tile((pair, chain)) == 1 * 3 + 3 * 1
    assert operations_per_tile((chain, pair)) == 3 * 2 + 1 * 4
    assert operations_per_tile((pair, chain, pair)) == 1 * 3 * 2 + 3 * 1 * 2 + 1 * 1 * 4


def test_exact_leaves_sympy() -> None:
    assert exact(sympy.ImmutableMatrix([[sympy.Rational(-3, 4), 2]])) == ((Fraction(-3, 4), Fraction(2)),)
    assert all(type(c) is Fraction for row in exact(F43.axes[0].G) for c in row)


@pytest.mark.parametrize("entry", [sympy.pi, sympy.Symbol("a"), sympy.Float(0.5), sympy.I])
def test_entries_that_are_no_exact_real_numbers_are_refused(entry: sympy.Expr, golden: Golden) -> None:
    with golden.raises(AlgorithmError):
        exact(sympy.ImmutableMatrix([[1, entry]]))


def test_exact_keeps_roots() -> None:
    root = sympy.sqrt(2)
    ((one, half), (two, _)) = exact(sympy.ImmutableMatrix([[1, root / 2], [2, -root]]))
    assert one == 1
    assert two == 2
    assert half * half == Fraction(1, 2)
    program = program_of(exact(sympy.ImmutableMatrix([[1, root, root / 2], [1, -root, root / 2]])), "d", "V")
    assert [[float(c) for c in row] for row in matrix_of(program)] == [[1, 2**0.5, 0.5**0.5], [1, -(2**0.5), 0.5**0.5]]


def drop_the_last_term(sums: Sums) -> Sums:
    return Sums(sums.inputs, (*sums.sums[:-1], sums.sums[-1][:-1]), sums.outputs)


def flip_one_sign(sums: Sums) -> Sums:
    ((value, c), *rest), *others = sums.sums
    return Sums(sums.inputs, (((value, -c), *rest), *others), sums.outputs)


def nudge_one_coefficient(sums: Sums) -> Sums:
    ((value, c), *rest), *others = sums.sums
    return Sums(sums.inputs, (((value, c + Fraction(1, 2**200)), *rest), *others), sums.outputs)


def swap_two_outputs(sums: Sums) -> Sums:
    first, second, *others = sums.outputs
    return Sums(sums.inputs, sums.sums, (second, first, *others))


def lose_an_output(sums: Sums) -> Sums:
    return Sums(sums.inputs, sums.sums, sums.outputs[:-1])


BROKEN = [drop_the_last_term, flip_one_sign, nudge_one_coefficient, swap_two_outputs, lose_an_output]


@pytest.mark.parametrize("matrix", [F43.axes[0].AT, F43.axes[0].G, F43.axes[0].BT], ids=["AT", "G", "BT"])
@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("place", PASSES)
def test_a_broken_pass_is_caught_and_named(
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[[Sums], Sums],
    matrix: sympy.ImmutableMatrix,
    place: str,
    golden: Golden,
) -> None:
    monkeypatch.setitem(PASSES, place, broken)
    with golden.raises(AlgorithmError, match=place):
        program_of(exact(matrix), "broken", "y", FEWEST_ADDITIONS)  # no cache holds it


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("order", ORDERS)
def test_a_broken_order_is_caught_and_named(
    monkeypatch: pytest.MonkeyPatch, broken: Callable[[Sums], Sums], order: str, golden: Golden
) -> None:
    monkeypatch.setitem(ORDERS, order, broken)
    with golden.raises(AlgorithmError, match=order):
        program_of(exact(F43.axes[0].BT), "broken", "y", Style(order=order))


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_choice_of_operations_is_caught_and_named(
    monkeypatch: pytest.MonkeyPatch, broken: Callable[[Sums], Sums], golden: Golden
) -> None:
    monkeypatch.setattr(
        module, "expand", lambda sums, source, target, fma: expand(broken(sums), source, target, fma=fma)
    )
    with golden.raises(AlgorithmError):
        program_of(exact(F43.axes[0].BT), "broken", "y")


@pytest.mark.parametrize("shape", [(20, 1000), (1000, 20)])
def test_a_matrix_takes_ten_operations_for_each_entry_and_each_of_the_longer_side(
    shape: tuple[int, int], golden: Golden
) -> None:
    matrix = tuple((Fraction(0),) * shape[1] for _ in range(shape[0]))
    with golden.raises(LimitError, match=rf"a program for a matrix of {shape[0]}×{shape[1]} would take about 2e\+08"):
        program_of(matrix, "d", "V")


def test_so_does_an_algorithm_for_all_its_matrices(golden: Golden) -> None:
    """F(300,1) has two of 300×300, and G of 300×1."""
    square, column = sympy.ImmutableMatrix(sympy.ones(300)), sympy.ImmutableMatrix(sympy.ones(300, 1))
    large = BilinearAlgorithm(Tile.parse("F(300,1)"), (), (Transforms(square, column, square),))
    with golden.raises(LimitError, match=r"programs for tiles of F\(300,1\) would take about 5.4e\+08 operations"):
        programs_of(large)
