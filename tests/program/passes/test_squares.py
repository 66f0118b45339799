"""Two sums of two along each of two axes."""

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wincook.program.passes.squares import share_squares
from wincook.program.sums import Sums, matrix_of_sums

ENTRIES = [Fraction(c) for c in ("0", "1", "-1", "2", "1/2", "-4/3")]


def additions(sums: Sums) -> int:
    return sum(len(terms) - 1 for terms in sums.sums if terms)


@settings(max_examples=20)
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


@settings(max_examples=10)
@given(st.tuples(*[st.sampled_from([c for c in ENTRIES if c])] * 6))
def test_what_else_reads_the_sums_between_computes_the_same(entries: tuple[Fraction, ...]) -> None:
    a, b, c, d, x, y = entries
    S = ((a, b), (c, d))
    assume(a * d != b * c)
    below = (((0, a), (2, b)), ((0, c), (2, d)), ((1, a), (3, b)), ((1, c), (3, d)))
    above = tuple(((4 + i, S[k][0]), (6 + i, S[k][1])) for i in (0, 1) for k in (0, 1))
    reader = ((4, x), (6, y), (0, Fraction(1)))
    sums = Sums(4, (*below, *above, reader), (8, 9, 10, 11, 12))
    assert matrix_of_sums(share_squares(sums)) == matrix_of_sums(sums)
