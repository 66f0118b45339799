"""Each pass keeps the transform, saves what it promises, and a broken one is caught."""

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import permutations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from wincook.construct import toom_cook
from wincook.exact.number import Number
from wincook.factor import INFINITY
from wincook.points import Points
from wincook.program.cost import cost
from wincook.program.interpret import Exact, evaluate
from wincook.program.ir import Program, operands
from wincook.program.linear_forms import Matrix
from wincook.program.passes.blocks import share_lines
from wincook.program.passes.columns import share_columns
from wincook.program.passes.common import share_terms
from wincook.program.passes.expand import expand
from wincook.program.passes.factor import factor
from wincook.program.passes.order import as_written, ascending, huffman
from wincook.program.passes.rows import share_rows
from wincook.program.passes.squares import share_squares
from wincook.program.passes.transpose import transposed
from wincook.program.programs import exact, program_of
from wincook.program.sums import Sums, dot_products, matrix_of_sums, without_copies
from wincook.tile import Tile

Pass = Callable[[Sums], Sums]
Rows = list[list[Number]]
CHAIN: list[Pass] = [share_columns, share_rows, factor]
REWRITES: list[Pass] = [
    *CHAIN,
    share_terms,
    share_lines,
    transposed(share_lines),
    share_squares,
    without_copies,
    as_written,
    ascending,
    huffman,
]
ENTRIES = [Fraction(c) for c in ("0", "0", "1", "1", "-1", "-1", "2", "-2", "1/2", "-1/2", "1/3", "-4/3", "1/6", "5")]


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    """Rational matrices rich in what passes look for: zeros, and rows and columns equal up to signs."""
    width = draw(st.integers(1, 7))
    rows = draw(st.lists(st.lists(st.sampled_from(ENTRIES), min_size=width, max_size=width), min_size=1, max_size=5))
    signs = st.lists(st.sampled_from([1, -1]), min_size=width, max_size=width)
    for source in draw(st.lists(st.integers(0, len(rows) - 1), max_size=4)):
        rows.append([c * sign for c, sign in zip(rows[source], draw(signs), strict=True)])
    column_signs = st.lists(st.sampled_from([1, -1]), min_size=len(rows), max_size=len(rows))
    for source in draw(st.lists(st.integers(0, width - 1), max_size=2)):
        rows = [[*row, row[source] * sign] for row, sign in zip(rows, draw(column_signs), strict=True)]
    order = draw(st.permutations(range(len(rows))))
    return tuple(tuple(rows[i]) for i in order)


EDGE_MATRICES: list[list[list[int]]] = [
    [[0]],
    [[5]],
    [[-1]],
    [[0, 0, 0], [0, 0, 0]],
    [[1], [0], [-1], [1]],
    [[1, 2, 3], [1, 2, 3], [-1, -2, -3]],
    [[2, 2, 2]],
    [[-1, -1, -1], [0, 0, 0], [-1, -1, -1]],
    [[1, 1], [1, 1], [1, -1], [-1, 1]],
]


def apply(sums: Sums) -> Rows:
    """The matrix by the responses to unit vectors."""
    columns = []
    for j in range(sums.inputs):
        values: list[Number] = [Fraction(int(i == j)) for i in range(sums.inputs)]
        for terms in sums.sums:
            values.append(sum((c * values[v] for v, c in terms), Fraction(0)))
        columns.append([values[output] for output in sums.outputs])
    return [list(row) for row in zip(*columns, strict=True)]


def run(program: Program) -> Rows:
    units = [[Fraction(int(i == j)) for i in range(program.inputs)] for j in range(program.inputs)]
    columns = [evaluate(program, unit, Exact()) for unit in units]
    return [list(row) for row in zip(*columns, strict=True)]


def as_rows(matrix: Matrix) -> Rows:
    return [list(row) for row in matrix]


def operations(sums: Sums) -> int:
    return cost(expand(as_written(sums), "x", "y")).operations


def assert_sound(sums: Sums) -> None:
    """Every sum stands after what it reads, and something reads it."""
    read = set(sums.outputs)
    for number, terms in enumerate(sums.sums, start=sums.inputs):
        assert all(value < number for value, _ in terms)
        read |= {value for value, _ in terms}
    assert set(range(sums.inputs, sums.inputs + len(sums.sums))) <= read


@pytest.mark.slow
@pytest.mark.parametrize("rewrite", REWRITES)
@given(matrix=matrices())
def test_each_pass_keeps_the_matrix(rewrite: Pass, matrix: Matrix) -> None:
    sums = rewrite(dot_products(matrix))
    assert apply(sums) == as_rows(matrix)
    assert_sound(sums)


@pytest.mark.slow
@given(matrices())
def test_passes_keep_the_matrix_in_any_order(matrix: Matrix) -> None:
    for order in permutations(CHAIN):
        sums = dot_products(matrix)
        for rewrite in order:
            sums = rewrite(sums)
            assert apply(sums) == as_rows(matrix)
        assert_sound(sums)
        assert run(expand(sums, "x", "y")) == as_rows(matrix)


@pytest.mark.parametrize("rows", EDGE_MATRICES, ids=str)
def test_edge_matrices_keep_through_every_pass_and_the_chain(rows: list[list[int]]) -> None:
    matrix = tuple(tuple(Fraction(c) for c in row) for row in rows)
    for rewrite in REWRITES:
        assert apply(rewrite(dot_products(matrix))) == rows
    assert run(program_of(matrix, "x", "y")) == rows


@pytest.mark.slow
@given(matrices())
def test_the_chain_gives_a_program_without_dead_or_forward_operations(matrix: Matrix) -> None:
    program = program_of(matrix, "x", "y")
    assert run(program) == as_rows(matrix)
    read = set(program.outputs)
    for number, op in enumerate(program.ops, start=program.inputs):
        assert all(value < number for value in operands(op))
        read |= set(operands(op))
    assert set(range(program.inputs, program.inputs + len(program.ops))) <= read


def toom_cook_matrices(seed: int, number: int) -> list[Matrix]:
    rng = random.Random(seed)
    pool = sorted({Fraction(p, q) for p in range(1, 9) for q in range(1, 9)})
    chosen = []
    for _ in range(number):
        n = rng.randint(3, 10)
        r = rng.randint(1, n)
        pairs = rng.sample(pool, n // 2)
        finite = [p for c in pairs for p in (c, -c)][: n - 1]
        if rng.random() < 0.5:
            finite[-1] = Fraction(0)
        if rng.random() < 0.3:
            rng.shuffle(finite)
        points = Points((*(sympy.Rational(p.numerator, p.denominator) for p in finite), INFINITY))
        axis = toom_cook(Tile((n + 1 - r,), (r,)), points)
        chosen += [exact(axis.AT), exact(axis.G), exact(axis.BT)]
    return chosen


@pytest.mark.slow
@pytest.mark.parametrize("rewrite", [share_columns, share_rows])
def test_sharing_never_adds_operations_to_toom_cook_matrices(rewrite: Pass) -> None:
    saved = 0
    for matrix in toom_cook_matrices(0, 100):
        before = dot_products(matrix)
        for sums in (before, share_columns(before), share_rows(before)):
            saving = operations(sums) - operations(rewrite(sums))
            assert saving >= 0
            saved += saving
    assert saved > 0


@pytest.mark.parametrize("rewrite", [share_columns, share_rows])
@pytest.mark.parametrize("rows", [[[1, 1, 2]], [[1, 2, 3], [1, 3, 2]], [[1, 1, 0], [1, -1, 3]]], ids=str)
def test_nothing_is_shared_where_nothing_is_saved(rewrite: Pass, rows: list[list[int]]) -> None:
    sums = dot_products(tuple(tuple(Fraction(c) for c in row) for row in rows))
    assert rewrite(sums) == sums


ROOT = sympy.sqrt(2)


def additions(sums: Sums) -> int:
    return sum(len(terms) - 1 for terms in sums.sums if terms)


def test_roots_are_shared_by_terms_and_left_by_lines() -> None:
    matrix = exact(sympy.ImmutableMatrix([[1, ROOT, 1], [ROOT, 2, 3], [1, -ROOT, 1], [5, 5 * ROOT, 0]]))
    for rewrite in (share_terms, share_lines, transposed(share_terms), share_squares, factor):
        assert matrix_of_sums(rewrite(dot_products(matrix))) == matrix
    # 1 : √2 stands in three rows: √2 : 2 is that ratio too.
    assert additions(dot_products(matrix)) - additions(share_terms(dot_products(matrix))) == 2
