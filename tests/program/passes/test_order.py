"""Orders of the terms: what is added first, and that a tree adds up to what its sum did."""

import heapq
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from wincook.program.ir import Terms
from wincook.program.passes.expand import expand
from wincook.program.passes.order import as_written, ascending, huffman
from wincook.program.sums import Sums, dot_products, matrix_of_sums

ROW = (Fraction(4), Fraction(1), Fraction(-1, 2), Fraction(3))

coefficients = st.lists(st.integers(-30, 30).filter(bool).map(Fraction), min_size=1, max_size=9)


def lines(sums: Sums, *, fma: bool = True) -> list[str]:
    return str(expand(sums, "x", "y", fma=fma)).splitlines()


def test_as_written_starts_from_a_plain_term() -> None:
    assert lines(as_written(dot_products((ROW,)))) == [
        "t0 = fma(x0, 4, x1)",
        "t1 = fma(x2, -1/2, t0)",
        "y0 = fma(x3, 3, t1)",
    ]


def test_ascending_adds_the_smallest_first() -> None:
    assert lines(ascending(dot_products((ROW,)))) == [
        "t0 = x2 · -1/2",
        "t1 = t0 + x1",
        "t2 = fma(x3, 3, t1)",
        "y0 = fma(x0, 4, t2)",
    ]


def test_huffman_joins_the_two_smallest() -> None:
    # 1/2 + 1, that with 3, that with 4.
    assert lines(huffman(dot_products((ROW,)))) == [
        "t0 = fma(x2, -1/2, x1)",
        "t1 = fma(x3, 3, t0)",
        "y0 = fma(x0, 4, t1)",
    ]
    # Four of one size make two pairs.
    assert lines(huffman(dot_products(((Fraction(1),) * 4,)))) == ["t0 = x0 + x1", "t1 = x2 + x3", "y0 = t0 + t1"]


def test_a_sum_is_as_large_as_its_terms_together() -> None:
    one = Fraction(1)
    sums = Sums(3, (((0, one), (1, Fraction(5))), ((3, one), (2, Fraction(2)))), (4,))  # 6, beside 2
    assert ascending(sums).sums[1] == ((2, Fraction(2)), (3, one))


def test_without_fma_a_product_is_rounded_by_itself() -> None:
    assert lines(as_written(dot_products((ROW[:2],))), fma=False) == ["t0 = x0 · 4", "y0 = x1 + t0"]


@given(coefficients)
def test_huffman_trees_have_the_least_partial_sums(row: list[Fraction]) -> None:
    sums = huffman(dot_products((tuple(row),)))
    assert matrix_of_sums(sums) == (tuple(row),)
    assert all(len(terms) <= 2 for terms in sums.sums)
    sizes: list[Fraction] = [Fraction(1)] * len(row)
    for terms in sums.sums:
        sizes.append(size(terms, sizes))
    queue, least = [abs(c) for c in row], Fraction(0)
    heapq.heapify(queue)
    while len(queue) > 1:
        joined = heapq.heappop(queue) + heapq.heappop(queue)
        heapq.heappush(queue, joined)
        least += joined
    if len(row) > 1:
        assert sum(sizes[len(row) :]) == least


def size(terms: Terms, sizes: list[Fraction]) -> Fraction:
    return sum((Fraction(str(abs(c))) * sizes[value] for value, c in terms), Fraction(0))
