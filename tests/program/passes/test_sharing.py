"""What the sharing passes save, on sums small enough to count by hand."""

from fractions import Fraction

import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wincook.program.linear_forms import Matrix
from wincook.program.passes.blocks import share_lines
from wincook.program.passes.common import share_terms
from wincook.program.passes.expand import expand
from wincook.program.passes.factor import factor
from wincook.program.passes.squares import share_squares
from wincook.program.passes.transpose import transpose, transposed
from wincook.program.programs import exact
from wincook.program.sums import Sums, dot_products, matrix_of_sums, sums_of, without_copies

ENTRIES = [Fraction(c) for c in ("0", "1", "-1", "2", "1/2", "-4/3")]
ROOT = sympy.sqrt(2)


def whole(*rows: str) -> Matrix:
    return tuple(tuple(Fraction(word) for word in row.split()) for row in rows)


def additions(sums: Sums) -> int:
    return sum(len(terms) - 1 for terms in sums.sums if terms)


def matrices(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    return st.tuples(*[st.tuples(*[st.sampled_from(ENTRIES)] * columns)] * rows)


def test_a_pair_in_one_ratio_is_summed_once() -> None:
    # x0 + 2 x1 stands in all rows, times 1, 3 and -1.
    sums = share_terms(dot_products(whole("1 2 0", "3 6 1", "-1 -2 5")))
    assert sums.sums[0] == ((0, Fraction(1)), (1, Fraction(2)))
    assert additions(sums) == 3


def test_pairs_are_shared_again_once_they_are_terms() -> None:
    sums = share_terms(dot_products(whole("1 1 1 0", "2 2 2 1", "1 1 1 -1")))
    assert additions(sums) == 2 + 2


def test_the_filters_of_f43_take_five_additions() -> None:
    matrix = whole("1 0 0", "1 1 1", "1 -1 1", "1 2 4", "1 -2 4", "0 0 1")
    sums = share_lines(dot_products(matrix))
    assert additions(sums) == 5
    assert matrix_of_sums(sums) == matrix


def test_values_that_but_two_sums_read_belong_to_the_block() -> None:
    """x0 + x1 is shared, though x2 stands in two rows only: 2 + 2 + 1 additions as written."""
    matrix = whole("1 1 1", "1 1 -1", "1 1 0")
    sums = share_lines(dot_products(matrix))
    assert (additions(dot_products(matrix)), additions(sums)) == (5, 3)
    assert matrix_of_sums(sums) == matrix


def test_a_term_of_its_own_is_added_to_the_block() -> None:
    # The even rows of BT of F(6,3): three of three terms, one with d0 besides; 2 + 2 + 2 + 3 additions as written.
    matrix = whole("0 1 -17/4 1", "0 4 -5 1", "0 1/4 -5/4 1", "-1 21/4 -21/4 1")
    sums = share_lines(dot_products(matrix))
    assert (additions(dot_products(matrix)), additions(sums)) == (9, 8)
    assert matrix_of_sums(sums) == matrix


def test_multiples_within_a_block_are_no_additions() -> None:
    matrix = whole("1 2 3", "-2 -4 -6", "0 1 3/2", "1/2 1 3/2")
    sums = share_lines(dot_products(matrix))
    assert additions(sums) == 2
    assert matrix_of_sums(sums) == matrix


@given(matrices(4, 3))
def test_transposing_changes_additions_by_the_difference_of_the_sides(matrix: Matrix) -> None:
    sums = share_terms(dot_products(matrix))
    flipped = transpose(sums)
    assert matrix_of_sums(flipped) == tuple(zip(*matrix, strict=True))
    if all(map(any, matrix)) and all(map(any, zip(*matrix, strict=True))):
        assert additions(flipped) == additions(sums) + 4 - 3


def test_outputs_of_a_tall_matrix_are_inputs_of_its_transpose() -> None:
    # G of F(4,3) takes 5 additions, so its transpose takes 5 + 6 - 3.
    matrix = whole("1 0 0", "1 1 1", "1 -1 1", "1 2 4", "1 -2 4", "0 0 1")
    wide = dot_products(tuple(zip(*matrix, strict=True)))
    assert additions(transposed(share_lines)(wide)) == 8
    assert additions(share_lines(wide)) == additions(wide) == 11


@settings(max_examples=50)
@given(st.tuples(*[st.sampled_from([c for c in ENTRIES if c])] * 4))
def test_a_square_of_sums_takes_seven_additions(entries: tuple[Fraction, ...]) -> None:
    a, b, c, d = entries
    S = ((a, b), (c, d))
    assume(a * d != b * c)
    first = Sums(4, (((0, a), (2, b)), ((0, c), (2, d)), ((1, a), (3, b)), ((1, c), (3, d))), (4, 6, 5, 7))
    second = tuple(((4 + i, S[k][0]), (6 + i, S[k][1])) for i in (0, 1) for k in (0, 1))
    sums = Sums(4, first.sums + second, (8, 9, 10, 11))
    shared = share_squares(sums)
    assert matrix_of_sums(shared) == matrix_of_sums(sums)
    assert (additions(sums), additions(shared)) == (8, 7)


def test_a_sum_between_that_is_read_elsewhere_keeps_its_square() -> None:
    one = Fraction(1)
    below = (((0, one), (2, one)), ((0, one), (2, -one)), ((1, one), (3, one)), ((1, one), (3, -one)))
    above = (((4, one), (6, one)), ((4, one), (6, -one)), ((5, one), (7, one)), ((5, one), (7, -one)))
    assert additions(share_squares(Sums(4, below + above, (8, 9, 10, 11)))) == 7
    assert additions(share_squares(Sums(4, below + above, (8, 9, 10, 11, 4)))) == 8
    reader = ((4, one), (6, Fraction(3)), (0, one))  # reads both, so it can read the outputs instead
    assert additions(share_squares(Sums(4, (*below, *above, reader), (8, 9, 10, 11, 12)))) == 7 + 2


def test_roots_are_shared_by_terms_and_left_by_lines() -> None:
    matrix = exact(sympy.ImmutableMatrix([[1, ROOT, 1], [ROOT, 2, 3], [1, -ROOT, 1], [5, 5 * ROOT, 0]]))
    for rewrite in (share_terms, share_lines, transposed(share_terms), share_squares, factor):
        assert matrix_of_sums(rewrite(dot_products(matrix))) == matrix
    # 1 : √2 stands in three rows: √2 : 2 is that ratio too.
    assert additions(dot_products(matrix)) - additions(share_terms(dot_products(matrix))) == 2


@given(matrices(3, 4))
def test_a_program_is_sums_again(matrix: Matrix) -> None:
    program = expand(dot_products(matrix), "x", "y")
    assert matrix_of_sums(sums_of(program)) == matrix
    assert matrix_of_sums(without_copies(sums_of(program))) == matrix


def test_sums_of_two_magnitudes_have_no_common_factor() -> None:
    sums = dot_products(whole("2 3", "-2 3"))
    assert factor(sums) == sums
