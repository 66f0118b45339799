"""Residues of integers, and integers from residues: against Python's own arithmetic and sympy's CRT."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy.ntheory.modular import crt

from tests.golden import Golden
from wincook.construct.residue.mixed_radix import reconstruct, reduce
from wincook.errors import PointsError, ShapeError

PRIMES = [3, 5, 7, 13, 127, 239, 241, 251, 257, 8191, 65519, 65521, 2**31 - 1]


@pytest.mark.slow
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1), st.sampled_from(PRIMES))
def test_residues_are_symmetric_and_congruent_on_all_of_int64(numbers: list[int], prime: int) -> None:
    residues = reduce(np.array(numbers, dtype=np.int64), prime)
    for residue, number in zip(residues.tolist(), numbers, strict=True):
        assert (residue - number) % prime == 0
        assert 2 * abs(residue) < prime


@pytest.mark.slow
@given(st.lists(st.sampled_from(PRIMES), min_size=1, max_size=6, unique=True), st.data())
def test_every_integer_below_half_the_product_comes_back(primes: list[int], data: st.DataObject) -> None:
    most = (prod(primes) - 1) // 2
    numbers = [-most, most, 0, *data.draw(st.lists(st.integers(-most, most)))]
    residues = [np.array([(y + p // 2) % p - p // 2 for y in numbers], dtype=np.int64) for p in primes]
    y_again = reconstruct(residues, primes)
    assert y_again.tolist() == numbers
    assert y_again.dtype == (np.int64 if prod(primes) < 2**64 else object)
    theirs = [crt(primes, [int(row[k]) for row in residues], symmetric=True)[0] for k in range(len(numbers))]
    assert y_again.tolist() == theirs


@pytest.mark.parametrize("shape", [(), (0,), (2, 3, 1)])
def test_shapes_are_kept(shape: tuple[int, ...]) -> None:
    y = np.full(shape, -1234)
    y_again = reconstruct([reduce(y, p) for p in (61, 59)], (61, 59))
    assert y_again.shape == shape
    np.testing.assert_array_equal(y_again, y)


LARGEST = 4294967291  # of the primes below 2^32; the next is 4294967311


def test_primes_go_up_to_two_to_the_32nd(golden: Golden) -> None:
    y = np.array([-(2**61), -1, 0, 5, 2**61], dtype=np.int64)
    again = reconstruct([reduce(y, p) for p in (LARGEST, 2**31 - 1)], (LARGEST, 2**31 - 1))
    np.testing.assert_array_equal(again, y)
    with golden.raises(PointsError, match="at most 4294967296"):
        reduce(y, 4294967311)
    with golden.raises(PointsError, match="primes 4294967311 must be different odd ones below 2"):
        reconstruct([y], (4294967311,))


@pytest.mark.parametrize("primes", [(2, 3), (5, 5), (3, 4294967311)])
def test_primes_are_odd_different_and_not_too_large(primes: tuple[int, ...], golden: Golden) -> None:
    with golden.raises(PointsError, match="must be different odd ones"):
        reconstruct([np.zeros(2, int)] * 2, primes)


@pytest.mark.parametrize(
    ("primes", "shapes"), [((), ()), ((3,), ((2,), (2,))), ((3, 5), ((2,),)), ((3, 5), ((2,), (3,)))]
)
def test_there_is_one_array_for_each_prime(
    primes: tuple[int, ...], shapes: tuple[tuple[int, ...], ...], golden: Golden
) -> None:
    with golden.raises(ShapeError, match=f"{len(primes)} primes do not fit residues of shapes"):
        reconstruct([np.zeros(shape, int) for shape in shapes], primes)


@pytest.mark.parametrize("primes", [(2**31 - 1, LARGEST), (2**31 - 1, LARGEST, 3)])
def test_python_integers_come_where_the_product_is_beyond_int64(primes: tuple[int, ...]) -> None:
    again = reconstruct([np.array([1])] * len(primes), primes)
    assert again.dtype == (np.int64 if len(primes) == 2 else object)
