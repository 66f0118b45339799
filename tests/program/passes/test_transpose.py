"""The transposed sums: their matrix, and how many additions they take."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from wincook.program.linear_forms import Matrix
from wincook.program.passes.blocks import share_lines
from wincook.program.passes.common import share_terms
from wincook.program.passes.transpose import transpose, transposed
from wincook.program.sums import Sums, dot_products, matrix_of_sums

ENTRIES = [Fraction(c) for c in ("0", "1", "-1", "2", "1/2", "-4/3")]


def matrix_of_rows(*rows: str) -> Matrix:
    return tuple(tuple(Fraction(word) for word in row.split()) for row in rows)


def additions(sums: Sums) -> int:
    return sum(len(terms) - 1 for terms in sums.sums if terms)


def matrices(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    return st.tuples(*[st.tuples(*[st.sampled_from(ENTRIES)] * columns)] * rows)


@given(matrices(4, 3))
def test_transposing_changes_additions_by_the_difference_of_the_sides(matrix: Matrix) -> None:
    sums = share_terms(dot_products(matrix))
    flipped = transpose(sums)
    assert matrix_of_sums(flipped) == tuple(zip(*matrix, strict=True))
    if all(map(any, matrix)) and all(map(any, zip(*matrix, strict=True))):
        assert additions(flipped) == additions(sums) + 4 - 3


def test_outputs_of_a_tall_matrix_are_inputs_of_its_transpose() -> None:
    # G of F(4,3) takes 5 additions, so its transpose takes 5 + 6 - 3.
    matrix = matrix_of_rows("1 0 0", "1 1 1", "1 -1 1", "1 2 4", "1 -2 4", "0 0 1")
    wide = dot_products(tuple(zip(*matrix, strict=True)))
    assert additions(transposed(share_lines)(wide)) == 8
    assert additions(share_lines(wide)) == additions(wide) == 11
