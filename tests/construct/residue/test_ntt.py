"""Number-theoretic transforms: against plain DFT matrices modulo p, and against sympy's."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy.discrete.transforms import ntt as sympy_ntt

from tests.golden import Golden
from wincook.construct import algorithm
from wincook.construct.residue.modular import modular
from wincook.construct.residue.ntt import Constants, constants, ntt, roots_of_unity
from wincook.errors import AlgorithmError, PointsError
from wincook.points import Points
from wincook.tile import Tile

FERMAT, MERSENNE = (5, 17, 257, 65537), (7, 31, 127, 8191, 2**31 - 1)
FIELDS = [(n, p) for p in (*FERMAT, *MERSENNE, 11, 13, 97, 241, 251) for n in sympy.divisors(p - 1) if 1 < n <= 20]


def integers(points: Points) -> list[int]:
    return [int(str(point)) for point in points]


@given(st.sampled_from(FIELDS))
def test_the_roots_are_all_roots_as_powers_of_one(field: tuple[int, int]) -> None:
    number, prime = field
    roots = integers(roots_of_unity(number, prime))
    w = roots[1]
    assert [root % prime for root in roots] == [pow(w, k, prime) for k in range(number)]
    assert len(set(roots)) == number
    assert pow(w, number, prime) == 1


@pytest.mark.slow
@given(st.sampled_from(FIELDS), st.data())
def test_the_matrices_are_discrete_fourier_transforms(field: tuple[int, int], data: st.DataObject) -> None:
    n, prime = field
    r = data.draw(st.integers(1, n))
    bilinear = ntt(Tile((n + 1 - r,), (r,)), prime)
    bilinear.verify()
    assert bilinear.multiplications == n
    w = integers(roots_of_unity(n, prime))[1]
    inverse = pow(n, -1, prime)
    axis = bilinear.axes[0]
    for matrix, expected in (
        (axis.AT, lambda i, k: pow(w, i * k, prime)),
        (axis.G, lambda k, j: inverse * pow(w, k * (j + 1), prime)),
        (axis.BT, lambda k, l: pow(w, -k * (l + 1), prime)),
    ):
        assert all(
            (int(matrix[a, b]) - expected(a, b)) % prime == 0 for a in range(matrix.rows) for b in range(matrix.cols)
        )


def test_the_filter_transform_is_sympys_up_to_the_turn() -> None:
    """sympy chooses its own root of unity, so the transforms are compared as sets of (root, value)."""
    n, prime = 8, 97
    bilinear = ntt("F(6,3)", prime)
    g = [3, -1, 4]
    w = pow(int(sympy.primitive_root(prime)), (prime - 1) // n, prime)
    theirs = {(pow(w, k, prime), value) for k, value in enumerate(sympy_ntt(g + [0] * (n - 3), prime))}
    G = np.array(bilinear.axes[0].G.tolist(), dtype=object)
    roots = integers(bilinear.points[0])
    ours = {(a % prime, int(n * pow(a, -1, prime) * u) % prime) for a, u in zip(roots, G @ g, strict=True)}
    assert ours == theirs


@pytest.mark.parametrize(("prime", "n"), [(5, 4), (17, 8), (257, 16), (65537, 32), (7, 6), (127, 14), (8191, 26)])
def test_fermat_and_mersenne_primes_shift_as_long_as_the_order_of_two_reaches(prime: int, n: int) -> None:
    """n = 2b, the order of 2 modulo 2^b + 1, and of -2 modulo 2^b - 1."""
    bilinear = ntt(Tile((n - 2,), (3,)), prime)
    powers = {sign * 2**j % prime for j in range(prime.bit_length()) for sign in (1, -1)}
    for matrix in (bilinear.axes[0].AT, bilinear.axes[0].BT):
        assert {int(entry) % prime for entry in matrix} <= powers
    assert constants(bilinear, "AT", "BT").multiplications == 0


@pytest.mark.parametrize(("prime", "multiplications"), [(257, 0), (127, 14 * 3)])
def test_the_filter_transform_shifts_too_where_n_is_a_power_of_two(prime: int, multiplications: int) -> None:
    n = 2 * (prime.bit_length() - (prime in FERMAT))
    assert constants(ntt(Tile((n - 2,), (3,)), prime), "G").multiplications == multiplications


def test_beyond_the_order_of_two_a_root_is_no_shift() -> None:
    assert constants(ntt("F(30,3)", 257)).multiplications > 0
    ntt("F(30,3)", 257).verify()


def test_default_points_multiply_where_roots_of_unity_shift() -> None:
    default, fourier = constants(modular("F(14,3)", 257)), constants(ntt("F(14,3)", 257))
    assert fourier == Constants(zeros=0, signs=162, shifts=366, multiplications=0)
    assert default.multiplications > 300
    assert constants(modular("F(14,3)", 251)).shifts == 0


@pytest.mark.parametrize(("tile", "prime"), [("F(2x6,3x3)", 17), ("F(2x2x2,1x3x1)", 13)])
def test_every_axis_takes_its_own_roots(tile: str, prime: int) -> None:
    bilinear = ntt(tile, prime)
    bilinear.verify()
    assert [len(points) for points in bilinear.points] == list(bilinear.tile.inputs)


@pytest.mark.parametrize(
    ("number", "prime", "message"),
    [
        (6, 17, r"x\^6.*1.*17.*6.*16.*7.*13.*19"),
        (17, 17, r"103.*137.*239"),
        (4, 15, "15"),
        (0, 17, r"number = 0.*1"),
        (-2, 17, "number = -2"),
    ],
)
def test_bad_input_is_named(number: int, prime: int, message: str, golden: Golden) -> None:
    with golden.raises(PointsError, match=message):
        roots_of_unity(number, prime)


def test_costs_modulo_a_prime_are_of_algorithms_modulo_a_prime(golden: Golden) -> None:
    with golden.raises(AlgorithmError):
        constants(algorithm("F(2,3)"))
